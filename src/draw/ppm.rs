//! A figure as a binary portable pixmap (PPM, P6), drawn by a small anti-aliasing rasteriser.
//!
//! Every shape becomes rings of straight edges, and one routine fills those: exactly along a row of pixels,
//! averaging a few lines per row.

use super::figure::{Figure, Point, Polygon};
use super::regions::edges;
use super::scene::Scene;
use super::shapes::{Item, Rectangle};
use super::theme::{Colour, LIGHT, circle, marker};
use crate::order::{ascending, larger, smaller};

/// Sample lines per row of pixels.
const LINES: i64 = 5;

/// The figure in `width` × `height` pixels on a light page: regions, lines, points, axes and ticks, laid out as in
/// the SVG but without any text (there is no font), and without the room for it.
///
/// # Panics
///
/// If an image that large does not fit into memory.
#[must_use]
pub fn ppm(figure: &Figure, width: usize, height: usize) -> Vec<u8> {
    let mut canvas = Canvas { width, height, pixels: vec![LIGHT.page; width * height] };
    let size = [width, height].map(|pixels| pixels as f64);
    let natural = Scene::size_without_text(figure);
    let scale = smaller(size[0] / natural[0], size[1] / natural[1]);
    if scale > 0.0 {
        let scene = Scene::without_text(figure, size.map(|length| length / scale));
        let page = Rectangle { left: 0.0, top: 0.0, width: scene.size[0], height: scene.size[1] };
        for (items, clip) in [(&scene.back, page), (&scene.data, scene.plot), (&scene.front, page)] {
            for item in items {
                Pen { canvas: &mut canvas, scale, clip }.draw(item);
            }
        }
    }
    let mut out = format!("P6\n{width} {height}\n255\n").into_bytes();
    out.extend(canvas.pixels.as_flattened());
    out
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

/// What turns a scene's shapes into filled rings of pixels.
struct Pen<'a> {
    canvas: &'a mut Canvas,
    /// Pixels per unit of the scene.
    scale: f64,
    /// What is outside stays as it is, in the scene's units.
    clip: Rectangle,
}

impl Pen<'_> {
    fn draw(&mut self, item: &Item) {
        match item {
            Item::Area { class, strong: true, rings } => self.fill(rings, LIGHT.tint(*class, true)),
            Item::Area { class, strong: false, rings } => {
                let closed = |ring: &Polygon| ring.iter().chain(ring.first()).copied().collect();
                let outlines: Vec<Vec<Point>> = rings.iter().map(closed).collect();
                self.fill(rings, LIGHT.tint(*class, false));
                self.fill(&stroked(&outlines, 1.2), LIGHT.boundary);
            }
            Item::Tile { shade, outline } => {
                self.fill(std::slice::from_ref(outline), LIGHT.shade(0, *shade));
            }
            Item::Discs { radius, at } => {
                self.fill(&stamped(at, &[scaled(&circle(), radius + 0.5)]), LIGHT.ink);
                self.fill(&stamped(at, &[scaled(&circle(), radius - 0.5)]), LIGHT.page);
            }
            Item::Stroke { paint, width, dashes, lines } => {
                let dashed: Vec<Vec<Point>> = lines.iter().flat_map(|line| dashed(line, dashes)).collect();
                self.fill(&stroked(&dashed, *width), LIGHT.paint(*paint));
            }
            Item::Markers { class, radius, at } => {
                let outline = marker(*class).unwrap_or_else(circle);
                self.fill(&stamped(at, &[scaled(&outline, radius + 0.5)]), LIGHT.page);
                self.fill(&stamped(at, &[scaled(&outline, *radius)]), LIGHT.series(*class));
            }
            Item::Rings { radius, at } => {
                let mut inner = scaled(&circle(), 0.875 * radius);
                inner.reverse();
                self.fill(&stamped(at, &[scaled(&circle(), 1.125 * radius), inner]), LIGHT.ink);
            }
            Item::Text { .. } => {}
        }
    }

    /// Fills rings by the non-zero rule: overlapping rings that run the same way round count once.
    fn fill(&mut self, rings: &[Polygon], colour: Colour) {
        let Rectangle { left, top, width, height } = self.clip;
        let [left, top, right, bottom] =
            [left, top, left + width, top + height].map(|side| side * self.scale);
        let (left, right) = (larger(left, 0.0), smaller(right, self.canvas.width as f64));
        let lines_per_unit = self.scale * LINES as f64;
        // The sample lines within the clip rectangle, by the place of their middles.
        let first_line = (larger(top, 0.0) * LINES as f64 - 0.5).ceil() as i64;
        let end_line = (smaller(bottom, self.canvas.height as f64) * LINES as f64 - 0.5).ceil() as i64;
        // Where an edge crosses a sample line, and whether upwards or downwards.
        let mut crossings: Vec<(i64, f64, i32)> = Vec::new();
        for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
            let (high, low, turn) = if a[1] < b[1] { (a, b, 1) } else { (b, a, -1) };
            let [first, end] = [high, low].map(|point| (point[1] * lines_per_unit - 0.5).ceil() as i64);
            for line in first.max(first_line)..end.min(end_line) {
                let y = (line as f64 + 0.5) / lines_per_unit;
                let x = high[0] + (y - high[1]) / (low[1] - high[1]) * (low[0] - high[0]);
                crossings.push((line, (x * self.scale).clamp(left, right), turn));
            }
        }
        crossings.sort_by(|a, b| a.0.cmp(&b.0).then(ascending(&a.1, &b.1)));
        let mut coverage = vec![0.0; self.canvas.width];
        for row in crossings.chunk_by(|a, b| a.0 / LINES == b.0 / LINES) {
            let mut winding = 0;
            // Every ring is closed, so the winding is back at 0 where a sample line ends.
            for pair in row.windows(2) {
                winding += pair[0].2;
                if winding != 0 {
                    cover(&mut coverage, pair[0].1, pair[1].1, 1.0 / LINES as f64);
                }
            }
            let start = row.iter().map(|crossing| crossing.1).fold(right, smaller).floor() as usize;
            let end = row.iter().map(|crossing| crossing.1).fold(left, larger).ceil() as usize;
            self.canvas.blend(
                (row[0].0 / LINES) as usize,
                start,
                &mut coverage[start..end.max(start)],
                colour,
            );
        }
    }
}

