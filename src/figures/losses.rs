//! The figures that the problems of the handout need.

use super::axis::{Axis, Scale};
use super::figure::{Aspect, Figure, Frame, Mark, Point};
use super::outlines::outlines;
use super::regions::{PlanarNetwork, confident_regions, decision_regions, switching_lines};
use crate::gradient_check::{Check, EPSILON, THRESHOLD};
use crate::model::Model;
use crate::order::{larger, smaller};

/// Curves with no more points than this get a marker at each.
const FEW: usize = 16;

/// The probability from which a class gets the stronger tint.
const CONFIDENT: f64 = 0.9;

/// Loss over epochs, one curve for each label, superimposed. The first loss of each is drawn at `first_epoch`: it
/// is the loss before the first update. The references, such as a known optimum, lie behind the curves.
///
/// The loss axis is logarithmic if all losses are positive and span more than a factor of 30. A loss that is not finite
/// (or beyond ±1e300) leaves a gap.
#[must_use]
pub fn loss_curves(
    title: &str,
    subtitle: &str,
    first_epoch: usize,
    curves: &[(&str, &[f64])],
    references: Vec<Mark>,
) -> Figure {
    let curve_losses = curves.iter().flat_map(|&(_, losses)| losses.iter().copied());
    let reference_losses = references.iter().flat_map(|mark| match mark {
        Mark::HorizontalLine { y, .. } => vec![*y],
        Mark::Band { low, high, .. } => low.iter().chain(high).map(|point| point[1]).collect(),
        _ => Vec::new(),
    });
    let [low, high] = extent(curve_losses.chain(reference_losses).filter(|loss| drawable(*loss)));
    let log = low > 0.0 && high / low > 30.0;
    let y = if log {
        Axis::new("loss", [larger(low / 1.3, 1e-301), high * 1.3], Scale::Log)
    } else {
        let range = widened([low, high], 0.05);
        // From zero where that costs no more than half of the height: lengths can then be compared.
        let from = if (0.0..=0.5 * high).contains(&low) { 0.0 } else { range[0] };
        Axis::new("loss", [from, range[1]], Scale::Linear)
    };
    let longest = curves.iter().map(|(_, losses)| losses.len()).max().unwrap_or(0);
    // Room for at least five, or ticks would fall between epochs.
    let last = first_epoch + longest.max(5) - 1;
    let x = Axis::new("epoch", widened([first_epoch as f64, last as f64], 0.02), Scale::Linear);
    let line = |(series, &(label, losses)): (usize, &(&str, &[f64]))| Mark::Line {
        label: label.to_owned(),
        series,
        dotted: losses.len() <= FEW,
        points: (first_epoch..)
            .zip(losses)
            .map(|(epoch, &loss)| [epoch as f64, if drawable(loss) { loss } else { f64::NAN }])
            .collect(),
    };
    let ends = curves.iter().filter_map(|&(label, losses)| {
        let (first, last) = (losses.first()?, losses.last()?);
        Some(format!(" {label}: from {first:.4} to {last:.4} in {} epochs.", losses.len() - 1))
    });
    let marks = references.into_iter().chain(curves.iter().enumerate().map(line)).collect();
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Loss over epochs.{}", ends.collect::<String>()),
        x,
        y,
        aspect: Aspect::Usual,
        frame: Frame::Axes,
        marks,
    }
}

/// The largest error of a gradient check for ε from 10⁻¹ to 10⁻¹², evaluated as the check does it and as Eq. 5 stands.
///
/// On the left of the valley of the plain difference its rounding errors grow like 1/ε, on the right of it the error of
/// Eq. 5 like ε².
#[must_use]
pub fn check_errors<M: Model<D, K>, const D: usize, const K: usize>(
    title: &str,
    subtitle: &str,
    check: &Check<M, D, K>,
) -> Figure {
    let epsilons = || (4..=40).map(|power| 1.0 / (1_u64 << power) as f64);
    let curve = |label: &str, series: usize, error: &dyn Fn(f64) -> f64| Mark::Line {
        label: label.to_owned(),
        series,
        dotted: true,
        points: epsilons().map(|epsilon| [epsilon, error(epsilon)]).collect(),
    };
    let marks = vec![
        Mark::HorizontalLine { label: "largest error called CORRECT".to_owned(), y: THRESHOLD },
        Mark::VerticalLine { label: "ε of the check".to_owned(), x: EPSILON },
        curve("J(θ + ε) − J(θ − ε) as it stands", 1, &|epsilon| {
            check.error_of_plain_difference(epsilon)
        }),
        curve("evaluated without cancellation", 0, &|epsilon| check.error(epsilon)),
    ];
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: "Largest relative error of the gradient over ε: for large ε both ways of evaluating the \
                      difference err alike, by the order of ε²; for small ε rounding errors grow in the plain one alone."
            .to_owned(),
        x: Axis::new("ε", [5e-13, 0.1], Scale::Log),
        y: Axis::new("relative error", [1e-17, 1.0], Scale::Log),
        aspect: Aspect::Usual,
        frame: Frame::Axes,
        marks,
    }
}

