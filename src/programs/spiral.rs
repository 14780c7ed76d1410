//! Fresh spirals from the process that made `spiral_train.dat`: with other noise, to see whether a network has learned the
//! process or its sample.
//!
//! For the classes j = 0, 1, 2 and 100 evenly spaced r from 0 to 1, the angle is t = 4j + 4r + 0.2·n with a standard normal
//! n, and the point (r·sin t, r·cos t). At r = 0 all three arms are at (0, 0), so no classifier can be right about more
//! than 298 of the 300.

use std::ops::RangeInclusive;

use crate::math::rng::Rng;
use crate::training::dataset::Dataset;

/// Points of an arm.
const POINTS: usize = 100;

/// Spirals of 300 points of these seeds, at least one, joined.
pub fn spirals(seeds: RangeInclusive<u64>) -> Dataset<2, 3> {
    let (mut samples, mut labels) = (Vec::new(), Vec::new());
    for mut rng in seeds.map(Rng::new) {
        for (class, point) in (0..3).flat_map(|class| (0..POINTS).map(move |point| (class, point))) {
            let r = point as f64 / (POINTS - 1) as f64;
            let t = 4.0 * class as f64 + 4.0 * r + 0.2 * rng.normal();
            let [sin, cos] = sin_cos(t);
            samples.push([r * sin, r * cos]);
            labels.push(class);
        }
    }
    Dataset::new(samples, labels)
}

/// The sine and cosine of an angle of a few turns, within 1e-13. (The standard library's differ between platforms.)
///
/// The angle is halved eight times; its Taylor polynomials there are exact to the last bits, and sin 2x = 2·sin x·cos x,
/// cos 2x − 1 = −2·sin² x lead back.
fn sin_cos(angle: f64) -> [f64; 2] {
    const HALVINGS: i32 = 8;
    let x = angle / f64::from(1 << HALVINGS);
    let square = x * x;
    let mut sin =
        x * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0))));
    // cos x − 1, which keeps the digits that cos x would lose.
    let mut cos_less_1 =
        -square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)));
    for _ in 0..HALVINGS {
        (sin, cos_less_1) = (2.0 * sin * (1.0 + cos_less_1), -2.0 * sin * sin);
    }
    [sin, 1.0 + cos_less_1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::dataset::SPIRAL_TRAIN;
    use crate::training::fingerprint;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the platform's own as a witness, within a tolerance")]
    fn sine_and_cosine_are_right_within_1e_13() {
        for step in -2000..=2000 {
            let angle = f64::from(step) * 0.01;
            let [sin, cos] = sin_cos(angle);
            assert!((sin - angle.sin()).abs() < 1e-13, "sin {angle}");
            assert!((cos - angle.cos()).abs() < 1e-13, "cos {angle}");
        }
    }

    #[test]
    fn a_fresh_spiral_has_the_committed_ones_radii_and_classes_and_angles_near_its_own() {
        let committed: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
        let fresh = spirals(1..=1);
        assert_eq!(fresh.labels(), committed.labels());
        let mut squares = 0.0;
        for (a, b) in fresh.samples().iter().zip(committed.samples()) {
            let [radius, other] = [a, b].map(|[x, y]| (x * x + y * y).sqrt());
            assert!((radius - other).abs() < 1e-11, "{radius} {other}");
            let distance = ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt();
            squares += if radius > 0.0 { (distance / radius) * (distance / radius) } else { 0.0 };
        }
        // The angles differ by 0.2·√2·n, and a chord is nearly as long as its arc: 0.08 in the mean of squares.
        let mean = squares / 297.0;
        assert!((0.06..0.1).contains(&mean), "{mean}");
    }

    #[test]
    fn the_same_seed_gives_the_same_bits_on_every_platform() {
        let spiral = spirals(1..=1);
        let values = spiral.samples().as_flattened().iter();
        let fingerprint = fingerprint::of(values.flat_map(|value| value.to_bits().to_le_bytes()));
        assert_eq!(fingerprint, "5c7eba31772da0f6", "a last bit is another");
    }
}