impl Canvas {
    /// Mixes `colour` into the pixels of a row from `start` on, by their coverage, which is set back to zero.
    fn blend(&mut self, row: usize, start: usize, coverage: &mut [f64], colour: Colour) {
        let pixels = &mut self.pixels[row * self.width + start..];
        for (pixel, share) in pixels.iter_mut().zip(coverage) {
            for (channel, target) in pixel.iter_mut().zip(colour) {
                let mixed = f64::from(*channel) + *share * (f64::from(target) - f64::from(*channel));
                *channel = mixed.round() as u8;
            }
            *share = 0.0;
        }
    }
}

/// Adds `weight` to the pixels between `from` and `to`, and its share to those partly between them.
fn cover(coverage: &mut [f64], from: f64, to: f64, weight: f64) {
    for pixel in from.floor() as usize..to.ceil() as usize {
        let inside = smaller(to, pixel as f64 + 1.0) - larger(from, pixel as f64);
        coverage[pixel] += weight * inside;
    }
}

/// Lines as rings that all run the same way round: a rectangle for each piece and a disc at each point, so that
/// joins and ends are round.
fn stroked(lines: &[Vec<Point>], width: f64) -> Vec<Polygon> {
    let disc = scaled(&circle(), width / 2.0);
    let mut rings = Vec::new();
    for line in lines {
        for pair in line.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let along = [b[0] - a[0], b[1] - a[1]];
            let factor = width / 2.0 / length(along);
            if factor.is_finite() {
                let [x, y] = [-along[1] * factor, along[0] * factor];
                rings.push(vec![
                    [a[0] - x, a[1] - y],
                    [b[0] - x, b[1] - y],
                    [b[0] + x, b[1] + y],
                    [a[0] + x, a[1] + y],
                ]);
            }
        }
        rings.extend(stamped(line, std::slice::from_ref(&disc)));
    }
    rings
}

/// A copy of the shape around each centre.
fn stamped(centres: &[Point], shape: &[Polygon]) -> Vec<Polygon> {
    let moved =
        |ring: &Polygon, centre: &Point| ring.iter().map(|p| [p[0] + centre[0], p[1] + centre[1]]).collect();
    centres.iter().flat_map(|centre| shape.iter().map(move |ring| moved(ring, centre))).collect()
}

fn scaled(ring: &[Point], factor: f64) -> Polygon {
    ring.iter().map(|point| point.map(|length| length * factor)).collect()
}

fn length([x, y]: Point) -> f64 {
    (x * x + y * y).sqrt()
}

