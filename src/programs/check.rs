//! The gradient check, printed for the program's network and drawn over ε.

use crate::figures::check_errors;
use crate::math::mlp1::Mlp1;
use crate::math::model::{Model, widths};
use crate::math::order::larger;
use crate::math::rng::Rng;
use crate::programs::cli::Options;
use crate::programs::console::Console;
use crate::programs::experiments::errors_over_epsilon;
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
    options: &Options,
    deviation: f64,
    data: &Dataset<D, K>,
) -> Result<GradientCheck, Error> {
    let [course, gated] = [all_on(deviation), SOME_OFF]
        .map(|init| Check::<M, D, K, N>::new(&init, &mut Rng::new(options.seed), data));
    let verdicts: Vec<Verdict> =
        course.verdicts().into_iter().zip(gated.verdicts()).map(|(a, b)| a.with(b)).collect();
    let as_printed: Vec<f64> = {
        let [course, gated] = [&course, &gated].map(|check| check.errors_as_printed(EPSILON));
        course.into_iter().zip(gated).map(|(a, b)| larger(a, b)).collect()
    };
    console.line(format!(
        "gradient check at two random points, {} samples: CORRECT is an error that rounding explains",
        course.data.len()
    ))?;
    for (position, (verdict, as_printed)) in verdicts.iter().zip(&as_printed).enumerate() {
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
    }
    if !verdicts.iter().all(Verdict::is_correct) {
        return Err(Error::WrongGradient);
    }
    let largest_share = verdicts.iter().map(Verdict::share).fold(0.0, larger);
    let largest_as_printed = as_printed.into_iter().fold(0.0, larger);
    Ok(GradientCheck { parameters: verdicts.len(), largest_share, largest_as_printed })
}

/// Draws the error of the check over ε into `gradient_check.svg`: problem 1d's network with 6 hidden units, so that the
/// sweep over ε is quick, where the course's check begins.
pub fn draw_check(console: &mut Console, options: &Options, data: &Dataset<2, 3>) -> Result<(), Error> {
    let (seed, hidden) = (options.seed, options.settings.hidden);
    let check = Check::<Mlp1<2, 6, 3>, 2, 3, 20>::new(&all_on(0.05), &mut Rng::new(seed), data);
    let subtitle = format!(
        "gradient check of a network {} (the program's: {hidden} units a layer), all units on, seed {seed}",
        widths(&check.model.parameters(), " → ")
    );
    let [plain, stable] = errors_over_epsilon(&check);
    let title = options.titled("Eq. 5's error over ε");
    console.figure("gradient_check.svg", &check_errors(&title, &subtitle, plain, stable))
}
