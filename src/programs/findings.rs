//! Findings about a run and its inputs in words, each with the flags that may help.

use crate::math::exp_ln::ln;
use crate::training::dataset::Dataset;
use crate::training::diagnosis::{Cause, Divergence, Finding};
use crate::training::names::{Names, listed};
use crate::training::numbers::{about, loss_text, readable};
use crate::training::scaling::{Outliers, Scale, constant, outliers};
use crate::training::train::Hyperparameters;

/// A run, as its findings name it.
pub(super) struct Setting<'a> {
    pub(super) names: &'a Names,
    pub(super) hyper: Hyperparameters,
    /// 2/L of its data.
    pub(super) limit: f64,
    /// The positions of the training data in their file, if others are held out.
    pub(super) rows: Option<&'a [usize]>,
    pub(super) is_loaded: bool,
    pub(super) is_standardised: bool,
}

impl Setting<'_> {
    /// The cause of [`Error::Diverged`](crate::training::error::Error::Diverged).
    pub(super) fn cause(&self, divergence: Divergence) -> String {
        let Hyperparameters { step_size, lambda, .. } = self.hyper;
        let [alpha, lambda, decay] = [step_size, lambda, step_size * lambda].map(readable);
        match divergence {
            Divergence::Start { largest_input, largest_parameter } => format!(
                "before any step: the inputs reach {}, the parameters {}, λ is {lambda}: the largest is too large; \
                 --standardize, --init and --bias, or --reg make it smaller",
                about(largest_input),
                about(largest_parameter)
            ),
            Divergence::Decay => format!(
                "(step size {alpha}, λ = {lambda}); step size × λ = {decay} is above 2, where the weight decay alone makes \
                 every weight larger at each step: try a smaller --step-size or --reg"
            ),
            Divergence::Steps(scale) => {
                let advice =
                    scale.map_or_else(|| format!("try {}", self.smaller()), |scale| self.scale(&scale));
                format!("(step size {alpha}, λ = {lambda}); {advice}")
            }
        }
    }

    /// A finding, on one line.
    pub(super) fn line(&self, finding: Finding) -> String {
        match finding {
            Finding::DeadUnits { layer, dead, all } => {
                format!("dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)")
            }
            Finding::OneClass(class) => {
                format!("all rows are of {}: there is nothing to tell apart", self.names.class(class))
            }
            Finding::SameInputs => {
                "all rows have the same inputs: there is nothing to tell them apart by".to_owned()
            }
            Finding::HighLoss { data_loss, classes, cause } => {
                let guessing = ln(classes as f64);
                let what = if data_loss > guessing { "worse than guessing" } else { "little learned" };
                format!(
                    "{what}: a loss of {} without the penalty, where guessing costs ln {classes} = {guessing:.6}; {}",
                    loss_text(data_loss),
                    self.advised(cause)
                )
            }
            Finding::OnePrediction(class, cause) => {
                format!("every sample is given {}; {}", self.names.class(class), self.advised(cause))
            }
        }
    }

    /// A cause, and what to do about it.
    fn advised(&self, cause: Cause) -> String {
        let has_penalty = self.hyper.lambda > 0.0;
        match cause {
            Cause::Scale(scale) => self.scale(&scale),
            Cause::Rise if has_penalty => {
                format!("it has been lower, so the step or λ is too large: try {} or --reg", self.smaller())
            }
            Cause::Rise => format!("it has been lower, so the step is too large: try {}", self.smaller()),
            Cause::KeptEpoch => {
                let since =
                    "since the kept epoch the training loss has not risen, nor the validation loss fallen";
                format!("{since}: do the two data belong together?")
            }
            Cause::DeadLayer(layer) => {
                let standardize = if self.is_standardised { "" } else { ", --standardize" };
                let smaller = self.smaller();
                format!(
                    "all units of hidden layer {layer} are dead: train anew with a larger --bias{standardize} or {smaller}"
                )
            }
            Cause::LeastCost => {
                let with_reg = if has_penalty { " with this --reg" } else { "" };
                format!("the gradient is zero: no other parameters cost less{with_reg}")
            }
            Cause::Unfinished => {
                let mut ways = vec!["more --epochs".to_owned()];
                // A larger step may diverge.
                if self.hyper.step_size < self.limit {
                    ways.push(format!("a larger --step-size (up to 2/L = {})", about(self.limit)));
                }
                ways.extend(has_penalty.then(|| "a smaller --reg".to_owned()));
                ways.extend((!self.is_loaded).then(|| "another --init".to_owned()));
                let last = ways.pop().unwrap_or_default();
                if ways.is_empty() {
                    format!("try {last}")
                } else {
                    format!("try {} or {last}", ways.join(", "))
                }
            }
        }
    }

    /// The step to try in place of one that is too large.
    fn smaller(&self) -> String {
        let is_above = self.hyper.step_size > self.limit;
        if is_above {
            format!("a --step-size below {}", self.bound())
        } else {
            "a smaller --step-size".to_owned()
        }
    }

    /// The largest step and the curvature that it rests on.
    fn bound(&self) -> String {
        let [limit, curvature] = [self.limit, 2.0 / self.limit].map(about);
        format!("2/L = {limit}, where L = {curvature} bounds the curvature by these inputs")
    }

    /// How the inputs' scale is the cause, and what to do about it.
    fn scale(&self, scale: &Scale) -> String {
        let bound = self.bound();
        let above = format!("the step size {} is above {bound}: ", readable(self.hyper.step_size));
        match scale {
            Scale::Outliers(others, outliers) => {
                let outliers = outlying(outliers, self.names, self.rows);
                format!("{above}{outliers}; without such rows, 2/L is {}", about(*others))
            }
            Scale::Large(limit) => {
                let also = if self.hyper.step_size > *limit { " and a --step-size below that" } else { "" };
                format!("{above}try --standardize, with which 2/L is {}{also}", about(*limit))
            }
            Scale::Small(column, deviation) => format!(
                "{} has a deviation of {}, too little for any step size up to {bound}: try --standardize",
                self.names.inputs[*column],
                about(*deviation)
            ),
        }
    }
}

