//! How parameters begin: deviations, and orthogonal directions with their opposites.

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::rng::Rng;

/// The standard deviation of the first weight matrix and its shape.
fn deviation<M: Model<100, 10>>(weights: WeightInit) -> f64 {
    let model = M::initialised(&Init { weights, bias: 0.3 }, &mut Rng::new(8));
    let parameters = model.parameters();
    assert!(parameters[1].values.iter().all(|&bias| bias == 0.3));
    let squares: f64 = parameters[0].values.iter().map(|weight| weight * weight).sum();
    (squares / parameters[0].values.len() as f64).sqrt()
}

/// 10,000 normals: their deviation is right to about one part in 140.
#[test]
fn the_deviations_of_weights_are_those_of_he_and_glorot() {
    for (weights, expected) in [
        (WeightInit::Fixed(0.01), 0.01),
        (WeightInit::He, (2.0_f64 / 100.0).sqrt()),
        (WeightInit::Glorot, (2.0_f64 / 200.0).sqrt()),
        (WeightInit::Mirrored, (2.0_f64 / 100.0).sqrt()),
    ] {
        let ratio = deviation::<Mlp1<100, 100, 10>>(weights) / expected;
        assert!((ratio - 1.0).abs() < 0.03, "{weights:?}: {ratio}");
    }
    let ratio = deviation::<Mlp1<100, 300, 10>>(WeightInit::Glorot) / (2.0_f64 / 400.0).sqrt();
    assert!((ratio - 1.0).abs() < 0.03, "{ratio}");
}

fn assert_mirrored<const D: usize, const H: usize>() {
    for seed in 0..20 {
        let init = Init { weights: WeightInit::Mirrored, bias: 0.0 };
        let model = Mlp1::<D, H, 2>::initialised(&init, &mut Rng::new(seed));
        let column = |unit: usize| -> [f64; D] { std::array::from_fn(|d| model.w1[d][unit]) };
        let product =
            |a: usize, b: usize| -> f64 { column(a).iter().zip(column(b)).map(|(a, b)| a * b).sum() };
        for a in 0..H {
            assert!((product(a, a) - 2.0).abs() < 1e-14, "unit {a} is not √2 long");
            if a % 2 == 1 {
                assert_eq!(column(a), column(a - 1).map(|weight| -weight));
            }
            for b in (0..a).filter(|b| b / (2 * D) == a / (2 * D) && b / 2 != a / 2) {
                assert!(product(a, b).abs() < 1e-14, "units {a} and {b} are not perpendicular");
            }
        }
    }
}

#[test]
fn mirrored_weights_are_orthogonal_matrices_and_their_opposites() {
    assert_mirrored::<2, 6>();
    assert_mirrored::<2, 7>();
    assert_mirrored::<4, 100>();
    assert_mirrored::<100, 100>();
    assert_mirrored::<1, 3>();
}
