//! Colours, dashes and marker shapes. All three differ between series, so that a figure can be read by the
//! colour-blind and from a grey print.

use super::figure::Point;

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// The number of series before colours repeat.
pub(super) const SLOTS: usize = 6;

/// The colours of one rendering, for a light page or a dark one.
pub(super) struct Theme {
    pub(super) page: Colour,
    /// Axes, rings, reference lines.
    pub(super) ink: Colour,
    pub(super) muted: Colour,
    /// Between two decision regions.
    pub(super) boundary: Colour,
    pub(super) grid: Colour,
    /// Lines that must not draw the eye, on the tint of a region; opaque, since browsers disagree on translucent lines that
    /// coincide.
    pub(super) faint: Colour,
    series: [Colour; SLOTS],
}

/// The palette of Okabe and Ito (*Color Universal Design*, 2008), black and yellow left out.
pub(super) const LIGHT: Theme = Theme {
    page: [255, 255, 255],
    ink: [31, 35, 40],
    muted: [87, 96, 106],
    boundary: [95, 103, 112],
    grid: [225, 228, 232],
    faint: [150, 156, 163],
    series: [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [86, 180, 233], [230, 159, 0]],
};

/// The theme for a dark page: the hues of the light one, lighter.
pub(super) const DARK: Theme = Theme {
    page: [13, 17, 23],
    ink: [230, 237, 243],
    muted: [154, 164, 175],
    boundary: [150, 160, 171],
    grid: [38, 44, 52],
    faint: [112, 121, 131],
    series: [
        [77, 166, 230],
        [242, 135, 68],
        [38, 196, 150],
        [226, 154, 196],
        [165, 216, 250],
        [242, 190, 80],
    ],
};

impl Theme {
    /// The colour of series or class `slot`.
    pub(super) fn series(&self, slot: usize) -> Colour {
        self.series[slot % SLOTS]
    }

    /// The colour of the region of class `slot`, on which its markers still stand out: pale, or strong where the network
    /// is sure.
    pub(super) fn tint(&self, slot: usize, strong: bool) -> Colour {
        let share = if strong { 0.38 } else { 0.19 };
        let mix = |page: u8, full: u8| {
            (f64::from(page) + share * (f64::from(full) - f64::from(page))).round() as u8
        };
        std::array::from_fn(|channel| mix(self.page[channel], self.series(slot)[channel]))
    }
}

/// Lengths on and off along the line of series `slot`, before round caps; empty for a solid line.
pub(super) fn dashes(slot: usize) -> &'static [f64] {
    [&[] as &[f64], &[7.0, 5.0], &[0.1, 4.0], &[9.0, 4.5, 0.1, 4.5], &[3.0, 4.0], &[14.0, 5.0]][slot % SLOTS]
}

/// The outline of the marker of class `slot` around the origin: a circle, two triangles, a square or a diamond of
/// about the same area as the circle of radius 1. That circle is empty.
pub(super) fn marker(slot: usize) -> &'static [Point] {
    match slot % 5 {
        0 => &[],
        1 => &[[0.0, -1.4], [1.25, 0.8], [-1.25, 0.8]],
        2 => &[[0.9, -0.9], [0.9, 0.9], [-0.9, 0.9], [-0.9, -0.9]],
        3 => &[[0.0, -1.35], [1.35, 0.0], [0.0, 1.35], [-1.35, 0.0]],
        _ => &[[0.0, 1.4], [-1.25, -0.8], [1.25, -0.8]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_differ_in_colour_and_dashes_and_classes_in_colour_and_shape() {
        for a in 0..SLOTS {
            for b in 0..a {
                assert_ne!(dashes(a), dashes(b));
                for theme in [LIGHT, DARK] {
                    assert_ne!(theme.series(a), theme.series(b));
                    assert_ne!(theme.tint(a, false), theme.tint(b, false));
                    assert_ne!(theme.tint(a, true), theme.tint(b, true));
                }
            }
        }
        // Five shapes and six colours: thirty classes before a look repeats.
        for (a, b) in (0..5).flat_map(|a| (0..a).map(move |b| (a, b))) {
            assert_ne!(marker(a), marker(b));
        }
    }
}
