//! The gradient check, printed for the program's network and drawn over ε.

use crate::figures::check_errors;
use crate::math::mlp1::Mlp1;
use crate::math::model::{Model, widths};
use crate::math::order::larger;
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::proof::gradient_check::{Check, EPSILON, SOME_OFF, Verdict, all_on};
use crate::training::dataset::Dataset;
use crate::training::error::Error;

/// The result of a gradient check in which every parameter is CORRECT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradientCheck {
    /// Parameter matrices and vectors that were checked.
    pub parameters: usize,
    /// The largest error as a share of its bound.
    pub largest_share: f64,
    /// The largest relative error by Eq. 5 as printed.
    pub largest_as_printed: f64,
}

/// Checks the gradient of each parameter of M, and prints a line for each. It is checked at two random points: where the
/// course's check begins, with weights of this deviation and all units on, and where some of the units are off. Returns
/// [`Error::WrongGradient`] if one is WRONG, after all lines are printed.
pub fn print_check<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    console: &mut Console,
    deviation: f64,
    data: &Dataset<D, K>,
) -> Result<GradientCheck, Error> {
    let checks = [all_on(deviation), SOME_OFF]
        .map(|init| Check::<M, D, K, N>::new(&init, &mut Rng::new(console.options.seed), data));
    let as_printed = checks.each_ref().map(|check| check.errors_as_printed(EPSILON));
    print_verdicts(console, checks[0].data.len(), &checks.map(|check| check.verdicts()), &as_printed)
}

/// Prints the worse of the verdicts at two points, and of the errors by Eq. 5 as printed, for each parameter.
fn print_verdicts(
    console: &mut Console,
    samples: usize,
    [course, gated]: &[Vec<Verdict>; 2],
    as_printed: &[Vec<f64>; 2],
) -> Result<GradientCheck, Error> {
    console.line(format!(
        "gradient check at two random points, {samples} samples: CORRECT is an error that rounding explains"
    ))?;
    let mut result = GradientCheck { parameters: course.len(), largest_share: 0.0, largest_as_printed: 0.0 };
    let mut all_correct = true;
    for position in 0..course.len() {
        let verdict = course[position].with(gated[position]);
        let as_printed = larger(as_printed[0][position], as_printed[1][position]);
        let Verdict { name, rows, columns, error, bound, kinks } = verdict;
        let word = if verdict.is_correct() { "CORRECT" } else { "WRONG" };
        let at_kinks = match kinks {
            0 => String::new(),
            _ => format!("; {kinks} of its entries at a kink: with the gates of Eq. 10"),
        };
        console.line(format!(
            "Param {position} is {word}, error = {error:.1e}, bound {bound:.1e} ({name}, {rows}×{columns}; Eq. 5 as \
             printed, ε = {EPSILON:e}: {as_printed:.1e}{at_kinks})"
        ))?;
        all_correct &= verdict.is_correct();
        result.largest_share = larger(result.largest_share, verdict.share());
        result.largest_as_printed = larger(result.largest_as_printed, as_printed);
    }
    if all_correct { Ok(result) } else { Err(Error::WrongGradient) }
}

/// Draws the largest error of the check for ε from 2⁻⁴ to 2⁻⁴⁰ into `gradient_check.svg`: problem 1d's network with 6 hidden units, so that the
/// sweep over ε is quick, where the course's check begins.
pub fn draw_check(console: &mut Console, data: &Dataset<2, 3>) -> Result<(), Error> {
    let (seed, hidden) = (console.options.seed, console.options.settings.hidden);
    let check = Check::<Mlp1<2, 6, 3>, 2, 3, 20>::new(&all_on(0.05), &mut Rng::new(seed), data);
    let subtitle = format!(
        "gradient check of a network {} (the program's: {hidden} units a layer), all units on, seed {seed}",
        widths(&check.model.parameters(), " → ")
    );
    // Of the difference of Eq. 5 as it stands, and as the check evaluates it.
    let [mut plain, mut stable] = [const { Vec::new() }; 2];
    for power in 4..=40 {
        let epsilon = 1.0 / (1_u64 << power) as f64;
        let point = |errors: Vec<f64>| [epsilon, errors.into_iter().fold(0.0, larger)];
        plain.push(point(check.errors_as_printed(epsilon)));
        stable.push(point(check.errors_without_cancellation(epsilon)));
    }
    console.figure("gradient_check.svg", check_errors("Eq. 5's error over ε", &subtitle, plain, stable))
}
