//! The gradient check, printed for the program's network and drawn over ε.

use crate::figures::check_errors;
use crate::math::mlp1::Mlp1;
use crate::math::model::{Model, widths};
use crate::math::order::{larger, position_of_least};
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::proof::gradient_check::{Check, EPSILON, SOME_OFF, Verdict, all_on};
use crate::training::dataset::Dataset;
use crate::training::error::Error;

/// The verdict on each parameter, with its error by Eq. 5 as printed.
pub type Verdicts = Vec<(Verdict, f64)>;

/// Checks the gradient of each parameter of M at two random points, and prints the worse verdict and error: where the course's
/// check begins, with weights of this deviation and all units on, and where some of the units are off. Returns
/// [`Error::WrongGradient`] if one is WRONG, after all lines are printed.
pub fn print_check<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    console: &mut Console,
    deviation: f64,
    data: &Dataset<D, K>,
) -> Result<Verdicts, Error> {
    let [course, gated] = [all_on(deviation), SOME_OFF].map(|init| {
        let check = Check::<M, D, K, N>::new(&init, &mut Rng::new(console.options.seed), data);
        check.verdicts().into_iter().zip(check.errors_as_printed(EPSILON))
    });
    let mut worse = Verdicts::new();
    for ((verdict, as_printed), (other, also)) in course.zip(gated) {
        worse.push((verdict.with(other), larger(as_printed, also)));
    }
    let samples = data.len().min(Check::<M, D, K, N>::SAMPLES);
    console.line(format!(
        "gradient check at two random points, {samples} samples: CORRECT is an error that rounding explains"
    ))?;
    print_verdicts(console, &worse)?;
    Ok(worse)
}

fn print_verdicts(console: &mut Console, verdicts: &[(Verdict, f64)]) -> Result<(), Error> {
    for (position, (verdict, as_printed)) in verdicts.iter().enumerate() {
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
    let is_right = verdicts.iter().all(|(verdict, _)| verdict.is_correct());
    if is_right { Ok(()) } else { Err(Error::WrongGradient) }
}

/// Draws the largest error of the check for ε from 2⁻⁴ to 2⁻⁴⁰ into `gradient_check.svg`: problem 1d's network with 6 hidden
/// units, so that the sweep over ε is quick, where the course's check begins.
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
    let errors: Vec<f64> = plain.iter().map(|point| point[1]).collect();
    let best = position_of_least(&errors).map_or(EPSILON, |position| plain[position][0]);
    let title = format!("as printed, Eq. 5 errs least at ε = {best:.0e}");
    console.figure("gradient_check.svg", check_errors(&title, &subtitle, plain, stable))
}
