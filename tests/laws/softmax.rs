//! Softmax and its loss: their values, and what holds of them for whatever finite scores.

use backprop::math::exp_ln::ln;
use backprop::math::matrix::Matrix;
use backprop::math::order::larger;
use backprop::math::rng::Rng;
use backprop::math::softmax::{arg_max, cross_entropy, softmax, softmax_loss};

fn probabilities<const N: usize, const K: usize>(f: &Matrix<N, K>) -> Matrix<N, K> {
    let mut p = Matrix::zeros();
    softmax(f, &mut p);
    p
}

#[test]
fn equal_and_huge_scores_give_the_probabilities_losses_and_gradients_of_their_limits() {
    let p = probabilities(&Matrix::from_rows([[0.3; 4], [-1e300; 4], [0.0; 4]]));
    assert_eq!(*p, [[0.25; 4]; 3]);
    let f = Matrix::from_rows([[1e300, 0.0, -1e300], [-1e4, -2e4, 1e4], [800.0, 0.0, -800.0], [710.0; 3]]);
    let p = probabilities(&f);
    assert_eq!(p[0], [1.0, 0.0, 0.0]);
    assert_eq!(p[1], [0.0, 0.0, 1.0]);
    assert_eq!(cross_entropy(&f, &[1, 1, 2, 0]), [1e300, 3e4, 1600.0, ln(3.0)]);
    let mut d_f = Matrix::zeros();
    let losses = softmax_loss(&f, &[1, 1, 2, 0], 3, 1.0, &mut d_f);
    assert_eq!(losses[0], 1e300);
    assert_eq!(d_f[0], [1.0, -1.0, 0.0]);
    assert_eq!(d_f[1], [0.0, -1.0, 1.0]);
}

#[test]
fn the_gradient_of_the_loss_is_p_minus_one_hot_and_zero_in_padding() {
    let f = Matrix::from_rows([[0.5, -1.0, 2.0], [1.0, 1.0, 0.0], [9.0, 9.0, 9.0]]);
    let p = probabilities(&f);
    let mut d_f = Matrix::zeros();
    let losses = softmax_loss(&f, &[2, 0, 1], 2, 0.25, &mut d_f);
    assert_eq!(d_f[0], [0.25 * p[0][0], 0.25 * p[0][1], 0.25 * (p[0][2] - 1.0)]);
    assert_eq!(d_f[1], [0.25 * (p[1][0] - 1.0), 0.25 * p[1][1], 0.25 * p[1][2]]);
    assert_eq!(d_f[2], [0.0; 3]);
    assert_eq!(losses, cross_entropy(&f, &[2, 0, 1]));
}

#[test]
fn the_largest_score_wins_and_of_equals_the_first() {
    assert_eq!(arg_max(&[1.0, 3.0, 2.0]), 1);
    assert_eq!(arg_max(&[2.0, 1.0, 2.0]), 0);
    assert_eq!(arg_max(&[-1.0, -0.0, 0.0]), 1);
    assert_eq!(arg_max(&[f64::NEG_INFINITY, -5.0, f64::INFINITY]), 2);
}

/// The sum of a row less 1, as exact as a double can say it: every sum's rounding error is kept (Knuth's two-sum).
fn sum_beyond_1(row: &[f64]) -> f64 {
    let (mut sum, mut lost) = (-1.0, 0.0);
    for &p in row {
        let larger: f64 = sum + p;
        let added = larger - sum;
        lost += (sum - (larger - added)) + (p - added);
        sum = larger;
    }
    sum + lost
}

fn assert_rows_sum_to_1<const K: usize>(ulps: f64) {
    let mut rng = Rng::new(1);
    for spread in [1e-8, 0.1, 1.0, 3.0, 30.0, 1e3] {
        for _ in 0..200 {
            let mut f = Matrix::<64, K>::zeros();
            f.values_mut().fill_with(|| spread * rng.normal());
            for row in probabilities(&f).iter() {
                let beyond = sum_beyond_1(row) / f64::EPSILON;
                assert!(beyond.abs() <= ulps, "{row:?} sum to {beyond} ulp beyond 1");
            }
        }
    }
}

/// The K − 1 additions that make the divisor round by half an ulp each at most, and so do the K quotients together, for
/// they add up to 1: K/2 ulp in all, which is 2 up to four classes.
#[test]
fn every_row_of_probabilities_sums_to_1_within_half_an_ulp_for_each_class() {
    assert_rows_sum_to_1::<1>(0.0);
    assert_rows_sum_to_1::<2>(1.0);
    assert_rows_sum_to_1::<3>(1.5);
    assert_rows_sum_to_1::<4>(2.0);
    assert_rows_sum_to_1::<10>(5.0);
}

