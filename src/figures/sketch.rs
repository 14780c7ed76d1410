//! Figures in characters, for a terminal without a viewer at hand.

use super::losses::loss_axis;
use super::maps::ties;
use super::ranges::{drawable, extent};
use super::regions::PlanarNetwork;
use crate::draw::Figure;
use crate::math::order::{clamped, larger};
use crate::training::dataset::Dataset;
use crate::training::numbers::fixed;

/// The losses from first to last as a row of bars at most `width` long, on the axis of [`loss_curves`](super::loss_curves), with
/// the first and the last loss.
pub fn sparkline(losses: &[f64], width: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (Some(first), Some(last)) = (losses.first(), losses.last()) else { return String::new() };
    let axis = loss_axis(losses.iter().copied());
    let heights = losses.iter().filter(|loss| drawable(**loss)).map(|loss| axis.position(*loss));
    let [low, high] = extent(heights.filter(|height| height.is_finite()));
    let columns = width.min(losses.len());
    let bar = |column: usize| {
        let loss = losses[column * (losses.len() - 1) / (columns - 1).max(1)];
        // A loss that cannot be drawn has the highest bar, and all have the lowest if they hardly differ.
        let share = if drawable(loss) { (axis.position(loss) - low) / larger(high - low, 1e-9) } else { 1.0 };
        BARS[(7.0 * share).round() as usize]
    };
    let bars: String = (0..columns).map(bar).collect();
    format!("{} {bars} {}", fixed(*first, 4), fixed(*last, 4))
}

/// The class that the network predicts at the middle of each character, unless all classes tie, and the samples by the digit
/// of their class, in the ranges of a [`data_map`](super::data_map).
pub fn character_map<const K: usize>(
    network: &PlanarNetwork,
    figure: &Figure,
    data: &Dataset<2, K>,
    width: usize,
) -> String {
    const REGIONS: [char; 4] = ['.', '+', ':', '#'];
    let [x, y] = [figure.x.range, figure.y.range];
    // Characters are about twice as high as they are wide.
    let height = clamped(figure.aspect * width as f64 / 2.0, [1.0, 60.0]) as usize;
    let place = |column: usize, row: usize| {
        let (across, down) = ((column as f64 + 0.5) / width as f64, (row as f64 + 0.5) / height as f64);
        [x[0] + across * (x[1] - x[0]), y[1] - down * (y[1] - y[0])]
    };
    let ties = ties(figure);
    let region = |at| if ties { ' ' } else { REGIONS[network.classify(at) % 4] };
    let mut rows: Vec<Vec<char>> =
        (0..height).map(|row| (0..width).map(|column| region(place(column, row))).collect()).collect();
    for (at, class) in data.samples().iter().zip(data.labels()) {
        let (across, up) = (figure.x.position(at[0]), figure.y.position(at[1]));
        if (0.0..1.0).contains(&across) && (0.0..1.0).contains(&up) {
            let (column, row) = ((across * width as f64) as usize, ((1.0 - up) * height as f64) as usize);
            rows[row.min(height - 1)][column] = char::from(b'0' + (class % 10) as u8);
        }
    }
    let predicted = |class| format!("{} {} predicted", REGIONS[class], data.names().classes[class]);
    let classes: Vec<String> = (0..network.scores.len().min(4)).map(predicted).collect();
    let legend = if ties { "all classes tie everywhere".to_owned() } else { classes.join(", ") };
    let line = |row: Vec<char>| row.into_iter().collect::<String>().trim_end().to_owned() + "\n";
    let map: String = rows.into_iter().map(line).collect();
    format!("{map}{legend}; digits: the samples")
}

#[cfg(test)]
mod tests {
    use super::super::maps::data_map;
    use super::super::regions::LinearPiece;
    use super::*;

    #[test]
    fn a_sparkline_falls_with_the_losses() {
        assert_eq!(sparkline(&[0.8, 0.6, 0.4, 0.2, 0.1], 60), "0.8000 █▇▆▃▁ 0.1000");
        // Over a factor of 3 every tenth of the loss is as far.
        assert_eq!(sparkline(&[1.0, 0.1, 0.01, 0.001], 60), "1.0000 █▆▃▁ 0.0010");
        assert_eq!(sparkline(&[0.5; 3], 60), "0.5000 ▁▁▁ 0.5000");
        assert_eq!(sparkline(&[1000.0, 1000.0 - 1e-10], 60), "1000.0000 ▁▁ 1000.0000");
        assert_eq!(sparkline(&[1.0, f64::NAN], 60), "1.0000 ▁█ NaN");
        assert_eq!(sparkline(&[2.0], 60), "2.0000 ▁ 2.0000");
        assert_eq!(sparkline(&[], 60), "");
        for losses in [[f64::NAN, f64::INFINITY], [1e305, -1e305], [5e-324, 1e299], [1e-310, 2e-310]] {
            assert_eq!(sparkline(&losses, 60).matches(['▁', '█']).count(), 2, "{losses:?}");
        }
        let long: Vec<f64> = (1001..2001).map(f64::from).collect();
        assert_eq!(sparkline(&long, 8), "1001.0000 ▁▂▃▄▅▆▇█ 2000.0000");
    }

    #[test]
    fn a_character_map_has_regions_and_samples_in_their_places() {
        // Class 1 above a falling line.
        let scores = vec![LinearPiece::constant(0.0), LinearPiece { slope: [1.0, 2.0], offset: -3.0 }];
        let network = PlanarNetwork { scores, units: Vec::new() };
        let data = Dataset::<2, 2>::parse("", &b"-1,2,0\n1,2,1\n1,0.5,0\n"[..], None).unwrap();
        let figure = data_map("", &network, &data);
        // A sample on the lower edge is in the last row; what is beyond the figure is left out.
        let more = format!("-1,2,0\n1,2,1\n1,0.5,0\n0,{},1\n9,1,1\n0,-9,1\n", figure.y.range[0]);
        let more = Dataset::<2, 2>::parse("", more.as_bytes(), None).unwrap();
        let expected = "\
.0++++++++++++++++1+
....++++++++++++++++
.......+++++++++++++
..........++++++++++
.............+++++++
................++++
...................+
....................
....................
..........1.......0.
. class 0 predicted, + class 1 predicted; digits: the samples";
        assert_eq!(character_map(&network, &figure, &more, 20), expected);
        let tie = PlanarNetwork { scores: vec![LinearPiece::constant(0.0); 2], units: Vec::new() };
        let expected = " 0                1\n\n\n\n\n\n\n\n\n                  0\nall classes tie everywhere; digits: the samples";
        assert_eq!(character_map(&tie, &data_map("", &tie, &data), &data, 20), expected);
    }
}