/// The dashes of a line, each a line of its own; `pattern` is lengths on and off in turn, or empty for no gaps.
fn dashed(line: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if pattern.is_empty() || line.is_empty() {
        return vec![line.to_vec()];
    }
    let (mut phase, mut left) = (0, pattern[0]);
    let mut dashes = vec![vec![line[0]]];
    for pair in line.windows(2) {
        let (mut at, end) = (pair[0], pair[1]);
        loop {
            let to_go = [end[0] - at[0], end[1] - at[1]];
            let step = length(to_go);
            let reached = step <= left;
            let share = if reached { 1.0 } else { left / step };
            at = [at[0] + share * to_go[0], at[1] + share * to_go[1]];
            let drawing = phase % 2 == 0;
            if let (true, Some(dash)) = (drawing, dashes.last_mut()) {
                dash.push(at);
            }
            if reached {
                left -= step;
                break;
            }
            phase += 1;
            left = pattern[phase % pattern.len()];
            if !drawing {
                dashes.push(vec![at]);
            }
        }
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::super::figure::Mark;
    use super::super::figures::{decision_map, loss_curves};
    use super::super::regions::tests::Numbers;
    use super::super::theme::Paint;
    use super::*;

    /// Width, height and pixels of a P6 image.
    fn decoded(image: &[u8]) -> (usize, usize, Vec<Colour>) {
        let mut fields = image.splitn(4, |&byte| byte == b'\n');
        let mut text = || std::str::from_utf8(fields.next().unwrap()).unwrap().to_owned();
        assert_eq!(text(), "P6");
        let size: Vec<usize> = text().split(' ').map(|number| number.parse().unwrap()).collect();
        assert_eq!(text(), "255");
        let samples = fields.next().unwrap();
        assert_eq!(samples.len(), 3 * size[0] * size[1]);
        (size[0], size[1], samples.chunks(3).map(|rgb| [rgb[0], rgb[1], rgb[2]]).collect())
    }

    fn map() -> Figure {
        let mut numbers = Numbers::new(15);
        let points: Vec<_> = (0..30).map(|n| (numbers.point(), n % 3)).collect();
        decision_map("", "", &["a", "b", "c"], &numbers.network(8, 3, 0.0), &points)
    }

    fn canvas(width: usize, height: usize) -> Canvas {
        Canvas { width, height, pixels: vec![[255; 3]; width * height] }
    }

    fn draw(canvas: &mut Canvas, scale: f64, item: &Item) {
        let [width, height] = [canvas.width, canvas.height].map(|pixels| pixels as f64 / scale);
        Pen { canvas, scale, clip: Rectangle { left: 0.0, top: 0.0, width, height } }.draw(item);
    }

    #[test]
    fn the_image_has_the_size_asked_for_whatever_that_is() {
        for (width, height) in [(0, 0), (0, 5), (5, 0), (1, 1), (1, 300), (300, 1), (64, 48), (97, 31)] {
            for figure in [
                map(),
                loss_curves("", "", 0, &[("", &[1.0, 0.5])], vec![]),
                loss_curves("", "", 0, &[], vec![]),
            ] {
                let (w, h, _) = decoded(&ppm(&figure, width, height));
                assert_eq!((w, h), (width, height));
            }
        }
    }

    #[test]
    fn pixels_inside_a_region_have_the_tint_of_the_class_the_network_predicts() {
        let mut numbers = Numbers::new(16);
        for _ in 0..5 {
            let network = numbers.network(8, 3, 0.0);
            let mut figure =
                decision_map("", "", &["a", "b", "c"], &network, &[([-1.0, -1.0], 0), ([1.0, 1.0], 1)]);
            figure.marks.retain(|mark| matches!(mark, Mark::Region { confident: false, .. }));
            let (width, height) = (300, 220);
            let (.., pixels) = decoded(&ppm(&figure, width, height));
            let scale = {
                let natural = Scene::size_without_text(&figure);
                smaller(300.0 / natural[0], 220.0 / natural[1])
            };
            let plot = Scene::without_text(&figure, [300.0 / scale, 220.0 / scale]).plot;
            let (mut checked, mut classes) = (0, [0; 3]);
            for (row, column) in (0..height).flat_map(|row| (0..width).map(move |column| (row, column))) {
                let at = |dx: f64, dy: f64| {
                    let across = ((column as f64 + dx) / scale - plot.left) / plot.width;
                    let up = 1.0 - ((row as f64 + dy) / scale - plot.top) / plot.height;
                    let ([left, right], [low, high]) = (figure.x.range(), figure.y.range());
                    let inside = smaller(across, up) > 0.02 && larger(across, up) < 0.98;
                    inside
                        .then(|| network.classify([left + across * (right - left), low + up * (high - low)]))
                };
                let class = at(0.5, 0.5);
                // Two pixels around: the boundary is a line about one pixel wide.
                let around = [(-2.0, -2.0), (-2.0, 3.0), (3.0, -2.0), (3.0, 3.0), (0.5, -2.0), (0.5, 3.0)];
                if let Some(class) = class.filter(|_| around.iter().all(|&(dx, dy)| at(dx, dy) == class)) {
                    assert_eq!(
                        pixels[row * width + column],
                        LIGHT.tint(class, false),
                        "row {row}, column {column}"
                    );
                    checked += 1;
                    classes[class] += 1;
                }
            }
            assert!(checked > 20_000, "only {checked} pixels checked ({classes:?})");
        }
    }

    #[test]
    fn an_edge_through_a_pixel_gives_it_the_share_it_covers() {
        let mut canvas = canvas(4, 3);
        let clip = Rectangle { left: 0.0, top: 0.0, width: 4.0, height: 3.0 };
        let square = vec![[0.25, 1.0], [2.5, 1.0], [2.5, 2.0], [0.25, 2.0]];
        Pen { canvas: &mut canvas, scale: 1.0, clip }.fill(&[square], [0; 3]);
        let row = |row: usize| canvas.pixels[4 * row..][..4].iter().map(|pixel| pixel[0]).collect::<Vec<_>>();
        assert_eq!(row(1), [64, 0, 128, 255]);
        assert_eq!([row(0), row(2)], [[255; 4], [255; 4]]);
    }

    #[test]
    fn nothing_is_drawn_outside_the_clip() {
        let mut canvas = canvas(10, 10);
        let clip = Rectangle { left: 2.0, top: 3.0, width: 4.0, height: 5.0 };
        let around = vec![[-50.0, -50.0], [50.0, -50.0], [50.0, 50.0], [-50.0, 50.0]];
        Pen { canvas: &mut canvas, scale: 1.0, clip }.fill(&[around], [0; 3]);
        for (index, pixel) in canvas.pixels.iter().enumerate() {
            let inside = (2..6).contains(&(index % 10)) && (3..8).contains(&(index / 10));
            assert_eq!(*pixel, if inside { [0; 3] } else { [255; 3] });
        }
    }

    #[test]
    fn overlapping_strokes_neither_cancel_nor_darken() {
        let line = vec![[2.0, 5.0], [8.0, 5.0]];
        let turned = vec![[8.0, 5.0], [2.0, 5.0], [8.0, 5.0]];
        let [once, thrice] = [vec![line.clone()], vec![line, turned]].map(|lines| {
            let mut canvas = canvas(10, 10);
            draw(&mut canvas, 1.0, &Item::Stroke { paint: Paint::Ink, width: 2.5, dashes: &[], lines });
            canvas.pixels
        });
        assert_eq!(once, thrice);
        assert_eq!(once[5 * 10 + 5], LIGHT.ink);
    }

    #[test]
    fn dashes_and_gaps_have_their_lengths_round_corners_too() {
        let line = [[0.0, 0.0], [4.0, 0.0], [4.0, 5.0]];
        let expected = [vec![[0.0, 0.0], [3.0, 0.0]], vec![[4.0, 1.0], [4.0, 4.0]]];
        assert_eq!(dashed(&line, &[3.0, 2.0]), expected);
        assert_eq!(dashed(&line, &[5.0, 1.0])[0], [[0.0, 0.0], [4.0, 0.0], [4.0, 1.0]]);
        assert_eq!(dashed(&line, &[]), [line]);
    }

    #[test]
    fn markers_and_rings_are_drawn_where_the_data_are() {
        let mut canvas = canvas(40, 40);
        draw(&mut canvas, 1.0, &Item::Markers { class: 2, radius: 4.0, at: vec![[10.0, 10.0]] });
        draw(&mut canvas, 1.0, &Item::Rings { radius: 6.0, at: vec![[30.0, 30.0]] });
        let pixel = |x: usize, y: usize| canvas.pixels[40 * y + x];
        assert_eq!(pixel(10, 10), LIGHT.series(2));
        assert_eq!([pixel(30, 30), pixel(20, 20)], [[255; 3]; 2]);
        // The middle of the ring's line, right of the centre: a width of 1.5 covers most of this pixel.
        assert!(pixel(35, 30)[0] < 128, "{:?}", pixel(35, 30));
    }
}