/// Which rows are far from the others. `training` are the positions of the training data in their file.
fn outlying(outliers: &Outliers, names: &Names, training: Option<&[usize]>) -> String {
    let Outliers { column, rows, value, quartiles: [low, high] } = outliers;
    let in_file = |&row: &usize| (1 + training.map_or(row, |training| training[row])).to_string();
    let ending = if rows.len() == 1 { "" } else { "s" };
    let rows = listed(rows.iter().map(in_file));
    let [value, low, high] = [value, low, high].map(|number| about(*number));
    format!(
        "{} of row{ending} {rows} is far out ({value}): half of all lie from {low} to {high}",
        names.inputs[*column]
    )
}

/// Facts about the inputs: which are far from the others, and which are constant, unless all are.
pub fn notes<const D: usize, const K: usize>(
    data: &Dataset<D, K>,
    training: Option<&[usize]>,
) -> Vec<String> {
    let mut notes: Vec<String> =
        outliers(data).iter().map(|outliers| outlying(outliers, data.names(), training)).collect();
    let constant = constant(data);
    if !constant.is_empty() && constant.len() < D {
        notes.push(format!("constant in all rows, and so of no use: {}", listed(constant)));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with this step size, λ and largest step.
    fn setting(names: &Names, step_size: f64, lambda: f64, limit: f64) -> Setting<'_> {
        let hyper = Hyperparameters { epochs: 1, step_size, lambda };
        Setting { names, hyper, limit, rows: None, is_loaded: false, is_standardised: false }
    }

    #[test]
    fn only_flags_that_the_run_takes_and_that_may_help_are_named() {
        let names = Names::neutral(2, 2);
        for (step_size, lambda, is_loaded, ways) in [
            (0.5, 0.0, false, "more --epochs, a larger --step-size (up to 2/L = 2) or another --init"),
            (2.0, 0.0, false, "more --epochs or another --init"),
            (2.0, 0.0, true, "more --epochs"),
            (0.5, 0.1, true, "more --epochs, a larger --step-size (up to 2/L = 2) or a smaller --reg"),
        ] {
            let setting = Setting { is_loaded, ..setting(&names, step_size, lambda, 2.0) };
            let line = setting.line(Finding::OnePrediction(0, Cause::Unfinished));
            assert_eq!(line, format!("every sample is given class 0; try {ways}"));
        }
        let dead = |setting: Setting| setting.line(Finding::OnePrediction(0, Cause::DeadLayer(2)));
        let ways = "all units of hidden layer 2 are dead: train anew with a larger --bias";
        let raw = dead(setting(&names, 1.0, 0.0, 2.0));
        assert!(raw.ends_with(&format!("{ways}, --standardize or a smaller --step-size")), "{raw}");
        let standardised = dead(Setting { is_standardised: true, ..setting(&names, 1.0, 0.0, 2.0) });
        assert!(standardised.ends_with(&format!("{ways} or a smaller --step-size")), "{standardised}");
        let worse = |setting: Setting| {
            setting.line(Finding::HighLoss { data_loss: 2.0, classes: 2, cause: Cause::Rise })
        };
        let expected = "worse than guessing: a loss of 2.000000 without the penalty, where guessing costs ln 2 = 0.693147; it \
                        has been lower, so the step is too large: try a --step-size below 2/L = 0.25, where L = 8 bounds \
                        the curvature by these inputs";
        assert_eq!(worse(setting(&names, 1.0, 0.0, 0.25)), expected);
        assert!(
            worse(setting(&names, 1.0, 0.1, 4.0))
                .ends_with("λ is too large: try a smaller --step-size or --reg")
        );
    }

    #[test]
    fn the_scale_of_inputs_is_described_by_the_numbers_that_rest_on_it() {
        let names = Names::neutral(2, 2);
        let line = |scale| setting(&names, 1.0, 0.0, 0.25).cause(Divergence::Steps(Some(scale)));
        let start = "(step size 1, λ = 0); ";
        let above = "the step size 1 is above 2/L = 0.25, where L = 8 bounds the curvature by these inputs: ";
        let outliers = Outliers { column: 1, rows: vec![16, 3], value: 1e4, quartiles: [-1.0, 1.5] };
        let row = "x₂ of rows 17, 4 is far out (10000): half of all lie from -1 to 1.5; without such rows, 2/L is 3";
        assert_eq!(line(Scale::Outliers(3.0, outliers)), format!("{start}{above}{row}"));
        let large = |standardised| line(Scale::Large(standardised));
        assert_eq!(large(1.5), format!("{start}{above}try --standardize, with which 2/L is 1.5"));
        assert!(large(0.9).ends_with(" with which 2/L is 0.9 and a --step-size below that"));
        let small = Scale::Small(0, 1e-3);
        assert!(
            line(small)
                .contains("x₁ has a deviation of 0.001, too little for any step size up to 2/L = 0.25")
        );
    }

    #[test]
    fn a_divergence_is_described_by_the_numbers_that_caused_it() {
        let names = Names::neutral(2, 2);
        let cause = |divergence| setting(&names, 5.0, 0.5, 8.0).cause(divergence);
        assert_eq!(cause(Divergence::Steps(None)), "(step size 5, λ = 0.5); try a smaller --step-size");
        assert!(cause(Divergence::Decay).contains("; step size × λ = 2.5 is above 2, where"));
        let start = Divergence::Start { largest_input: 1e300, largest_parameter: 1.5 };
        let expected = "before any step: the inputs reach 1e300, the parameters 1.5, λ is 0.5: the largest is too large; \
                        --standardize, --init and --bias, or --reg make it smaller";
        assert_eq!(cause(start), expected);
    }
}
