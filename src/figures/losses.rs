//! Curves: losses over epochs, and the error of a gradient check over ε.

use std::fmt::Write as _;

use super::ranges::{drawable, extent, widened};
use crate::draw::{Axis, Figure, Look, Mark, Page, Point, Scale, typeset};
use crate::math::order::larger;
use crate::proof::gradient_check::{COURSE_THRESHOLD, EPSILON};
use crate::training::numbers::{fixed, median, sorted};

/// The height of curves for a width of 1.
const ASPECT: f64 = 225.0 / 330.0;

/// Curves with no more points than this get a marker at each.
const FEW: usize = 16;

/// The places along the axis of the epochs, in each of which a run that jumps is summarised beside others.
const PLACES: f64 = 100.0;

/// Loss over epochs, one curve for each label: points of epoch and loss, in the order of the epochs. The references, such as a
/// known optimum, lie behind them. Of several curves, epochs that share a place are drawn as their median on a band of their
/// range. No band hides another's edge.
///
/// The axis of the epochs is logarithmic if they begin at 0, that of the losses if the positive ones span more than a factor of
/// 3. A loss that cannot be drawn leaves a gap.
pub fn loss_curves(caption: &str, curves: &[(&str, &[Point])], mut marks: Vec<Mark>) -> Figure {
    let [first, last] = extent(curves.iter().flat_map(|(_, points)| points.iter()).map(|point| point[0]));
    // Room for at least five, or ticks would fall between epochs.
    let range = [first, larger(last, first + 4.0)];
    let x = if first == 0.0 {
        Axis::new("epoch", range, Scale::LogFromZero)
    } else {
        Axis::new("epoch", widened(range, 0.02), Scale::Linear)
    };
    let place = |epoch| if curves.len() > 1 { (x.position(epoch) * PLACES).ceil() } else { epoch };
    let [mut edges, mut lines] = [const { Vec::new() }; 2];
    for (series, &(label, points)) in curves.iter().enumerate().rev() {
        let [low, line, high] = summarised(points, place);
        let mut name = label.to_owned();
        if line.len() < points.len() {
            let band = |filled| Look::Band { series, low: low.clone(), high: high.clone(), filled };
            edges.push(Mark::new("", band(false)));
            marks.push(Mark::new(format!("{label}, all epochs"), band(true)));
            name.push_str(", median");
        }
        lines.push(Mark::new(name, Look::Line { series, dotted: points.len() <= FEW, points: line }));
    }
    marks.extend(edges.into_iter().chain(lines.into_iter().rev()));
    let heights = marks.iter().flat_map(|mark| match &mark.look {
        Look::HorizontalLine(y) => vec![*y],
        Look::Band { low, high, .. } => low.iter().chain(high).map(|point| point[1]).collect(),
        Look::Line { points, .. } => points.iter().map(|point| point[1]).collect(),
        _ => Vec::new(),
    });
    Figure::new(caption, [x, loss_axis(heights)], ASPECT, marks)
}

/// An axis for all of these losses that can be drawn, or, if it is logarithmic, for those above 0.
pub(super) fn loss_axis(losses: impl Iterator<Item = f64>) -> Axis {
    let losses: Vec<f64> = losses.filter(|loss| drawable(*loss)).collect();
    let [low, high] = extent(losses.iter().copied().filter(|loss| *loss > 0.0));
    if low > 0.0 && high / low > 3.0 {
        return Axis::new("loss", [larger(low / 1.3, 1e-301), high * 1.3], Scale::Log);
    }
    Axis::new("loss", widened(extent(losses.into_iter()), 0.05), Scale::Linear)
}

/// The least, the median and the greatest loss of the epochs at each place, at the middle one of them; no numbers where one
/// is not drawable. The first and the last epoch have places of their own: the curves begin and end where the run does.
fn summarised(points: &[Point], place: impl Fn(f64) -> f64) -> [Vec<Point>; 3] {
    let mut curves = [const { Vec::new() }; 3];
    let [first, last] = extent(points.iter().map(|point| point[0]));
    for here in points.chunk_by(|a, b| first < a[0] && b[0] < last && place(a[0]) == place(b[0])) {
        let losses = sorted(here.iter().map(|&[_, loss]| if drawable(loss) { loss } else { f64::NAN }));
        let greatest = losses[losses.len() - 1];
        for (curve, loss) in curves.iter_mut().zip([losses[0], median(&losses), greatest]) {
            // No number is the last of all.
            let loss = if greatest.is_nan() { greatest } else { loss };
            curve.push([here[here.len() / 2][0], loss]);
        }
    }
    curves
}

/// [Losses](loss_curves) with this name, of several runs one above the other on the axes of the first.
pub fn loss_pages(title: &str, subtitle: &str, loss: &str, mut panels: Vec<Figure>) -> Page {
    loss.clone_into(&mut panels[0].y.label);
    let [x, y] = [panels[0].x.clone(), panels[0].y.clone()];
    let aspect = if panels.len() > 1 { 0.36 } else { ASPECT };
    let mut description = String::from("Loss over epochs.");
    for panel in &mut panels {
        (panel.x, panel.y, panel.aspect) = (x.clone(), y.clone(), aspect);
        for Mark { label, look } in &panel.marks {
            let Look::Line { points, .. } = look else { continue };
            if let (Some([first, start]), Some([last, end])) = (points.first(), points.last()) {
                let ([start, end], epochs) = ([start, end].map(|loss| fixed(*loss, 4)), last - first);
                let name =
                    if panel.caption.is_empty() { label } else { &format!("{}, {label}", panel.caption) };
                let _ = write!(description, " {name}: from {start} to {end} in {epochs} epochs.");
            }
        }
    }
    Page::new([title, subtitle, &description], 1, panels)
}