/// What a network with two inputs predicts everywhere around the data: the exact region of each class, faint lines
/// where hidden units switch, and the data, each point a pair of place and class, ringed where the prediction is
/// wrong.
///
/// The range is that of the data with a margin. Points that are not finite (or beyond ±1e300) are left out.
///
/// # Panics
///
/// If there is not one name for each class of the network, or a point's class has none.
#[must_use]
pub(super) fn decision_map(
    title: &str,
    subtitle: &str,
    class_names: &[&str],
    network: &PlanarNetwork,
    points: &[(Point, usize)],
) -> Figure {
    assert_eq!(class_names.len(), network.scores.len(), "class names and classes differ in number");
    let points = || points.iter().filter(|(at, _)| at.iter().all(|&value| drawable(value)));
    let places: Vec<Point> = points().map(|&(at, _)| at).collect();
    let [x_range, y_range] = ranges(&places);
    let mut marks = Vec::new();
    for (confident, regions) in [
        (false, decision_regions(network, x_range, y_range)),
        (true, confident_regions(network, x_range, y_range, CONFIDENT)),
    ] {
        for (class, rings) in outlines(&regions).into_iter().enumerate() {
            let label =
                if confident && class == 0 { format!("darker: p ≥ {CONFIDENT}") } else { String::new() };
            marks.push(Mark::Region { label, class, confident, rings });
        }
    }
    let segments = switching_lines(network, x_range, y_range);
    if !segments.is_empty() {
        marks.push(Mark::Segments { label: "hidden unit switches".to_owned(), segments });
    }
    let mut classes = vec![Vec::new(); class_names.len()];
    let mut wrong = Vec::new();
    for &(at, class) in points() {
        classes[class].push(at);
        if network.classify(at) != class {
            wrong.push(at);
        }
    }
    let (count, mistakes) = (places.len(), wrong.len());
    for (class, (points, name)) in classes.into_iter().zip(class_names).enumerate() {
        marks.push(Mark::Scatter { label: (*name).to_owned(), class, points });
    }
    let label = if mistakes > 0 { "misclassified" } else { "" };
    marks.push(Mark::Rings { label: label.to_owned(), points: wrong });
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!(
            "Decision regions of {} classes ({}) with {count} points, {mistakes} of them misclassified.",
            class_names.len(),
            class_names.join(", ")
        ),
        x: Axis::new("x₁", x_range, Scale::Linear),
        y: Axis::new("x₂", y_range, Scale::Linear),
        aspect: Aspect::Equal,
        frame: Frame::Axes,
        marks,
    }
}

/// Whether an axis can reach `value`.
pub(super) fn drawable(value: f64) -> bool {
    value.abs() <= 1e299
}

/// The least and the greatest of the values; 0 and 1 if there are none.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values
        .map(|value| [value, value])
        .reduce(|[a, b], [c, d]| [smaller(a, c), larger(b, d)])
        .unwrap_or([0.0, 1.0])
}

/// The range with a `share` of its length added at both ends; a single value is given room to stand in.
pub(super) fn widened([low, high]: [f64; 2], share: f64) -> [f64; 2] {
    let largest = larger(low.abs(), high.abs());
    let narrowest = if largest > 1e-290 { 1e-9 * largest } else { 1.0 };
    let margin = if high - low > narrowest { share * (high - low) } else { 0.1 * larger(largest, narrowest) };
    [low - margin, high + margin]
}

/// The ranges of the data on both axes with a margin that is as wide at the sides as above and below.
fn ranges(points: &[Point]) -> [[f64; 2]; 2] {
    let [x, y] = [0, 1].map(|axis| widened(extent(points.iter().map(|at| at[axis])), 0.0));
    let margin = 0.12 * larger(x[1] - x[0], y[1] - y[0]);
    [x, y].map(|[low, high]| [low - margin, high + margin])
}

#[cfg(test)]
mod tests {
    use super::super::regions::tests::Numbers;
    use super::super::regions::{Affine, HiddenUnit};
    use super::super::svg;
    use super::*;
    use crate::dataset::Dataset;
    use crate::model::{Init, Spread};
    use crate::rng::Rng;
    use crate::softmax_regression::SoftmaxRegression;