/// Scores that are multiples of 2⁻²⁰ below 2¹⁰ and shifts that are such below 2³² have exact sums.
#[test]
fn an_exact_shift_of_a_row_changes_no_bit_of_its_gradient() {
    const UNIT: f64 = 1.0 / (1_u64 << 20) as f64;
    let mut rng = Rng::new(2);
    let labels: [usize; 30] = std::array::from_fn(|n| n % 5);
    for _ in 0..100 {
        let mut f = Matrix::<30, 5>::zeros();
        f.values_mut().fill_with(|| rng.below(1 << 31) as f64 * UNIT - 1024.0);
        let mut shifted = f.clone();
        for scores in shifted.iter_mut() {
            let shift = rng.below(1 << 53) as f64 * UNIT - (1_u64 << 32) as f64;
            for score in scores {
                *score += shift;
            }
        }
        let [mut d_f, mut d_shifted] = [Matrix::zeros(), Matrix::zeros()];
        let losses = softmax_loss(&f, &labels, 30, 1.0, &mut d_f);
        assert_eq!(softmax_loss(&shifted, &labels, 30, 1.0, &mut d_shifted), losses);
        assert_eq!(d_shifted, d_f);
    }
}

/// What holds of every row of finite scores; `finite` is false where a difference of scores may overflow.
fn assert_sound<const N: usize, const K: usize>(f: &Matrix<N, K>, finite: bool) {
    let p = probabilities(f);
    let ln_k = ln(K as f64);
    for n in 0..N {
        assert!(p[n].iter().all(|p| (0.0..=1.0).contains(p)), "{:?} give {:?}", f[n], p[n]);
        assert!(sum_beyond_1(&p[n]).abs() <= 2.0 * f64::EPSILON, "{:?} give {:?}", f[n], p[n]);
        assert_eq!(p[n][arg_max(&f[n])], p[n].iter().copied().fold(0.0, larger));
    }
    for label in 0..K {
        let mut d_f = Matrix::zeros();
        let losses = softmax_loss(f, &[label; N], N, 1.0, &mut d_f);
        assert_eq!(losses, cross_entropy(f, &[label; N]));
        for n in 0..N {
            assert!(losses[n] >= 0.0, "{:?} lose {} in class {label}", f[n], losses[n]);
            assert!(losses[n].is_finite() || !finite, "{:?} lose {} in class {label}", f[n], losses[n]);
            assert!(label != arg_max(&f[n]) || losses[n] <= ln_k, "{:?} lose {}", f[n], losses[n]);
            assert!(d_f[n].iter().all(|d_f| (-1.0..=1.0).contains(d_f)), "{:?} give {:?}", f[n], d_f[n]);
        }
    }
}

/// A loss is infinite only where the difference of two scores is too large for a double.
#[test]
fn no_finite_score_gives_a_loss_that_is_not_a_number() {
    const SCORES: [f64; 6] = [-1e300, 1e300, 0.0, -745.0, 710.0, 5e-324];
    let rows = std::array::from_fn(|row| [row / 36, row / 6 % 6, row % 6].map(|choice| SCORES[choice]));
    assert_sound(&Matrix::<216, 3>::from_rows(rows), true);
    let mut rng = Rng::new(3);
    let mut finite = |limit: f64| loop {
        let score = f64::from_bits(rng.next_u64());
        if score.abs() <= limit {
            return score;
        }
    };
    for _ in 0..1000 {
        for (limit, difference_is_finite) in [(f64::MAX, false), (f64::MAX / 2.0, true), (1e3, true)] {
            let mut f = Matrix::<32, 3>::zeros();
            f.values_mut().fill_with(|| finite(limit));
            assert_sound(&f, difference_is_finite);
        }
    }
    for first in [f64::MAX, f64::MIN] {
        assert_sound(&Matrix::from_rows([[first, f64::MAX], [first, f64::MIN], [first, 0.0]]), false);
    }
}

#[test]
fn a_score_that_is_not_a_number_spoils_its_row_alone() {
    for k in 0..3 {
        let mut f = Matrix::from_rows([[0.5, 1.0, -1.0]; 3]);
        f[1][k] = f64::NAN;
        let p = probabilities(&f);
        assert!(p[1].iter().all(|p| p.is_nan()), "{:?}", p[1]);
        let losses = cross_entropy(&f, &[0; 3]);
        assert!(losses[1].is_nan());
        assert!(p[0] == p[2] && !p[0][0].is_nan() && losses[0] == losses[2] && !losses[0].is_nan());
    }
}
