//! A network with two inputs, two classes and one hidden layer, taken apart: what each unit adds to the score of class 1
//! over that of class 0, and the points as the two strongest units see them.

use super::maps::{data_map, decision_maps};
use super::ranges::extent;
use super::regions::{self, CONFIDENT, HiddenUnit, LinearPiece, PlanarNetwork, SQUARE};
use crate::draw::{Figure, Look, Mark, Page, Point};
use crate::math::exp_ln::ln;
use crate::math::order::{ascending, larger};
use crate::training::dataset::Dataset;
use crate::training::names::Names;
use crate::training::numbers::magnitude;

/// The most units that are drawn: a row of panels.
const MOST: usize = 3;
/// The most samples whose inputs are written beside them.
const MOST_NAMED: usize = 8;

/// A hidden unit and its part in the decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Counted from 1.
    pub number: usize,
    /// Its weight on the score of class 1 less that on the score of class 0.
    pub weight: f64,
    unit: HiddenUnit,
    /// The largest of each input, without its sign.
    reach: [f64; 2],
}

impl Part {
    /// Its weights on the two inputs.
    pub fn slope(&self) -> [f64; 2] {
        self.unit.pre_activation.slope
    }

    fn output(&self, at: Point) -> f64 {
        larger(self.unit.pre_activation.at(at), 0.0)
    }

    /// The formula: `5.1·φ(2.7x₁ − 2.7x₂ + 0.1)`.
    pub fn formula(&self) -> String {
        let LinearPiece { slope: [a, b], offset } = self.unit.pre_activation;
        let [x, y] = self.reach;
        let mut sum = String::new();
        for (value, most, of) in [(a, x, "x₁"), (b, y, "x₂"), (offset, 1.0, "")] {
            // Terms that are 0 to one decimal at all points are left out.
            if value.abs() * larger(most, 1.0) >= 0.05 {
                let sign = if value < 0.0 { "−" } else { "+" };
                sum = format!("{sum} {sign} {}{of}", magnitude(value));
            }
        }
        let sum = sum.strip_prefix(" + ").map_or_else(|| sum.replacen(" − ", "−", 1), str::to_owned);
        let sign = if self.weight < 0.0 { "−" } else { "" };
        format!("{sign}{}·φ({sum})", magnitude(self.weight))
    }
}

/// The units, those that add most at one of the points first.
pub fn parts(network: &PlanarNetwork, data: &Dataset<2, 2>) -> Vec<Part> {
    let reach = [0, 1].map(|axis| data.samples().iter().map(|at| at[axis].abs()).fold(0.0, larger));
    let mut ranked = Vec::new();
    for (number, unit) in (1..).zip(&network.units) {
        let weight = unit.outgoing[1] - unit.outgoing[0];
        let part = Part { reach, number, unit: unit.clone(), weight };
        let strength = data.samples().iter().map(|&at| (weight * part.output(at)).abs()).fold(0.0, larger);
        ranked.push((strength, part));
    }
    ranked.sort_by(|(a, _), (b, _)| ascending(b, a));
    ranked.into_iter().map(|(_, part)| part).collect()
}

/// A map for each of the strongest units, of what it adds to the score, and below it the decision of the output biases and all
/// units so far; the last sum is the network's.
pub fn units(subtitle: &str, network: &PlanarNetwork, data: &Dataset<2, 2>) -> Page {
    let parts = parts(network, data);
    let sum = |count: usize| {
        let units = parts[..count].iter().map(|part| part.unit.clone()).collect();
        PlanarNetwork { scores: network.scores.clone(), units }
    };
    let right = |network: &PlanarNetwork| {
        let points = data.samples().iter().zip(data.labels());
        points.filter(|&(&at, &class)| network.classify(at) == class).count()
    };
    let shown = parts.len().min(MOST);
    let [mut maps, mut sums] = [const { Vec::new() }; 2];
    for (index, part) in parts[..shown].iter().enumerate() {
        let (count, added) = match parts.len() - index {
            others if index + 1 == shown && others > 1 => (parts.len(), format!("the other {others}")),
            _ => (index + 1, format!("unit {}", part.number)),
        };
        let network = sum(count);
        let caption = format!("+ {added}:\n{} of {} right", right(&network), data.len());
        let map = data_map(&caption, &network, data);
        maps.push(unit_map(part, &map));
        sums.push(map);
    }
    let all = right(network);
    let enough = (0..parts.len()).take_while(|&count| right(&sum(count)) != all).count();
    let title = format!("{all} of {} points right with {enough} of {} units", data.len(), parts.len());
    let mut page = decision_maps(&title, subtitle, data, [maps, sums].concat());
    page.columns = shown;
    page.description = format!("What each hidden unit adds, and the sums. {}", page.description);
    page
}

