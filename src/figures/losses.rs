//! Curves: losses over epochs, and the error of a gradient check over ε.

use super::ranges::{drawable, extent, widened};
use crate::draw::{Aspect, Axis, Figure, Frame, Mark, Page, Point, Scale};
use crate::math::exp_ln::ln;
use crate::math::order::larger;
use crate::proof::gradient_check::{COURSE_THRESHOLD, EPSILON};
use crate::training::numbers::{fixed, median, sorted};

/// Curves with no more points than this get a marker at each.
const FEW: usize = 16;

/// The places along the axis of the epochs, in each of which a run that jumps is summarised beside others.
const PLACES: f64 = 100.0;

/// The share of the epochs that counts as the beginning, and the share of the way down that is a good part.
const EARLY: f64 = 0.03;
const GOOD_PART: f64 = 0.25;

/// Loss over epochs, one curve for each label, superimposed: points of epoch and loss, in the order of the epochs. The
/// references, such as a known optimum, lie behind the curves. Of several curves, which would hide each other where they jump,
/// epochs that share a place are drawn as their median on a band of their range.
///
/// The loss axis is logarithmic if all losses are positive and span more than a factor of 3. The axis of the epochs is
/// if they begin at 0 and a quarter of the way down takes less than 3 % of them. A loss that is
/// not finite (or beyond ±1e300) leaves a gap.
#[must_use]
pub fn loss_curves(
    title: &str,
    subtitle: &str,
    curves: &[(&str, &[Point])],
    references: Vec<Mark>,
) -> Figure {
    let losses = || curves.iter().flat_map(|&(_, points)| points.iter().map(|point| point[1]));
    let reference_losses = references.iter().flat_map(|mark| match mark {
        Mark::HorizontalLine { y, .. } => vec![*y],
        Mark::Band { low, high, .. } => low.iter().chain(high).map(|point| point[1]).collect(),
        _ => Vec::new(),
    });
    let [low, high] = extent(losses().chain(reference_losses).filter(|loss| drawable(*loss)));
    let [least, most] = extent(losses().filter(|loss| drawable(*loss) && *loss > 0.0));
    // Of so many decades, what rounding makes zero or negative is left out.
    let log = low > 0.0 && high / low > 3.0 || most / least > 1e6;
    let [low, high] = if log && low <= 0.0 { [least, most] } else { [low, high] };
    let y = if log {
        Axis::new("loss", [larger(low / 1.3, 1e-301), high * 1.3], Scale::Log)
    } else {
        let range = widened([low, high], 0.05);
        // From zero where that costs no more than half of the height: lengths can then be compared.
        let from = if (0.0..=0.5 * high).contains(&low) { 0.0 } else { range[0] };
        Axis::new("loss", [from, range[1]], Scale::Linear)
    };
    let epochs = || curves.iter().flat_map(|&(_, points)| points.iter().map(|point| point[0]));
    let [first, last] = extent(epochs());
    // Room for at least five, or ticks would fall between epochs.
    let last = larger(last, first + 4.0);
    let height = |loss: f64| if log { ln(loss) } else { loss };
    let is_early = |&(_, points): &(&str, &[Point])| {
        let [Some(start), Some(end)] = [points.first(), points.last()] else { return false };
        let until = EARLY * (end[0] + 1.0);
        let early = points.iter().rfind(|point| point[0] <= until).unwrap_or(start);
        height(start[1]) - height(early[1]) > GOOD_PART * (height(start[1]) - height(end[1]))
    };
    let x = if first == 0.0 && last >= 100.0 && curves.first().is_some_and(is_early) {
        Axis::new("epoch", [first, last], Scale::LogFromZero)
    } else {
        linear_epochs([first, last])
    };
    let place = |epoch| if curves.len() > 1 { (x.position(epoch) * PLACES).ceil() } else { epoch };
    let (mut bands, mut lines) = (Vec::new(), Vec::new());
    for (series, &(label, points)) in curves.iter().enumerate() {
        let [low, line, high] = summarised(points, place);
        if line.len() < points.len() {
            let label = "band: all epochs; line: their median".to_owned();
            bands.push(Mark::Band { label, series, low, high });
        }
        lines.push(curve(label, series, points.len() <= FEW, line));
    }
    let ends = curves.iter().filter_map(|&(label, points)| {
        let ([first, start], [last, end]) = (points.first()?, points.last()?);
        let [start, end] = [start, end].map(|loss| fixed(*loss, 4));
        Some(format!(" {label}: from {start} to {end} in {} epochs.", last - first))
    });
    let marks = references.into_iter().chain(bands).chain(lines).collect();
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

/// The least, the median and the greatest loss of the epochs at each place, at the middle one of them; no numbers where one
/// is not drawable. The first and the last epoch have places of their own: the curves begin and end where the run does.
fn summarised(points: &[Point], place: impl Fn(f64) -> f64) -> [Vec<Point>; 3] {
    let mut curves = [const { Vec::new() }; 3];
    let (first, others) = points.split_at(points.len().min(1));
    let (others, last) = others.split_at(others.len().saturating_sub(1));
    let places = others.chunk_by(|a, b| place(a[0]) == place(b[0]));
    for here in [first].into_iter().chain(places).chain([last]).filter(|here| !here.is_empty()) {
        let losses = sorted(here.iter().map(|&[_, loss]| if drawable(loss) { loss } else { f64::NAN }));
        let ends = if losses.iter().any(|loss| loss.is_nan()) {
            [f64::NAN; 3]
        } else {
            [losses[0], median(&losses), losses[losses.len() - 1]]
        };
        for (curve, loss) in curves.iter_mut().zip(ends) {
            curve.push([here[here.len() / 2][0], loss]);
        }
    }
    curves
}

/// A line whose dashes, too, tell its series.
pub(super) fn curve(label: &str, series: usize, dotted: bool, points: Vec<Point>) -> Mark {
    Mark::Line { label: label.to_owned(), series, dashes: series, dotted, points }
}

fn linear_epochs(ends: [f64; 2]) -> Axis {
    Axis::new("epoch", widened(ends, 0.02), Scale::Linear)
}

/// Numbers of all epochs from 0 on, as points.
pub(super) fn from_zero(numbers: &[f64]) -> Vec<Point> {
    numbers.iter().enumerate().map(|(epoch, &number)| [epoch as f64, number]).collect()
}

/// A run as a panel of [`loss_pages`].
#[derive(Debug, Clone, PartialEq)]
pub struct LossRun {
    /// The panel's caption.
    pub caption: String,
    /// Training and validation losses, from epoch 0 on.
    pub losses: [Vec<f64>; 2],
    /// The epoch that early stopping keeps, if it is to be marked.
    pub stop: Option<usize>,
}

/// Training and validation losses of several runs, one above the other on the same axes: those of the first.
#[must_use]
pub fn loss_pages(title: &str, subtitle: &str, runs: &[LossRun]) -> Page {
    let panel = |LossRun { caption, losses, stop }: &LossRun| {
        let [training, validation] = losses.each_ref().map(|losses| from_zero(losses));
        let curves = [("training", &training[..]), ("validation", &validation[..])];
        let line = |epoch: usize| {
            let label = format!("early stopping keeps epoch {epoch}");
            Mark::VerticalLine { label, x: epoch as f64 }
        };
        loss_curves("", caption, &curves, stop.map(line).into_iter().collect())
    };
    let mut panels: Vec<Figure> = runs.iter().map(panel).collect();
    if let [first, others @ ..] = &mut panels[..] {
        first.aspect = Aspect::Share(0.4);
        "data loss".clone_into(&mut first.y.label);
        for panel in others {
            (panel.x, panel.y, panel.aspect) = (first.x.clone(), first.y.clone(), first.aspect);
        }
    }
    let captions: Vec<&str> = runs.iter().map(|run| run.caption.as_str()).collect();
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Training and validation loss over epochs: {}.", captions.join("; ")),
        columns: 1,
        panels,
    }
}