    #[test]
    fn the_loss_axis_is_logarithmic_if_positive_losses_span_a_factor_of_30() {
        for (losses, scale) in [
            (vec![30.1, 1.0], Scale::Log),
            (vec![30.0, 1.0], Scale::Linear),
            (vec![1.0, 0.001, 0.0], Scale::Linear),
            (vec![1.0, 0.001, -1.0], Scale::Linear),
            (vec![1.0, f64::NAN, 1e-320], Scale::Log),
            (vec![1e299, f64::INFINITY, 1e-299], Scale::Log),
        ] {
            assert_eq!(
                loss_curves("", "", 0, &[("training", &losses)], vec![]).y.scale(),
                scale,
                "{losses:?}"
            );
        }
    }

    #[test]
    fn every_loss_has_a_place_on_the_axes() {
        let cases: [&[f64]; 9] = [
            &[],
            &[0.7],
            &[0.0],
            &[-3.0; 4],
            &[1.0, 1.0 + 1e-16],
            &[1e-310, 2e-310],
            &[f64::NAN],
            &[1e299, -1e299, f64::INFINITY, 1e305],
            &[5e-324, 1e299],
        ];
        for losses in cases {
            let figure = loss_curves(
                "",
                "",
                0,
                &[("training", losses), ("validation", &losses[..losses.len() / 2])],
                vec![],
            );
            for mark in &figure.marks {
                let Mark::Line { points, .. } = mark else { panic!("a curve is a line") };
                for point in points.iter().filter(|point| point[1].is_finite()) {
                    let [x, y] = [figure.x.position(point[0]), figure.y.position(point[1])];
                    assert!((0.0..=1.0).contains(&x), "epoch {} at {x}", point[0]);
                    // A subnormal loss may lie below the lowest axis there is.
                    assert!((0.0..=1.0).contains(&y) || point[1] < 1e-300, "loss {} at {y}", point[1]);
                }
            }
            assert!(svg(&figure).ends_with("</svg>\n"));
        }
    }

    #[test]
    fn the_axes_reach_a_little_beyond_the_losses() {
        let ranges = |losses: &[f64]| {
            let figure = loss_curves("", "", 3, &[("", losses)], vec![]);
            [figure.x.range(), figure.y.range()]
        };
        assert_eq!(ranges(&[2.0, 0.002])[1], [0.002 / 1.3, 2.0 * 1.3]);
        assert_eq!(ranges(&[4.0, 3.0])[1], [3.0 - 0.05, 4.0 + 0.05]);
        // From zero, as the axis is then at most twice as long.
        assert_eq!(ranges(&[4.0, 2.0])[1], [0.0, 4.0 + 0.05 * 2.0]);
        assert_eq!(ranges(&[1.0; 10])[0], [3.0 - 0.02 * 9.0, 12.0 + 0.02 * 9.0]);
    }

    #[test]
    fn a_range_without_length_is_given_room() {
        assert_eq!(widened([5.0, 5.0], 0.05), [4.5, 5.5]);
        assert_eq!(widened([0.0, 0.0], 0.05), [-0.1, 0.1]);
        assert_eq!(widened([1000.0, 1000.0 + 1e-7], 0.05), [900.0 - 1e-8, 1100.0 + 1.1e-7]);
        assert_eq!(widened([0.25, 0.5], 0.5), [0.125, 0.625]);
    }

    #[test]
    fn the_margin_of_a_map_is_a_share_of_its_longer_side() {
        assert_eq!(ranges(&[[0.0, 1.0], [10.0, 4.0]]), [[-1.2, 11.2], [1.0 - 1.2, 4.0 + 1.2]]);
        assert_eq!(ranges(&[[0.0, 1.0], [3.0, 11.0]]), [[-1.2, 3.0 + 1.2], [1.0 - 1.2, 11.0 + 1.2]]);
    }

    #[test]
    fn what_stands_beside_the_losses_has_a_place_on_their_axis() {
        let band =
            Mark::Band { label: String::new(), series: 4, low: vec![[0.0, -1.0]], high: vec![[0.0, 9.0]] };
        let line = Mark::HorizontalLine { label: String::new(), y: 12.0 };
        let y = loss_curves("", "", 0, &[("training", &[2.0, 1.0])], vec![band, line]).y;
        assert!([-1.0, 9.0, 12.0].iter().all(|&loss| (0.0..=1.0).contains(&y.position(loss))), "{y:?}");
    }

