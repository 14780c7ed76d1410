//! Pages of several figures: the same network at different settings or times, and what a network does with flowers.

use super::axis::{Axis, Scale};
use super::figure::{Aspect, Figure, Frame, Mark, Page, Point};
use super::figures::{decision_map, extent, loss_curves, widened};
use super::heat::shaded;
use super::regions::PlanarNetwork;
use crate::dataset::Dataset;
use crate::order::position_of_least;

/// The names of the classes of the Iris data.
pub const FLOWERS: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// What a network with two inputs predicts everywhere around a dataset: the exact region of each class, darker where it is
/// sure, lines where hidden units switch, and the samples, ringed where the prediction is wrong.
#[must_use]
pub fn data_map<const K: usize>(
    title: &str,
    subtitle: &str,
    network: &PlanarNetwork,
    data: &Dataset<2, K>,
) -> Figure {
    let points: Vec<_> = data.samples().iter().copied().zip(data.labels().iter().copied()).collect();
    let names: Vec<String> = (0..K).map(|class| format!("class {class}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    decision_map(title, subtitle, &names, network, &points)
}

/// The decision maps of several networks on the same points, each with a caption.
#[must_use]
pub fn decision_maps<const K: usize>(
    title: &str,
    subtitle: &str,
    data: &Dataset<2, K>,
    networks: &[(String, PlanarNetwork)],
) -> Page {
    let map = |(caption, network): &(String, PlanarNetwork)| {
        let mut map = data_map("", caption, network, data);
        map.frame = Frame::Box;
        map.marks.retain(|mark| !matches!(mark, Mark::Segments { .. }));
        map
    };
    let captions: Vec<&str> = networks.iter().map(|(caption, _)| caption.as_str()).collect();
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Decision regions: {}.", captions.join("; ").replace('\n', ", ")),
        columns: networks.len().min(3),
        panels: networks.iter().map(map).collect(),
    }
}

/// Training and validation losses of several runs, from epoch 0 on, each with a caption, one above the other on the same
/// axes: those of the first. A line marks the lowest validation loss.
#[must_use]
pub fn loss_pages(title: &str, subtitle: &str, runs: &[(String, [Vec<f64>; 2])]) -> Page {
    let panel = |(caption, [training, validation]): &(String, [Vec<f64>; 2])| {
        let curves = [("training", &training[..]), ("validation", &validation[..])];
        let best = position_of_least(validation)
            .map(|epoch| Mark::VerticalLine { label: "lowest validation loss".to_owned(), x: epoch as f64 });
        loss_curves("", caption, 0, &curves, best.into_iter().collect())
    };
    let mut panels: Vec<Figure> = runs.iter().map(panel).collect();
    if let [first, others @ ..] = &mut panels[..] {
        first.aspect = Aspect::Share(0.4);
        for panel in others {
            (panel.x, panel.y, panel.aspect) = (first.x.clone(), first.y.clone(), first.aspect);
        }
    }
    let captions: Vec<&str> = runs.iter().map(|(caption, _)| caption.as_str()).collect();
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Training and validation loss over epochs: {}.", captions.join("; ")),
        columns: 1,
        panels,
    }
}

/// Petal length against petal width of datasets with captions, the flowers that the network takes for another ringed.
/// `predicted` are the classes that it gives them.
#[must_use]
pub fn petals(title: &str, subtitle: &str, groups: &[(&str, &Dataset<4, 3>, Vec<usize>)]) -> Page {
    // Sepal length, sepal width, petal length, petal width.
    let place = |flower: &[f64; 4]| -> Point { [flower[2], flower[3]] };
    let all: Vec<Point> = groups.iter().flat_map(|(_, data, _)| data.samples().iter().map(place)).collect();
    let [x_range, y_range] = [0, 1].map(|axis| widened(extent(all.iter().map(|at| at[axis])), 0.08));
    let panel = |(caption, data, predicted): &(&str, &Dataset<4, 3>, Vec<usize>)| {
        let of = |keep: &dyn Fn(usize) -> bool| -> Vec<Point> {
            (0..data.len()).filter(|&n| keep(n)).map(|n| place(&data.samples()[n])).collect()
        };
        let wrong = of(&|n| predicted[n] != data.labels()[n]);
        let mut marks: Vec<Mark> = (0..3)
            .map(|class| Mark::Scatter {
                label: FLOWERS[class].to_owned(),
                class,
                points: of(&|n| data.labels()[n] == class),
            })
            .collect();
        let caption = format!("{caption}: {} of {} right", data.len() - wrong.len(), data.len());
        marks.push(Mark::Rings { label: "misclassified".to_owned(), points: wrong });
        Figure {
            title: String::new(),
            subtitle: caption,
            description: String::new(),
            x: Axis::new("petal length, cm", x_range, Scale::Linear),
            y: Axis::new("petal width, cm", y_range, Scale::Linear),
            aspect: Aspect::Share(1.0),
            frame: Frame::Axes,
            marks,
        }
    };
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: "Petal length against petal width, with the misclassified flowers ringed.".to_owned(),
        columns: 2,
        panels: groups.iter().map(panel).collect(),
    }
}