/// The largest error of a gradient check over ε, as the check evaluates the difference of Eq. 5 (`stable`) and as the
/// equation stands (`plain`): points of ε and error.
///
/// On the left of the valley of the plain difference its rounding errors grow like 1/ε, on the right of it the error of
/// Eq. 5 like ε².
#[must_use]
pub fn check_errors(title: &str, subtitle: &str, plain: Vec<Point>, stable: Vec<Point>) -> Figure {
    let marks = vec![
        Mark::HorizontalLine {
            label: format!("{COURSE_THRESHOLD:e}: largest error the course calls CORRECT"),
            y: COURSE_THRESHOLD,
        },
        Mark::VerticalLine { label: format!("ε of the handout, {EPSILON:e}"), x: EPSILON },
        curve("J(θ + ε) − J(θ − ε) as printed", 1, true, plain),
        curve("evaluated without cancellation", 0, true, stable),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::svg;

    #[test]
    fn the_loss_axis_is_logarithmic_if_positive_losses_span_a_factor_of_3_or_six_decades() {
        for (losses, scale) in [
            (vec![3.1, 1.0], Scale::Log),
            (vec![3.0, 1.0], Scale::Linear),
            (vec![1.0, 0.001, 0.0], Scale::Linear),
            (vec![1.0, 1e-7, 0.0, -1e-17], Scale::Log),
            (vec![1.0, 0.001, -1.0], Scale::Linear),
            (vec![1.0, f64::NAN, 1e-320], Scale::Log),
            (vec![1e299, f64::INFINITY, 1e-299], Scale::Log),
        ] {
            assert_eq!(
                loss_curves("", "", &[("training", &from_zero(&losses))], vec![]).y.scale(),
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
            let points = from_zero(losses);
            let curves = [("training", &points[..]), ("validation", &points[..losses.len() / 2])];
            let figure = loss_curves("", "", &curves, vec![]);
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
            let points: Vec<Point> =
                from_zero(losses).into_iter().map(|[epoch, loss]| [epoch + 3.0, loss]).collect();
            let figure = loss_curves("", "", &[("", &points)], vec![]);
            [figure.x.range(), figure.y.range()]
        };
        assert_eq!(ranges(&[2.0, 0.002])[1], [0.002 / 1.3, 2.0 * 1.3]);
        assert_eq!(ranges(&[4.0, 3.0])[1], [3.0 - 0.05, 4.0 + 0.05]);
        // From zero, as the axis is then at most twice as long.
        assert_eq!(ranges(&[4.0, 2.0])[1], [0.0, 4.0 + 0.05 * 2.0]);
        assert_eq!(ranges(&[1.0; 10])[0], [3.0 - 0.02 * 9.0, 12.0 + 0.02 * 9.0]);
    }

    #[test]
    fn what_stands_beside_the_losses_has_a_place_on_their_axis() {
        let band =
            Mark::Band { label: String::new(), series: 4, low: vec![[0.0, -1.0]], high: vec![[0.0, 9.0]] };
        let line = Mark::HorizontalLine { label: String::new(), y: 12.0 };
        let y = loss_curves("", "", &[("training", &[[0.0, 2.0], [1.0, 1.0]])], vec![band, line]).y;
        assert!([-1.0, 9.0, 12.0].iter().all(|&loss| (0.0..=1.0).contains(&y.position(loss))), "{y:?}");
    }

    #[test]
    fn no_tick_falls_between_epochs() {
        for length in 0..100 {
            let figure = loss_curves("", "", &[("training", &from_zero(&vec![0.5; length]))], vec![]);
            assert!(figure.x.ticks(7).iter().all(|tick| tick.value.fract() == 0.0), "{length} epochs");
        }
    }

    #[test]
    fn a_short_curve_has_dots_and_a_long_one_none() {
        for (length, expected) in [(1, true), (16, true), (17, false)] {
            let figure = loss_curves("", "", &[("training", &from_zero(&vec![0.5; length]))], vec![]);
            assert!(matches!(figure.marks[0], Mark::Line { dotted, .. } if dotted == expected));
        }
    }

    #[test]
    fn of_superimposed_curves_epochs_that_share_a_place_are_a_median_on_a_band_of_their_range() {
        // Four epochs or so in a place; ten epochs jump.
        let jumps: Vec<f64> = (0..400).map(|epoch| if epoch % 40 == 1 { 2.0 } else { 1.5 }).collect();
        let points = from_zero(&jumps);
        let curves = [("a", &points[..]), ("b", &points[..1])];
        let marks = loss_curves("", "", &curves, vec![]).marks;
        let [
            Mark::Band { low, high, .. },
            Mark::Line { points: medians, .. },
            Mark::Line { points: one, .. },
        ] = &marks[..]
        else {
            panic!("a band and two lines: {marks:?}")
        };
        let count = |points: &[Point], loss: f64| points.iter().filter(|point| point[1] == loss).count();
        assert!((90..=101).contains(&medians.len()), "{}", medians.len());
        assert_eq!([low, medians, high].map(|points| count(points, 2.0)), [0, 0, 10]);
        assert_eq!([low, medians, high].map(Vec::len), [medians.len(); 3]);
        assert_eq!(one[..], points[..1]);
        let alone = loss_curves("", "", &curves[..1], vec![]).marks;
        assert!(matches!(&alone[..], [Mark::Line { points: all, .. }] if *all == points));
    }

    #[test]
    fn runs_on_a_page_share_the_axes_of_the_first() {
        let run = |losses, stop| LossRun { caption: String::new(), losses, stop };
        let runs = [
            run([vec![9.0, 0.01], vec![8.0, 1.0]], Some(1)),
            run([vec![1.0], vec![2.0]], Some(0)),
            run([vec![3.0], vec![0.1]], None),
        ];
        let page = loss_pages("", "", &runs);
        assert_eq!((&page.panels[1].x, &page.panels[1].y), (&page.panels[0].x, &page.panels[0].y));
        let marked = |panel: &Figure| {
            panel.marks.iter().find_map(|mark| match mark {
                Mark::VerticalLine { x, .. } => Some(*x),
                _ => None,
            })
        };
        assert_eq!(page.panels.iter().map(marked).collect::<Vec<_>>(), [Some(1.0), Some(0.0), None]);
    }

    #[test]
    fn epochs_are_logarithmic_where_the_losses_fall_at_once() {
        let axis = |points: &[Point]| loss_curves("", "", &[("", points)], vec![]).x;
        let scale = |first: usize, losses: &[f64]| axis(&from_zero(losses)[first..]).scale();
        let power: Vec<f64> = (0..1000).map(|epoch| 1.0 / f64::from(1 + epoch)).collect();
        let steady: Vec<f64> = (0..1000).map(|epoch| 2.0 - f64::from(epoch) / 1000.0).collect();
        assert_eq!(scale(0, &power), Scale::LogFromZero);
        assert_eq!(scale(0, &steady), Scale::Linear);
        assert_eq!(scale(7, &power), Scale::Linear, "a later part of training");
        assert_eq!(scale(0, &power[..100]), Scale::Linear, "few epochs");
        // Not every epoch need be there.
        let thinned = |losses: &[f64]| {
            let all = from_zero(losses);
            axis(&all.iter().step_by(4).chain(all.last()).copied().collect::<Vec<_>>())
        };
        assert_eq!(thinned(&power), axis(&from_zero(&power)));
        assert_eq!(thinned(&steady), axis(&from_zero(&steady)));
    }
}