/// The largest error of a gradient check over ε, as the check evaluates the difference of Eq. 5 (`stable`) and as the
/// equation stands (`plain`): points of ε and error.
pub fn check_errors(title: &str, subtitle: &str, plain: Vec<Point>, stable: Vec<Point>) -> Page {
    let threshold = format!("{COURSE_THRESHOLD:e}: largest error the course calls CORRECT");
    let marks = vec![
        Mark::new(typeset(&threshold), Look::HorizontalLine(COURSE_THRESHOLD)),
        Mark::new(typeset(&format!("ε of the handout, {EPSILON:e}")), Look::VerticalLine(EPSILON)),
        Mark::new("J(θ + ε) − J(θ − ε) as printed", Look::Line { series: 1, dotted: true, points: plain }),
        Mark::new("evaluated without cancellation", Look::Line { series: 0, dotted: true, points: stable }),
    ];
    let x = Axis::new("ε", [5e-13, 0.1], Scale::Log);
    let y = Axis::new("relative error", [1e-17, 1.0], Scale::Log);
    let description = "Largest relative error of the gradient over ε: for large ε both ways of evaluating the difference err \
                       alike, by the order of ε²; for small ε rounding errors grow in the plain one alone.";
    Page::new([title, subtitle, description], 1, vec![Figure::new("", [x, y], ASPECT, marks)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::svg;

    /// Losses of all epochs from 0 on, as points.
    fn from_zero(losses: &[f64]) -> Vec<Point> {
        losses.iter().enumerate().map(|(epoch, &loss)| [epoch as f64, loss]).collect()
    }

    #[test]
    fn the_loss_axis_is_logarithmic_if_positive_losses_span_a_factor_of_3() {
        for (losses, scale) in [
            (vec![3.1, 1.0], Scale::Log),
            (vec![3.0, 1.0], Scale::Linear),
            (vec![1.0, 0.5, 0.0], Scale::Linear),
            (vec![1.0, 1e-7, 0.0, -1e-17], Scale::Log),
            (vec![1.0, f64::NAN, 1e-320], Scale::Log),
            (vec![1e299, f64::INFINITY, 1e-299], Scale::Log),
        ] {
            let figure = loss_curves("", &[("", &from_zero(&losses))], vec![]);
            assert_eq!(figure.y.scale, scale, "{losses:?}");
        }
    }

    #[test]
    fn every_loss_and_what_stands_beside_it_has_a_place_on_the_axes() {
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
            let figure = loss_curves("", &curves, vec![]);
            for mark in &figure.marks {
                let Look::Line { points, .. } = &mark.look else { panic!("a curve is a line") };
                for point in points.iter().filter(|point| drawable(point[1])) {
                    let [x, y] = [figure.x.position(point[0]), figure.y.position(point[1])];
                    assert!((0.0..=1.0).contains(&x), "epoch {} at {x}", point[0]);
                    // What is not positive, or subnormal, may have no place on a logarithmic axis.
                    assert!((0.0..=1.0).contains(&y) || point[1] < 1e-300, "loss {} at {y}", point[1]);
                }
            }
            assert!(svg(&loss_pages("", "", "", vec![figure])).ends_with("</svg>\n"));
        }
        let band = Look::Band { series: 4, low: vec![[0.0, 0.1]], high: vec![[0.0, 9.0]], filled: true };
        let beside = [band, Look::HorizontalLine(12.0)].map(|look| Mark::new("", look));
        let y = loss_curves("", &[("", &[[0.0, 2.0], [1.0, 1.0]])], beside.into()).y;
        assert!([0.1, 9.0, 12.0].iter().all(|&loss| (0.0..=1.0).contains(&y.position(loss))), "{y:?}");
    }

    #[test]
    fn no_tick_falls_between_epochs() {
        for length in 0..100 {
            let figure = loss_curves("", &[("training", &from_zero(&vec![0.5; length]))], vec![]);
            assert!(figure.x.ticks(7).iter().all(|tick| tick.0.fract() == 0.0), "{length} epochs");
        }
    }

    #[test]
    fn of_superimposed_curves_epochs_that_share_a_place_are_a_median_on_a_band_of_their_range() {
        // Some epochs alone in their place, several in later ones; nine epochs jump.
        let jumps: Vec<f64> = (0..399).map(|epoch| if epoch % 40 == 39 { 2.0 } else { 1.5 }).collect();
        let points = from_zero(&jumps);
        let curves = [("a", &points[..]), ("b", &points[..1])];
        let looks = |curves| loss_curves("", curves, vec![]).marks.into_iter().map(|mark| mark.look);
        let both: Vec<Look> = looks(&curves).collect();
        let [
            Look::Band { low, high, filled: true, .. },
            Look::Band { filled: false, .. },
            Look::Line { points: medians, .. },
            Look::Line { points: one, .. },
        ] = &both[..]
        else {
            panic!("a band, its edge and two lines: {both:?}")
        };
        let count = |points: &[Point], loss: f64| points.iter().filter(|point| point[1] == loss).count();
        assert!((60..=101).contains(&medians.len()), "{}", medians.len());
        assert_eq!([low, medians, high].map(|points| count(points, 2.0)), [0, 0, 9]);
        assert_eq!([low, medians, high].map(Vec::len), [medians.len(); 3]);
        assert_eq!(one[..], points[..1]);
        let alone: Vec<Look> = looks(&curves[..1]).collect();
        assert!(matches!(&alone[..], [Look::Line { points: all, .. }] if *all == points));
    }
}
