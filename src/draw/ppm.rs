//! Regions of a plane as a binary portable pixmap (PPM, P6), decided pixel by pixel.

use super::figure::{Figure, Look, Point};
use super::theme::{Colour, PAGE, series, tint};
use crate::math::order::{larger, smaller};

/// The plane of a figure in the middle of `width` × `height` pixels, as large as its aspect allows, and beyond its axes as far
/// as the image goes, without axes and text.
///
/// Each pixel has the tint of the region that its centre lies in, if any: `region` gives the class and whether the stronger
/// tint is meant. The figure's [`Look::Scatter`] points are squares in the colour of their class.
pub fn ppm(
    figure: &Figure,
    [width, height]: [usize; 2],
    region: impl Fn(Point) -> Option<(usize, bool)>,
) -> Vec<u8> {
    let [x, y] = [figure.x.range, figure.y.range];
    let across = smaller(width as f64, height as f64 / figure.aspect);
    let pixel = [(x[1] - x[0]) / across, (y[1] - y[0]) / (across * figure.aspect)];
    let left = f64::midpoint(x[0], x[1]) - pixel[0] * width as f64 / 2.0;
    let top = f64::midpoint(y[0], y[1]) + pixel[1] * height as f64 / 2.0;

    let mut pixels: Vec<Colour> = Vec::with_capacity(width * height);
    for row in 0..height {
        for column in 0..width {
            let centre = [left + pixel[0] * (column as f64 + 0.5), top - pixel[1] * (row as f64 + 0.5)];
            pixels.push(region(centre).map_or(PAGE, |(class, strong)| tint(class, strong)).light);
        }
    }

    // From the centre of a square to its edge, around which runs a line in the colour of the page.
    let radius = (width.min(height) / 200) as f64;
    let span = |at: f64, end: usize| {
        larger(at - radius - 1.0, 0.0) as usize..((at + radius + 2.0) as usize).min(end)
    };
    for mark in &figure.marks {
        let Look::Scatter(class, points) = &mark.look else { continue };
        for &[x, y] in points {
            let (x, y) = (((x - left) / pixel[0]).floor(), ((top - y) / pixel[1]).floor());
            for row in span(y, height) {
                for column in span(x, width) {
                    let inside = (column as f64 - x).abs() <= radius && (row as f64 - y).abs() <= radius;
                    pixels[row * width + column] = if inside { series(*class) } else { PAGE }.light;
                }
            }
        }
    }
    let mut out = format!("P6\n{width} {height}\n255\n").into_bytes();
    out.extend(pixels.as_flattened());
    out
}

#[cfg(test)]
mod tests {
    use super::super::axis::{Axis, Scale};
    use super::super::figure::Mark;
    use super::*;

    /// The pixels of an image without regions, of points of class 2 in a square as long as this: `#` for a point, `o` for
    /// the page around it, `.` elsewhere.
    fn rows(length: f64, points: &[Point], size: [usize; 2]) -> Vec<String> {
        let axis = || Axis::new("", [0.0, length], Scale::Linear);
        let marks = vec![Mark::new("", Look::Scatter(2, points.to_vec()))];
        let image = ppm(&Figure::new("", [axis(), axis()], 1.0, marks), size, |_| Some((0, false)));
        let header = format!("P6\n{} {}\n255\n", size[0], size[1]);
        let pixels = image.strip_prefix(header.as_bytes()).expect("the header");
        assert_eq!(pixels.len(), 3 * size[0] * size[1]);
        let look = |colour: &[u8]| match colour {
            colour if colour == series(2).light => '#',
            colour if colour == PAGE.light => 'o',
            _ => '.',
        };
        pixels.chunks(3 * size[0].max(1)).map(|row| row.chunks(3).map(look).collect()).collect()
    }

    #[test]
    fn samples_are_squares_with_a_line_around_them_cut_off_at_the_edge() {
        let rows = rows(4.0, &[[1.5, 2.5], [3.9, 0.1], [-5.0, 1.0]], [4, 4]);
        assert_eq!(rows, ["ooo.", "o#o.", "oooo", "..o#"]);
    }

    #[test]
    fn the_figure_is_in_the_middle_of_an_image_of_any_size() {
        for size in [[1, 1], [1, 300], [300, 1], [97, 31], [31, 97]] {
            let least = size[0].min(size[1]) as f64;
            let [column, row] = [(0, 0.9), (1, 0.1)]
                .map(|(axis, share)| f64::midpoint(size[axis] as f64, (share * 2.0 - 1.0) * least));
            assert_eq!(
                rows(10.0, &[[9.0, 9.0]], size)[row as usize].find('#'),
                Some(column as usize),
                "{size:?}"
            );
        }
        for size in [[0, 0], [0, 5], [5, 0]] {
            assert_eq!(rows(10.0, &[], size), [""; 0]);
        }
    }
}
