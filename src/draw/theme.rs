//! Colours, dashes and marker shapes. All three differ between series, so that a figure can be read by the
//! colour-blind and from a grey print.

use super::figure::Point;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// A colour on a light page, and the one in its place on a dark page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paint {
    pub(super) light: Colour,
    pub(super) dark: Colour,
}

const fn paint(light: Colour, dark: Colour) -> Paint {
    Paint { light, dark }
}

pub(super) const PAGE: Paint = paint([255, 255, 255], [13, 17, 23]);
/// Axes, rings, reference lines.
pub(super) const INK: Paint = paint([31, 35, 40], [230, 237, 243]);
/// Words beside the data, and borders between two decision regions.
pub(super) const MUTED: Paint = paint([87, 96, 106], [154, 164, 175]);
pub(super) const GRID: Paint = paint([225, 228, 232], [38, 44, 52]);
/// Lines that must not draw the eye, on the tint of a region; opaque, since browsers disagree on translucent lines that
/// coincide.
pub(super) const FAINT: Paint = paint([150, 156, 163], [112, 121, 131]);

/// At least 3:1 to the page. The first three, of classes, also differ in lightness: blue and green are alike to some.
const SERIES: [Paint; 6] = [
    paint([0, 72, 166], [74, 134, 255]),
    paint([200, 72, 0], [255, 128, 52]),
    paint([0, 160, 114], [120, 240, 195]),
    paint([158, 46, 134], [228, 112, 212]),
    paint([0, 138, 188], [160, 212, 250]),
    paint([130, 102, 30], [186, 160, 96]),
];

/// The colour of series or class `slot`.
pub(super) fn series(slot: usize) -> Paint {
    SERIES[slot % SERIES.len()]
}

/// The colour of the region of class `slot`, on which its markers still stand out: pale, or strong where the network
/// is sure.
pub(super) fn tint(slot: usize, strong: bool) -> Paint {
    let share = if strong { 0.38 } else { 0.19 };
    let mix = |page: Colour, full: Colour| {
        let channel = |n: usize| f64::from(page[n]) + share * (f64::from(full[n]) - f64::from(page[n]));
        [0, 1, 2].map(|n| channel(n).round() as u8)
    };
    let Paint { light, dark } = series(slot);
    paint(mix(PAGE.light, light), mix(PAGE.dark, dark))
}

/// All colours.
pub(super) fn paints() -> impl Iterator<Item = Paint> {
    let slots = (0..SERIES.len()).flat_map(|slot| [series(slot), tint(slot, false), tint(slot, true)]);
    [PAGE, INK, MUTED, GRID, FAINT].into_iter().chain(slots)
}

/// Lengths on and off along the line of series `slot`, before round caps; empty for a solid line.
pub(super) fn dashes(slot: usize) -> &'static [f64] {
    [&[] as &[f64], &[7.0, 5.0], &[0.1, 4.0], &[9.0, 4.5, 0.1, 4.5], &[3.0, 4.0], &[14.0, 5.0]]
        [slot % SERIES.len()]
}

/// The line of the marker of class `slot` around the origin, and its width, which fills the outline: a disc, two triangles, a
/// square or a diamond of about the same area. Lines, since overlapping areas of one path cancel in some readers.
pub(super) fn marker(slot: usize) -> (&'static [Point], f64) {
    match slot % 5 {
        // The ends of a line are round.
        0 => (&[[0.0, 0.0], [0.03, 0.0]], 2.0),
        1 => (&[[0.0, -0.79], [0.685, 0.395], [-0.685, 0.395]], 0.79),
        2 => (&[[0.45, -0.45], [0.45, 0.45], [-0.45, 0.45], [-0.45, -0.45]], 0.9),
        3 => (&[[0.0, -0.675], [0.675, 0.0], [0.0, 0.675], [-0.675, 0.0]], 0.955),
        _ => (&[[0.0, 0.79], [-0.685, -0.395], [0.685, -0.395]], 0.79),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp_ln::{exp, ln};
    use crate::math::order::{larger, smaller};

    /// By the Web Content Accessibility Guidelines 2.2; a power of 2.4 would need std's.
    #[test]
    fn every_line_has_a_contrast_of_three_and_classes_differ_in_lightness() {
        let linear = |channel: u8| {
            let share = (f64::from(channel) / 255.0 + 0.055) / 1.055;
            if channel < 11 { f64::from(channel) / 255.0 / 12.92 } else { exp(2.4 * ln(share)) }
        };
        let light = |colour: Colour| {
            let [red, green, blue] = colour.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        for of in [|paint: Paint| paint.light, |paint: Paint| paint.dark] {
            let contrast = |a: Paint, b: Paint| {
                let [a, b] = [a, b].map(|paint| light(of(paint)));
                larger(a, b) / smaller(a, b)
            };
            assert!((0..SERIES.len()).all(|slot| contrast(series(slot), PAGE) > 3.0));
            assert!((0..3).all(|slot| contrast(series(slot), series((slot + 1) % 3)) > 1.3));
        }
    }

    /// The colours of a dark page are found by those of a light one.
    #[test]
    fn colours_differ() {
        let paints: Vec<Paint> = paints().collect();
        for (n, a) in paints.iter().enumerate() {
            assert!(paints[..n].iter().all(|b| a.light != b.light && a.dark != b.dark), "{a:?}");
        }
    }
}
