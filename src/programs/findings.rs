//! Findings about a run and its inputs in words, each with the flags that may help.

use crate::math::exp_ln::ln;
use crate::training::dataset::Dataset;
use crate::training::diagnosis::{Cause, Divergence, Finding};
use crate::training::names::{Names, listed};
use crate::training::numbers::{about, loss_text, readable};
use crate::training::scaling::{constant, unsuitable};
use crate::training::train::Hyperparameters;

/// The cause of [`Error::Diverged`](crate::training::error::Error::Diverged).
pub fn cause(divergence: Divergence, hyper: &Hyperparameters) -> String {
    let [alpha, lambda, decay] =
        [hyper.step_size, hyper.lambda, hyper.step_size * hyper.lambda].map(readable);
    match divergence {
        Divergence::Start { largest_input, largest_parameter } => format!(
            "before any step: the inputs reach {}, the parameters {}, λ is {lambda}: the largest is too large; --standardize, \
             --init and --bias, or --reg make it smaller",
            about(largest_input),
            about(largest_parameter)
        ),
        Divergence::Decay => format!(
            "(step size {alpha}, λ = {lambda}); step size × λ = {decay} is above 2, where the weight decay alone makes \
             every weight larger at each step: try a smaller --step-size or --reg"
        ),
        Divergence::Steps { far_input } => {
            let standardised =
                far_input.map(|input| format!("--standardize (the inputs reach {}) or ", about(input)));
            let standardised = standardised.unwrap_or_default();
            format!("(step size {alpha}, λ = {lambda}); try {standardised}a smaller --step-size")
        }
    }
}

/// A finding about a run with this λ, from loaded parameters or first ones, on one line.
pub fn line(finding: Finding, names: &Names, lambda: f64, is_loaded: bool) -> String {
    match finding {
        Finding::DeadUnits { layer, dead, all } => {
            format!("dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)")
        }
        Finding::OneClass(class) => {
            format!("all rows are of {}: there is nothing to tell apart", names.class(class))
        }
        Finding::SameInputs => {
            "all rows have the same inputs: there is nothing to tell them apart by".to_owned()
        }
        Finding::WorseThanGuessing { data_loss, classes, cause } => format!(
            "worse than guessing: a loss of {} without the penalty, where guessing costs ln {classes} = {:.6}; {}",
            loss_text(data_loss),
            ln(classes as f64),
            advised(cause, lambda, is_loaded)
        ),
        Finding::OnePrediction(class, cause) => {
            format!("every sample is given {}; {}", names.class(class), advised(cause, lambda, is_loaded))
        }
    }
}

/// A cause, and what to do about it.
fn advised(cause: Cause, lambda: f64, is_loaded: bool) -> String {
    match cause {
        Cause::Rise if lambda > 0.0 => {
            "it has been lower, so the step or λ is too large: try a smaller --step-size or --reg".to_owned()
        }
        Cause::Rise => "it has been lower, so the step is too large: try a smaller --step-size".to_owned(),
        Cause::KeptEpoch => {
            let since =
                "since the kept epoch the training loss has not risen, nor the validation loss fallen";
            format!("{since}: do the two data belong together?")
        }
        Cause::DeadLayer(layer) => format!(
            "all units of hidden layer {layer} are dead: train anew with a larger --bias or a smaller --step-size"
        ),
        Cause::LeastCost => {
            let with_reg = if lambda > 0.0 { " with this --reg" } else { "" };
            format!("the gradient is zero: no other parameters cost less{with_reg}")
        }
        Cause::Unfinished => {
            let mut ways = vec!["more --epochs", "a larger --step-size"];
            ways.extend((lambda > 0.0).then_some("a smaller --reg"));
            ways.extend((!is_loaded).then_some("another --init"));
            let last = ways.pop().unwrap_or_default();
            format!("try {} or {last}", ways.join(", "))
        }
    }
}

/// Advice about inputs as they are: to standardise those of unsuitable size, and to leave out those that are constant,
/// unless all are.
pub fn advice<const D: usize, const K: usize>(data: &Dataset<D, K>) -> Option<String> {
    let mut advice = Vec::new();
    if let Some(reason) = unsuitable(data) {
        advice.push(format!("inputs of unsuitable size ({reason}): try --standardize"));
    }
    let constant = constant(data);
    if !constant.is_empty() && constant.len() < D {
        advice.push(format!("constant in all rows, and so of no use: {}", listed(constant)));
    }
    (!advice.is_empty()).then(|| advice.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flags_that_the_run_takes_and_that_may_help_are_named() {
        let names = Names::neutral(2, 2);
        let stuck = Finding::OnePrediction(0, Cause::Unfinished);
        for (lambda, is_loaded, ways) in [
            (0.0, false, "more --epochs, a larger --step-size or another --init"),
            (0.1, false, "more --epochs, a larger --step-size, a smaller --reg or another --init"),
            (0.0, true, "more --epochs or a larger --step-size"),
        ] {
            let expected = format!("every sample is given class 0; try {ways}");
            assert_eq!(line(stuck, &names, lambda, is_loaded), expected);
        }
        let worse = Finding::WorseThanGuessing { data_loss: 2.0, classes: 2, cause: Cause::Rise };
        let expected = "worse than guessing: a loss of 2.000000 without the penalty, where guessing costs ln 2 = 0.693147; it \
                        has been lower, so the step is too large: try a smaller --step-size";
        assert_eq!(line(worse, &names, 0.0, false), expected);
        assert!(line(worse, &names, 0.1, false).ends_with("try a smaller --step-size or --reg"));
    }

    #[test]
    fn a_divergence_is_described_by_the_numbers_that_caused_it() {
        let hyper = Hyperparameters { epochs: 1, step_size: 5.0, lambda: 0.5 };
        let steps = |far_input| cause(Divergence::Steps { far_input }, &hyper);
        assert_eq!(steps(None), "(step size 5, λ = 0.5); try a smaller --step-size");
        assert!(
            steps(Some(640.0))
                .ends_with("; try --standardize (the inputs reach 640) or a smaller --step-size")
        );
        assert!(cause(Divergence::Decay, &hyper).contains("; step size × λ = 2.5 is above 2, where"));
        let start = Divergence::Start { largest_input: 1e300, largest_parameter: 1.5 };
        let expected = "before any step: the inputs reach 1e300, the parameters 1.5, λ is 0.5: the largest is too large; \
                        --standardize, --init and --bias, or --reg make it smaller";
        assert_eq!(cause(start, &hyper), expected);
    }
}
