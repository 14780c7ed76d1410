//! Regions of a plane as a binary portable pixmap (PPM, P6), decided pixel by pixel.

use super::axis::Axis;
use super::figure::{Aspect, Figure, Mark, Point};
use super::theme::{Colour, LIGHT};
use crate::math::order::larger;

/// The plane of a figure in `width` × `height` pixels, without axes and text; one unit of x is as long as one unit of y where
/// the figure's [aspect](Aspect) is equal.
///
/// Each pixel has the tint of the region that its centre lies in, if any: `region` gives the class and whether the stronger
/// tint is meant. The figure's [`Mark::Scatter`] points are squares in the colour of their class.
#[must_use]
pub fn ppm(
    figure: &Figure,
    [width, height]: [usize; 2],
    region: impl Fn(Point) -> Option<(usize, bool)>,
) -> Vec<u8> {
    let [x, y] = [&figure.x, &figure.y].map(Axis::range);
    let pixel = [(x[1] - x[0]) / width as f64, (y[1] - y[0]) / height as f64];
    let pixel = if figure.aspect == Aspect::Equal { [larger(pixel[0], pixel[1]); 2] } else { pixel };
    let left = f64::midpoint(x[0], x[1]) - pixel[0] * width as f64 / 2.0;
    let top = f64::midpoint(y[0], y[1]) + pixel[1] * height as f64 / 2.0;

    let mut pixels: Vec<Colour> = Vec::with_capacity(width * height);
    for row in 0..height {
        for column in 0..width {
            let centre = [left + pixel[0] * (column as f64 + 0.5), top - pixel[1] * (row as f64 + 0.5)];
            pixels.push(region(centre).map_or(LIGHT.page, |(class, strong)| LIGHT.tint(class, strong)));
        }
    }

    // From the centre of a square to its edge, around which runs a line in the colour of the page.
    let radius = (width.min(height) / 200) as f64;
    let span = |at: f64, end: usize| {
        larger(at - radius - 1.0, 0.0) as usize..((at + radius + 2.0) as usize).min(end)
    };
    for mark in &figure.marks {
        let Mark::Scatter { class, points, .. } = mark else { continue };
        for &[x, y] in points {
            let (x, y) = (((x - left) / pixel[0]).floor(), ((top - y) / pixel[1]).floor());
            for (row, column) in
                span(y, height).flat_map(|row| span(x, width).map(move |column| (row, column)))
            {
                let inside = (column as f64 - x).abs() <= radius && (row as f64 - y).abs() <= radius;
                pixels[row * width + column] = if inside { LIGHT.series(*class) } else { LIGHT.page };
            }
        }
    }
    let mut out = format!("P6\n{width} {height}\n255\n").into_bytes();
    out.extend(pixels.as_flattened());
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::plane;
    use super::*;

    /// The pixels of a P6 image of this size.
    fn pixels(image: &[u8], size: [usize; 2]) -> Vec<Colour> {
        let header = format!("P6\n{} {}\n255\n", size[0], size[1]);
        let samples = image.strip_prefix(header.as_bytes()).expect("the header");
        assert_eq!(samples.len(), 3 * size[0] * size[1]);
        samples.chunks(3).map(|rgb| [rgb[0], rgb[1], rgb[2]]).collect()
    }

    /// Right of a falling line, sure far from it.
    #[expect(clippy::unnecessary_wraps, reason = "as ppm takes it")]
    fn region([x, y]: Point) -> Option<(usize, bool)> {
        Some((usize::from(x + y > 0.03), (x + y).abs() > 0.53))
    }

    #[test]
    fn each_pixel_has_the_tint_of_the_region_around_its_centre() {
        let mut figure = plane("", [""; 3], 0, 1.0);
        (figure.x, figure.y) =
            (Axis::new("", [-2.0, 2.0], figure.x.scale()), Axis::new("", [-1.0, 1.0], figure.y.scale()));
        // As high as wide: one unit is ten pixels, and the plane goes on above and below the figure.
        let image = pixels(&ppm(&figure, [40, 40], region), [40, 40]);
        for (row, column) in (0..40).flat_map(|row| (0..40).map(move |column| (row, column))) {
            let centre = [(f64::from(column) + 0.5) / 10.0 - 2.0, 2.0 - (f64::from(row) + 0.5) / 10.0];
            let (class, sure) = region(centre).unwrap();
            assert_eq!(image[(40 * row + column) as usize], LIGHT.tint(class, sure), "{centre:?}");
        }
    }

    #[test]
    fn without_regions_the_page_is_seen_and_without_a_common_unit_the_figure_fills_the_image() {
        let mut figure = plane("", [""; 3], 0, 1.0);
        (figure.x, figure.y) =
            (Axis::new("", [0.0, 1000.0], figure.x.scale()), Axis::new("", [0.0, 1.0], figure.y.scale()));
        figure.aspect = Aspect::Share(1.0);
        figure.marks = vec![Mark::Scatter { label: String::new(), class: 1, points: vec![[950.0, 0.95]] }];
        let image = pixels(&ppm(&figure, [10, 10], |_| None), [10, 10]);
        let expected = |n| if n == 9 { LIGHT.series(1) } else { LIGHT.page };
        assert_eq!(image, (0..100).map(expected).collect::<Vec<_>>());
    }

    #[test]
    fn samples_are_squares_with_a_line_around_them_cut_off_at_the_edge() {
        let mut figure = plane("", [""; 3], 0, 1.0);
        (figure.x, figure.y) =
            (Axis::new("", [0.0, 9.0], figure.x.scale()), Axis::new("", [0.0, 9.0], figure.y.scale()));
        let points = vec![[4.5, 6.5], [0.1, 0.1], [-5.0, 1.0]];
        figure.marks = vec![Mark::Scatter { label: String::new(), class: 2, points }];
        let image = pixels(&ppm(&figure, [9, 9], |_| Some((0, false))), [9, 9]);
        let look = |colour: &Colour| match *colour {
            colour if colour == LIGHT.series(2) => '#',
            colour if colour == LIGHT.page => 'o',
            _ => '.',
        };
        let rows: Vec<String> = image.chunks(9).map(|row| row.iter().map(look).collect()).collect();
        let expected = [
            ".........",
            "...ooo...",
            "...o#o...",
            "...ooo...",
            ".........",
            ".........",
            ".........",
            "oo.......",
            "#o.......",
        ];
        assert_eq!(rows, expected);
        let large = pixels(&ppm(&figure, [200, 200], |_| Some((0, false))), [200, 200]);
        assert_eq!(large.iter().filter(|&&colour| colour == LIGHT.series(2)).count(), 9 + 9);
    }

    #[test]
    fn the_image_has_the_size_asked_for_whatever_that_is() {
        for size in [[0, 0], [0, 5], [5, 0], [1, 1], [1, 300], [300, 1], [97, 31]] {
            pixels(&ppm(&plane("", ["a", "b", "c"], 30, 1.0), size, region), size);
        }
    }
}
