//! The gradient check, printed for the program's network and drawn over ε.

use std::fmt::Write as _;

use crate::figures::check_errors;
use crate::math::mlp1::Mlp1;
use crate::math::model::{Model, widths};
use crate::math::order::{ascending, larger, position_of_least};
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::programs::run::Run;
use crate::proof::gradient_check::{
    AsPrinted, COURSE_THRESHOLD, Check, EPSILON, SOME_OFF, Verdict, of_the_course,
};
use crate::training::dataset::Dataset;
use crate::training::error::Error;

/// Checks the gradient of each parameter of the run's network at two random points, and prints the worse verdict and error: where
/// the course's check begins, with weights of this deviation, and where more gates are shut. Returns [`Error::Failed`] if one is
/// WRONG, after all lines are printed.
pub fn print_check<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    console: &mut Console,
    run: &Run<M, D, K, N>,
    deviation: f64,
) -> Result<(), Error> {
    let (seed, data) = (console.options.seed, &run.data().training);
    let checks = [of_the_course(deviation), SOME_OFF]
        .map(|init| Check::<M, D, K, N>::new(&init, &mut Rng::new(seed), data));
    let [[shut, gates], [also, _]] = checks.each_ref().map(Check::gates);
    let gates = match gates {
        0 => String::new(),
        _ => format!(" ({shut} and {also} of {gates} gates shut)"),
    };
    console.line(format!(
        "gradient check at two random points{gates}, {} samples: CORRECT is an error that rounding explains",
        checks[0].data.len()
    ))?;
    let [verdicts, others] = checks.each_ref().map(Check::verdicts);
    let [printed, other_printed] = checks.map(|check| check.as_printed(EPSILON));
    let mut all_correct = true;
    for (position, verdict) in verdicts.into_iter().enumerate() {
        let verdict = verdict.with(others[position]);
        let [first, other] = [printed[position], other_printed[position]];
        let printed = if ascending(&first.error, &other.error).is_gt() { first } else { other };
        let Verdict { name, rows, columns, error, bound, kinks, .. } = verdict;
        let AsPrinted { error: of_eq5, crossing, others, rounding, .. } = printed;
        // Of an error where a kink is crossed, or that the course would not allow.
        let mut causes = String::new();
        if crossing > 0 {
            let entries = rows * columns;
            let crossing = format!("{crossing} of {entries} entries cross a kink within ε");
            let _ = write!(causes, "; {crossing}, without them {others:.1e}");
        }
        if others > COURSE_THRESHOLD {
            let _ = write!(causes, " ({:.0} % of it rounding, the rest truncation)", 100.0 * rounding);
        }
        if kinks > 0 {
            let _ = write!(causes, "; {kinks} of its entries at a kink: with the gates of Eq. 10");
        }
        let word = if verdict.is_correct() { "CORRECT" } else { "WRONG" };
        all_correct &= verdict.is_correct();
        console.line(format!(
            "Param {position} is {word}, error = {error:.1e}, bound {bound:.1e} ({name}, {rows}×{columns}; Eq. 5 as \
             printed, ε = {EPSILON:e}: {of_eq5:.1e}{causes})"
        ))?;
    }
    let wrong = "a gradient is WRONG: do not trust the training before it is right";
    if all_correct { Ok(()) } else { Err(Error::Failed(wrong.to_owned())) }
}

/// Draws the largest error of the check for ε from 2⁻⁴ to 2⁻⁴⁰ into `gradient_check.svg`: problem 1d's network with 6 hidden
/// units, so that the sweep over ε is quick, where the course's check begins.
pub fn draw_check(console: &mut Console, data: &Dataset<2, 3>) -> Result<(), Error> {
    let seed = console.options.seed;
    let check = Check::<Mlp1<2, 6, 3>, 2, 3, 20>::new(&of_the_course(0.05), &mut Rng::new(seed), data);
    let [shut, gates] = check.gates();
    let subtitle = format!(
        "gradient check of a network {} (not the program's), {shut} of {gates} gates shut, seed {seed}",
        widths(&check.model.parameters(), " → ")
    );
    // Of the difference of Eq. 5 as it stands, and as the check evaluates it.
    let points = (4..=40).map(|power| {
        let epsilon = 1.0 / (1_u64 << power) as f64;
        let errors = check.as_printed(epsilon);
        let largest = |error: fn(&AsPrinted) -> f64| [epsilon, errors.iter().map(error).fold(0.0, larger)];
        (largest(|printed| printed.error), largest(|printed| printed.unrounded))
    });
    let (plain, stable): (Vec<_>, Vec<_>) = points.unzip();
    let errors: Vec<f64> = plain.iter().map(|point| point[1]).collect();
    let best = position_of_least(&errors).map_or(EPSILON, |position| plain[position][0]);
    let title = format!("as printed, Eq. 5 errs least at ε = {best:.0e}");
    console.figure("gradient_check.svg", check_errors(&title, &subtitle, plain, stable))
}