/// Where one unit is on: the class that it speaks for, stronger where it would be enough for p ≥ 0.9 alone. On the axes and
/// with the samples of another map.
fn unit_map(part: &Part, map: &Figure) -> Figure {
    let class = usize::from(part.weight > 0.0);
    let [x, y] = [map.x.range, map.y.range];
    let corners = SQUARE.map(|[right, up]| [x[right as usize], y[up as usize]]);
    let mut marks = Vec::new();
    for (confident, least) in [(false, 0.0), (true, ln(CONFIDENT / (1.0 - CONFIDENT)))] {
        let score = LinearPiece::constant(-least).plus(part.weight.abs(), &part.unit.pre_activation);
        let rings = vec![regions::part(&corners, |at| -score.at(at))];
        marks.push(Mark::new("", Look::Region { class, confident, rings }));
    }
    marks.extend(map.marks.iter().filter(|mark| matches!(mark.look, Look::Scatter(..))).cloned());
    Figure { caption: format!("unit {}", part.number), marks, ..map.clone() }
}

/// The points in the plane of the two strongest units' outputs, with a line in the direction of those units' weights midway
/// between the classes. `None` if it does not separate them, or if there are fewer than two units.
pub fn hidden_plane(network: &PlanarNetwork, data: &Dataset<2, 2>) -> Option<Figure> {
    let parts = parts(network, data);
    let [first, second, ..] = &parts[..] else { return None };
    let places: Vec<Point> = data.samples().iter().map(|&at| [first.output(at), second.output(at)]).collect();
    let along = LinearPiece { slope: [first.weight, second.weight], offset: 0.0 };
    let ends = |class: usize| {
        let of_class = places.iter().zip(data.labels()).filter(|(_, label)| **label == class);
        extent(of_class.map(|(at, _)| along.at(*at)))
    };
    let ([_, high], [low, _]) = (ends(0), ends(1));
    let line = LinearPiece { offset: -f64::midpoint(high, low), ..along };
    let map = PlanarNetwork { scores: vec![LinearPiece::constant(0.0), line], units: Vec::new() };
    let inputs = [first, second].map(|part| format!("output of unit {}", part.number)).into();
    let names = Names { inputs, classes: data.names().classes.clone() };
    let seen = Dataset::<2, 2>::new(places.clone(), data.labels().to_vec()).named(names);
    let mut figure = data_map("", &map, &seen);
    figure.aspect = 0.6;
    figure.marks.retain(|mark| !matches!(mark.look, Look::Region { confident: true, .. }));
    if data.len() <= MOST_NAMED {
        figure.marks.push(Mark::new("", Look::Notes(sample_names(&figure, &places, data.samples()))));
    }
    (high < low && [0, 1].iter().all(|class| data.labels().contains(class))).then_some(figure)
}

