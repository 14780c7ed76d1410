//! Every kind of mark, frame and diagram is drawn as it is in `tests/laws/drawing/`, to the byte.
//!
//! `REGENERATE=1 cargo test --test laws drawing` draws them anew; look at them before they are committed.

use std::path::Path;

use crate::common::settle;
use backprop::draw::{Axis, Figure, Frame, Look, Mark, Page, Point, Polygon, Scale, ppm, svg};
use backprop::figures::{PlanarNetwork, gates};
use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::rng::Rng;

fn label(text: &str) -> String {
    text.to_owned()
}

fn rectangle([left, bottom]: Point, [right, top]: Point) -> Polygon {
    vec![[left, bottom], [right, bottom], [right, top], [left, top]]
}

/// All that stands over epochs, on a logarithmic axis; some of it has no place there.
fn curves() -> Figure {
    let falling = |from: f64| (0..8).map(|n| [f64::from(n), from / f64::from(1 + n * n)]).collect::<Vec<_>>();
    let mut gaps = falling(0.5);
    (gaps[2][1], gaps[4][1]) = (0.0, f64::NAN);
    let line = |text, series, dotted, points| Mark::new(text, Look::Line { series, dotted, points });
    let marks = vec![
        Mark::new("band", Look::Band { series: 4, low: falling(0.7), high: falling(1.4), filled: true }),
        Mark::new("optimum", Look::HorizontalLine(0.02)),
        Mark::new("nowhere", Look::HorizontalLine(-1.0)),
        Mark::new("best", Look::VerticalLine(5.0)),
        line("line", 0, false, falling(1.0)),
        line("dotted", 1, true, falling(2.0)),
        line("WITH GAPS, and with a name that is too long to stand beside another in a row", 7, false, gaps),
    ];
    let x = Axis::new("epoch", [-0.2, 7.4], Scale::Linear);
    let y = Axis::new("loss", [0.004, 3.0], Scale::Log);
    Figure::new("", [x, y], 0.7, marks)
}

/// All that stands in the plane, on axes of one scale.
fn plane() -> Figure {
    let mut square_with_hole =
        vec![rectangle([-0.9, -0.9], [0.2, 0.9]), rectangle([-0.7, -0.5], [-0.2, 0.5])];
    square_with_hole[1].reverse();
    let region = |text, class, confident, rings| Mark::new(text, Look::Region { class, confident, rings });
    let mut marks = vec![
        region("region", 0, false, square_with_hole),
        region("sure", 6, true, vec![rectangle([0.4, -2.0], [0.9, 0.3])]),
        region("empty", 2, false, Vec::new()),
        Mark::new("segments", Look::Segments(vec![[[-1.0, 0.6], [1.0, -0.4]]])),
    ];
    for class in 0..6 {
        let x = -0.8 + 0.3 * class as f64;
        let points = vec![[x, 0.7], [x, -0.7]];
        marks.push(Mark::new(format!("class {class}"), Look::Scatter(class, points)));
    }
    marks.push(Mark::new("misclassified", Look::Rings(vec![[0.1, 0.7]])));
    marks.push(Mark::new("misclassified", Look::Rings(Vec::new())));
    let x = Axis::new("x₁", [-1.0, 1.0], Scale::Linear);
    let y = Axis::new("x₂", [-1.0, 0.9], Scale::Linear);
    Figure::new("", [x, y], 0.95, marks)
}

/// All that stands in a diagram.
fn diagram() -> Figure {
    let [a, b, c] = [[0.2, 0.8], [0.2, 0.2], [0.8, 0.5]];
    let wires = vec![([a, c], 1.0), ([b, c], -0.25), ([a, b], 0.0)];
    let looks = [
        Look::Wires(wires),
        Look::Units(vec![(a, label("a")), (b, label("b")), (c, label("c"))]),
        Look::Notes(vec![([0.5, 0.9], label("note")), ([0.5, f64::NAN], label("nowhere"))]),
    ];
    let marks = looks.map(|look| Mark::new("", look)).to_vec();
    Figure::diagram("without axes", [[0.0, 1.0]; 2], 0.5, marks)
}

/// A figure alone on its page.
fn alone(figure: Figure) -> Page {
    let words = ["A title", "a line of settings\nand another, with <, > and &", "A figure."];
    Page::new(words, 1, vec![figure])
}

fn page(columns: usize) -> Page {
    let boxed = Figure { frame: Frame::Box, aspect: 1.5, ..plane() };
    Page {
        title: label(
            "Every kind of mark, in every kind of frame, under a title that takes more than a line of this page",
        ),
        subtitle: label("a subtitle"),
        description: label("A page of figures."),
        columns,
        panels: vec![
            Figure { caption: label("a caption\nand another line"), ..curves() },
            boxed,
            plane(),
            diagram(),
        ],
    }
}

/// An image as characters, one for each pixel: a space for white, then digits, capitals and small letters, the darker
/// the further on.
fn characters(figure: &Figure, width: usize, height: usize) -> String {
    // A disc in the middle, with a sure part.
    let region = |[x, y]: Point| Some((if x * x + y * y < 0.5 { 3 } else { 0 }, x * x + y * y < 0.2));
    let image = ppm(figure, [width, height], region);
    let pixels = &image[image.len() - 3 * width * height..];
    let shades: Vec<char> = [' '].into_iter().chain('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let shade = |pixel: &[u8]| {
        let light: usize = pixel.iter().map(|&channel| usize::from(channel)).sum();
        shades[(3 * 255 - light) * (shades.len() - 1) / (3 * 255)]
    };
    let row = |row: &[u8]| row.chunks(3).map(shade).chain(['\n']).collect::<String>();
    pixels.chunks(3 * width).map(row).collect()
}

#[test]
fn every_kind_of_mark_frame_and_diagram_is_drawn_as_it_was() {
    let init = Init { weights: WeightInit::Mirrored, bias: -0.3 };
    let network = PlanarNetwork::from(&Mlp1::<2, 4, 2>::initialised(&init, &mut Rng::new(1)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/laws/drawing");
    for (name, document) in [
        ("curves.svg", svg(&alone(curves()))),
        ("plane.svg", svg(&alone(plane()))),
        ("gates.svg", svg(&gates("", "", &network, true))),
        ("page.svg", svg(&page(2))),
        ("plane.txt", characters(&plane(), 64, 64)),
    ] {
        settle(&folder.join(name), document.as_bytes());
    }
}

/// Each of these is drawn wrong by a reader that documents are made with.
#[test]
fn a_figure_needs_nothing_that_some_readers_lack_and_fits_a_page() {
    let guards = "<style media=\"(prefers-color-scheme: dark)\">\n@media (prefers-color-scheme: dark) {\n";
    for document in [svg(&alone(curves())), svg(&alone(plane())), svg(&page(1)), svg(&page(2))] {
        assert_eq!([document.matches("<svg").count(), document.matches("class=").count()], [1, 1]);
        assert_eq!([document.matches(guards).count(), document.matches("style").count()], [1, 2]);
        for words in ["clip", "paint-order", "opacity", "url(", "\"miter\""] {
            assert!(!document.contains(words), "{words}");
        }
        let length = |name: &str| {
            let (_, rest) = document.split_once(&format!(" {name}=\"")).expect("it is there");
            rest.split('"').next().and_then(|text| text.parse().ok()).expect("a number")
        };
        let [width, height] = ["width", "height"].map(length).map(|pixels: f64| pixels * 2.54 / 96.0);
        assert!(width <= 16.0 && height <= 23.0, "{width} cm x {height} cm");
    }
}