    #[test]
    fn the_errors_of_a_check_are_drawn_over_powers_of_two() {
        let data = Dataset::parse("a", b"1,2,0\n3,4,1\n").unwrap();
        let init = Init { weights: Spread::He, bias: 0.1 };
        let check = Check::<SoftmaxRegression<2, 2>, 2, 2>::new(&init, &mut Rng::new(1), &data);
        let figure = check_errors("", "", &check);
        let [.., Mark::Line { points: plain, .. }, Mark::Line { points, .. }] = &figure.marks[..] else {
            panic!("two curves")
        };
        let mut epsilon = 1.0 / 16.0;
        for (plain, &at) in plain.iter().zip(points) {
            assert_eq!(*plain, [epsilon, check.error_of_plain_difference(epsilon)]);
            assert_eq!(at, [epsilon, check.error(epsilon)]);
            epsilon /= 2.0;
        }
        assert_eq!(epsilon, 0.5 / (1_u64 << 40) as f64);
    }

    #[test]
    fn no_tick_falls_between_epochs() {
        for length in 0..100 {
            let figure = loss_curves("", "", 0, &[("training", &vec![0.5; length])], vec![]);
            assert!(figure.x.ticks().iter().all(|tick| tick.value.fract() == 0.0), "{length} epochs");
        }
    }

    #[test]
    fn a_short_curve_has_dots_and_a_long_one_none() {
        for (length, expected) in [(1, true), (16, true), (17, false)] {
            let figure = loss_curves("", "", 0, &[("training", &vec![0.5; length])], vec![]);
            assert!(matches!(figure.marks[0], Mark::Line { dotted, .. } if dotted == expected));
        }
    }

    #[test]
    fn a_decision_map_rings_exactly_the_misclassified_points() {
        let mut numbers = Numbers::new(10);
        let network = numbers.network(6, 3, 0.0);
        let points: Vec<_> = (0..50).map(|n| (numbers.point(), n % 3)).collect();
        let figure = decision_map("", "", &["a", "b", "c"], &network, &points);
        let wrong: Vec<Point> =
            points.iter().filter(|&&(at, class)| network.classify(at) != class).map(|&(at, _)| at).collect();
        assert!(!wrong.is_empty() && wrong.len() < 50);
        assert!(
            figure.marks.iter().any(|mark| matches!(mark, Mark::Rings { points, .. } if *points == wrong))
        );
        assert!(figure.description.ends_with(&format!("50 points, {} of them misclassified.", wrong.len())));
    }

    #[test]
    fn the_legend_of_a_map_names_what_is_on_it() {
        let labels = |network: &PlanarNetwork, points: &[(Point, usize)]| {
            let figure = decision_map("", "", &["a", "b", "c"], network, points);
            let labels = figure.marks.iter().map(|mark| mark.label().to_owned());
            labels.filter(|label| !label.is_empty()).collect::<Vec<_>>()
        };
        // Class b on the right, class c nowhere.
        let level = |offset| Affine { slope: [0.0; 2], offset };
        let scores = vec![level(0.0), Affine { slope: [1.0, 0.0], offset: 0.0 }, level(-9.0)];
        let line = PlanarNetwork { scores, units: Vec::new() };
        assert_eq!(labels(&line, &[([-1.0, 0.0], 0), ([1.0, 0.0], 1)]), ["darker: p ≥ 0.9", "a", "b", "c"]);
        assert_eq!(labels(&line, &[([1.0, 0.0], 0)]), ["darker: p ≥ 0.9", "a", "b", "c", "misclassified"]);
        let unit = HiddenUnit { pre_activation: line.scores[1], outgoing: vec![0.0, 1.0, 0.0] };
        let network = PlanarNetwork { units: vec![unit], ..line };
        let expected = ["darker: p ≥ 0.9", "hidden unit switches", "a", "b", "c"];
        assert_eq!(labels(&network, &[([-1.0, 0.0], 0), ([1.0, 0.0], 1)]), expected);
    }

    #[test]
    fn every_point_has_a_place_on_the_map_and_the_map_exists_without_points() {
        let network = Numbers::new(11).network(6, 2, 0.0);
        let cases: [&[(Point, usize)]; 4] = [
            &[],
            &[([3.0, 3.0], 1)],
            &[([0.0, 5.0], 0), ([0.0, 6.0], 1)],
            &[([f64::NAN, 0.0], 0), ([1e299, 1.0], 1), ([-1e299, 0.0], 1)],
        ];
        for points in cases {
            let figure = decision_map("", "", &["a", "b"], &network, points);
            for (at, _) in points.iter().filter(|(at, _)| at[0].is_finite()) {
                let places = [figure.x.position(at[0]), figure.y.position(at[1])];
                assert!(places.iter().all(|place| (0.05..=0.95).contains(place)), "{at:?} at {places:?}");
            }
            assert!(svg(&figure).ends_with("</svg>\n"));
        }
    }

    #[test]
    #[should_panic(expected = "class names and classes differ in number")]
    fn a_class_without_a_name_is_refused() {
        let _ = decision_map("", "", &["a"], &Numbers::new(12).network(1, 2, 0.0), &[]);
    }
}