/// The inputs of each place, above it; those of places that nearly coincide together.
fn sample_names(figure: &Figure, places: &[Point], inputs: &[Point]) -> Vec<(Point, String)> {
    let [across, up] = [figure.x.range, figure.y.range].map(|[low, high]| high - low);
    let mut notes: Vec<(Point, String)> = Vec::new();
    for ([x, y], [a, b]) in places.iter().zip(inputs) {
        let (at, name) = ([*x, y + 0.062 * up], format!("({a}, {b})"));
        let is_near =
            |other: &Point| (other[0] - at[0]).abs() < 0.1 * across && (other[1] - at[1]).abs() < 0.07 * up;
        match notes.iter_mut().find(|(other, _)| is_near(other)) {
            Some((_, names)) => *names = format!("{names}, {name}"),
            None => notes.push((at, name)),
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// |x₁ − x₂| of two units, and two weak ones.
    fn network() -> PlanarNetwork {
        let unit = |slope, offset, weight: f64| HiddenUnit {
            pre_activation: LinearPiece { slope, offset },
            outgoing: vec![-weight / 2.0, weight / 2.0],
        };
        let units = vec![
            unit([1.0, 0.0], 0.0, -0.5),
            unit([2.0, -2.0], 0.0, 4.0),
            unit([-1.0, -1.0], 0.5, 0.2),
            unit([-2.0, 2.0], 0.0, 3.0),
        ];
        let score = LinearPiece::constant;
        PlanarNetwork { scores: vec![score(2.0), score(0.0)], units }
    }

    fn xor() -> Dataset<2, 2> {
        Dataset::new(vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], vec![0, 1, 1, 0])
    }

    #[test]
    fn the_strongest_unit_comes_first_and_the_last_sum_is_the_network() {
        let network = network();
        let formulas: Vec<String> = parts(&network, &xor()).iter().map(Part::formula).collect();
        let expected =
            ["4.0·φ(2.0x₁ − 2.0x₂)", "3.0·φ(−2.0x₁ + 2.0x₂)", "−0.5·φ(1.0x₁)", "0.2·φ(−1.0x₁ − 1.0x₂ + 0.5)"];
        assert_eq!(formulas, expected);
        let page = units("", &network, &xor());
        assert_eq!((&page.title[..], page.columns), ("4 of 4 points right with 2 of 4 units", 3));
        let captions: Vec<&str> = page.panels.iter().map(|panel| panel.caption.as_str()).collect();
        let sums = ["+ unit 2:\n3 of 4 right", "+ unit 4:\n4 of 4 right", "+ the other 2:\n4 of 4 right"];
        assert_eq!(captions, [&["unit 2", "unit 4", "unit 1"][..], &sums].concat());
        // Dead units add nothing.
        let off =
            |unit: &HiddenUnit| HiddenUnit { pre_activation: LinearPiece::constant(-1.0), ..unit.clone() };
        let dead = PlanarNetwork { units: network.units.iter().map(off).collect(), ..network };
        assert_eq!(units("", &dead, &xor()).title, "2 of 4 points right with 0 of 4 units");
    }

    #[test]
    fn behind_the_two_strongest_units_a_line_separates_the_points() {
        let figure = hidden_plane(&network(), &xor()).expect("a line");
        assert_eq!([&figure.x.label[..], &figure.y.label], ["output of unit 2", "output of unit 4"]);
        let notes = figure.marks.iter().find_map(|mark| match &mark.look {
            Look::Notes(notes) => Some(notes.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>()),
            _ => None,
        });
        assert_eq!(notes, Some(vec!["(0, 0), (1, 1)", "(0, 1)", "(1, 0)"]));
        // Units that do not tell (0, 0) from (0, 1).
        let mut blind = network();
        blind.units.truncate(2);
        assert!(hidden_plane(&blind, &xor()).is_none());
        blind.units.truncate(1);
        assert!(hidden_plane(&blind, &xor()).is_none());
    }

    #[test]
    fn inputs_in_unlike_units_keep_their_terms_and_many_points_have_no_names() {
        let unit = |slope| HiddenUnit {
            pre_activation: LinearPiece { slope, offset: 0.04 },
            outgoing: vec![0.0, 1.0],
        };
        let scores = vec![LinearPiece::constant(0.0); 2];
        let network = PlanarNetwork { scores, units: vec![unit([0.0123, 0.04]), unit([0.0, 90.0])] };
        let samples = (0..9).map(|n| [100.0 * f64::from(n), 0.01]).collect();
        let data = Dataset::<2, 2>::new(samples, (0..9).map(|n| usize::from(n > 4)).collect());
        assert_eq!(parts(&network, &data)[0].formula(), "1.0·φ(0.012x₁)");
        let figure = hidden_plane(&network, &data).expect("a line");
        // Of one class alone there is nothing to separate.
        assert!(hidden_plane(&network, &data.select(&[6, 7, 8])).is_none());
        assert!(!figure.marks.iter().any(|mark| matches!(mark.look, Look::Notes(_))));
    }
}