/// How many samples of each class (rows) the network gives each class (columns).
#[must_use]
pub fn confusion(title: &str, subtitle: &str, names: &[&str], counts: &[Vec<usize>]) -> Figure {
    let classes = names.len() as f64;
    let share = |counts: &Vec<usize>| -> Vec<(f64, String)> {
        let all = counts.iter().sum::<usize>().max(1) as f64;
        counts.iter().map(|&count| (count as f64 / all, count.to_string())).collect()
    };
    let mut marks = shaded(&counts.iter().map(share).collect::<Vec<_>>());
    let mut notes = Vec::new();
    for (class, &name) in names.iter().enumerate() {
        notes.push(([-0.55, classes - class as f64 - 0.5], name.to_owned()));
        notes.push(([class as f64 + 0.5, classes + 0.2], name.to_owned()));
    }
    notes.push(([classes / 2.0, classes + 0.5], "predicted".to_owned()));
    notes.push(([-0.55, classes + 0.2], "true class".to_owned()));
    marks.push(Mark::Notes { notes });
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Confusion matrix: {counts:?}, one row for each of {}.", names.join(", ")),
        x: Axis::new("", [-1.1, classes + 0.05], Scale::Linear),
        y: Axis::new("", [-0.05, classes + 0.7], Scale::Linear),
        aspect: Aspect::Share(0.6),
        frame: Frame::Nothing,
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::super::regions::{Affine, HiddenUnit};
    use super::*;

    #[test]
    fn a_confusion_matrix_has_a_row_for_each_class_shaded_by_its_share() {
        let figure = confusion("", "", &["a", "b"], &[vec![3, 1], vec![0, 0]]);
        let [Mark::Tiles { tiles }, _, Mark::Notes { notes }, Mark::Notes { notes: names }] =
            &figure.marks[..]
        else {
            panic!("tiles, lines, counts and names")
        };
        assert_eq!(tiles.iter().map(|tile| tile.shade).collect::<Vec<_>>(), [0.375, 0.125, 0.0, 0.0]);
        let at = |x: f64, y: f64| {
            notes.iter().chain(names).find(|(at, _)| *at == [x, y]).map(|(_, text)| text.as_str())
        };
        assert_eq!(
            [at(0.5, 1.5), at(1.5, 1.5), at(0.5, 0.5), at(1.5, 0.5)],
            [Some("3"), Some("1"), Some("0"), Some("0")]
        );
        assert_eq!([at(-0.55, 1.5), at(-0.55, 0.5)], [Some("a"), Some("b")]);
    }

    #[test]
    fn petals_ring_the_misclassified_and_count_the_others() {
        let data = Dataset::parse("a", b"1,2,3,4,0\n1,2,5,6,1\n1,2,7,8,2\n").unwrap();
        let page = petals("", "", &[("some", &data, vec![0, 2, 2])]);
        assert_eq!(page.panels[0].subtitle, "some: 2 of 3 right");
        let rings = page.panels[0].marks.iter().find_map(|mark| match mark {
            Mark::Rings { points, .. } => Some(points.clone()),
            _ => None,
        });
        assert_eq!(rings, Some(vec![[5.0, 6.0]]));
        assert!(matches!(&page.panels[0].marks[2], Mark::Scatter { points, .. } if *points == [[7.0, 8.0]]));
    }

    #[test]
    fn maps_on_a_page_show_all_but_where_units_switch() {
        let unit =
            |slope| HiddenUnit { pre_activation: Affine { slope, offset: 0.0 }, outgoing: vec![0.0, 1.0] };
        let scores = vec![Affine { slope: [0.0; 2], offset: 0.0 }; 2];
        let network = PlanarNetwork { scores, units: vec![unit([1.0, 0.0])] };
        let data = Dataset::<2, 2>::parse("a", b"-1,1,0\n1,1,1\n1,-1,1\n").unwrap();
        let alone = data_map("", "caption", &network, &data);
        let page = decision_maps("", "", &data, &[("caption".to_owned(), network)]);
        let is_segments = |mark: &Mark| matches!(mark, Mark::Segments { .. });
        assert!(alone.marks.iter().any(is_segments));
        let others: Vec<&Mark> = alone.marks.iter().filter(|mark| !is_segments(mark)).collect();
        assert_eq!(page.panels[0].marks.iter().collect::<Vec<_>>(), others);
    }

    #[test]
    fn runs_on_a_page_share_the_axes_of_the_first() {
        let runs =
            [("a".to_owned(), [vec![9.0, 0.01], vec![8.0, 1.0]]), ("b".to_owned(), [vec![1.0], vec![2.0]])];
        let page = loss_pages("", "", &runs);
        assert_eq!((&page.panels[1].x, &page.panels[1].y), (&page.panels[0].x, &page.panels[0].y));
        let marked = |panel: &Figure| {
            panel.marks.iter().find_map(|mark| match mark {
                Mark::VerticalLine { x, .. } => Some(*x),
                _ => None,
            })
        };
        assert_eq!([marked(&page.panels[0]), marked(&page.panels[1])], [Some(1.0), Some(0.0)]);
    }
}
