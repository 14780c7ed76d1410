//! Findings about a run and its inputs in words, each with the flags that may help.

use crate::math::exp_ln::ln;
use crate::programs::data::Data;
use crate::training::diagnosis::{Cause, Divergence, Finding};
use crate::training::names::listed;
use crate::training::numbers::{about, loss_text, readable};
use crate::training::scaling::{Scale, constant, largest_step, outliers};
use crate::training::train::Hyperparameters;

/// A run, as its findings name it.
pub(super) struct Setting<'a, const D: usize, const K: usize> {
    pub(super) data: &'a Data<D, K>,
    pub(super) hyper: Hyperparameters,
    pub(super) is_loaded: bool,
}

impl<const D: usize, const K: usize> Setting<'_, D, K> {
    /// The cause of [`Error::Diverged`](crate::training::error::Error::Diverged).
    pub(super) fn cause(&self, divergence: Divergence) -> String {
        let Hyperparameters { step_size, lambda, .. } = self.hyper;
        let [alpha, lambda, decay] = [step_size, lambda, step_size * lambda].map(readable);
        let advice = match divergence {
            Divergence::Start { largest_input, largest_parameter } => {
                let [inputs, parameters] = [largest_input, largest_parameter].map(about);
                return format!(
                    "before any step: the inputs reach {inputs}, the parameters {parameters}, λ is {lambda}: the largest is too \
                     large; --standardize, --init and --bias, or --reg make it smaller"
                );
            }
            Divergence::Decay => format!(
                "step size × λ = {decay} is above 2, where the weight decay alone makes every weight larger at each step: \
                 try a smaller --step-size or --reg"
            ),
            Divergence::Steps => format!("try {}", self.smaller_step()),
            Divergence::Scale => return format!("(λ = {lambda}); {}", self.scale()),
        };
        format!("(step size {alpha}, λ = {lambda}); {advice}")
    }

    /// A finding, on one line.
    pub(super) fn line(&self, finding: Finding) -> String {
        let class = |class| self.data.training.names().class(class);
        match finding {
            Finding::DeadUnits { layer, dead, all } => {
                format!("dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)")
            }
            Finding::OneClass(one) => {
                format!("all rows are of {}: there is nothing to tell apart", class(one))
            }
            Finding::SameInputs => {
                "all rows have the same inputs: there is nothing to tell them apart by".to_owned()
            }
            Finding::WorseThanGuessing(data_loss, cause) => format!(
                "worse than guessing: a loss of {} without the penalty, where guessing costs ln {K} = {:.6}; {}",
                loss_text(data_loss),
                ln(K as f64),
                self.advised(cause)
            ),
            Finding::OnePrediction(one, cause) => {
                format!("every sample is given {}; {}", class(one), self.advised(cause))
            }
            Finding::Scale => self.scale(),
        }
    }

    /// A cause, and what to do about it.
    fn advised(&self, cause: Cause) -> String {
        let if_decay = |words| if self.hyper.lambda > 0.0 { words } else { "" };
        match cause {
            Cause::Scale => self.scale(),
            Cause::Rise => {
                let [or_lambda, or_reg] = [" or λ", " or --reg"].map(if_decay);
                let smaller = self.smaller_step();
                format!("it has been lower, so the step{or_lambda} is too large: try {smaller}{or_reg}")
            }
            Cause::KeptEpoch => {
                "since the kept epoch the training loss has not risen, nor the validation loss fallen: do \
                                 the two data belong together?"
                    .to_owned()
            }
            Cause::DeadLayer(layer) => format!(
                "all units of hidden layer {layer} are dead: train anew with a larger --bias or {}",
                self.smaller_step()
            ),
            Cause::LeastCost => {
                format!("the gradient is zero: no other parameters cost less{}", if_decay(" with this --reg"))
            }
            Cause::Unfinished => {
                let limit = self.limit();
                let larger = format!(" or a larger --step-size (up to 2/L = {})", about(limit));
                let larger = if self.hyper.step_size < limit { &larger } else { "" };
                let init = if self.is_loaded { "" } else { " or another --init" };
                format!("try more --epochs{larger}{}{init}", if_decay(" or a smaller --reg"))
            }
        }
    }

    fn smaller_step(&self) -> String {
        format!("a smaller --step-size (2/L = {})", about(self.limit()))
    }

    /// 2/L of the training data.
    fn limit(&self) -> f64 {
        largest_step(Scale::of(&self.data.training).curvature, self.hyper.lambda)
    }

    /// How the inputs' scale is the cause, and what to do about it.
    fn scale(&self) -> String {
        let Scale { curvature, standardised, least_deviation, .. } = Scale::of(&self.data.training);
        let lambda = self.hyper.lambda;
        let limits = [largest_step(curvature, lambda), largest_step(standardised, lambda)];
        let ([limit, with], [curvature, least]) =
            (limits.map(about), [curvature + lambda, least_deviation].map(about));
        let standardize = || {
            format!("the least deviation of an input is {least}: try --standardize, with which 2/L = {with}")
        };
        format!(
            "the step size is {}, 2/L = {limit}, where L = {curvature} bounds the curvature by these inputs, and {}",
            readable(self.hyper.step_size),
            outlying(self.data).unwrap_or_else(standardize)
        )
    }
}

/// Which rows are far from the others, by their positions in their file.
fn outlying<const D: usize, const K: usize>(Data { training, rows, .. }: &Data<D, K>) -> Option<String> {
    let (column, outliers, quartiles) = outliers(training)?;
    let in_file = |&row: &usize| (1 + rows.as_ref().map_or(row, |rows| rows[row])).to_string();
    let [value, low, high] = [training.samples()[outliers[0]][column], quartiles[0], quartiles[1]].map(about);
    let (name, rows) = (&training.names().inputs[column], listed(outliers.iter().map(in_file)));
    Some(format!("{name} is far out in row {rows} ({value}): half of all lie from {low} to {high}"))
}

/// Facts about the inputs: which are far from the others, and which are constant, unless all are.
pub fn notes<const D: usize, const K: usize>(data: &Data<D, K>) -> Vec<String> {
    let mut notes: Vec<String> = outlying(data).into_iter().collect();
    let constant = constant(&data.training);
    if !constant.is_empty() && constant.len() < D {
        notes.push(format!("constant in all rows, and so of no use: {}", listed(constant)));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::dataset::Dataset;

    /// A run with this step size and λ on two rows, for which 2/L is `limit` without λ.
    fn setting(limit: f64, step_size: f64, lambda: f64) -> (Data<2, 2>, Hyperparameters) {
        let x = ((16.0 / (limit * limit) - 1.0).sqrt() / 2.0).sqrt();
        let training = Dataset::new(vec![[x, x], [-x, -x]], vec![0, 1]);
        (Data { training, validation: None, rows: None }, Hyperparameters { epochs: 1, step_size, lambda })
    }

    #[test]
    fn only_flags_that_the_run_takes_and_that_may_help_are_named() {
        let said = |limit: f64, [step_size, lambda]: [f64; 2], is_loaded, cause| {
            let (data, hyper) = setting(limit, step_size, lambda);
            Setting { data: &data, hyper, is_loaded }.line(Finding::OnePrediction(0, cause))
        };
        for (step_size, lambda, is_loaded, ways) in [
            (0.5, 0.0, false, " or a larger --step-size (up to 2/L = 2) or another --init"),
            (3.0, 0.1, false, " or a smaller --reg or another --init"),
            (3.0, 0.0, true, ""),
        ] {
            let expected = format!("every sample is given class 0; try more --epochs{ways}");
            assert_eq!(said(2.0, [step_size, lambda], is_loaded, Cause::Unfinished), expected);
        }
        let rise = said(0.25, [1.0, 0.0], false, Cause::Rise);
        assert!(rise.ends_with("so the step is too large: try a smaller --step-size (2/L = 0.25)"), "{rise}");
        let expected = "every sample is given class 0; the step size is 1, 2/L = 0.25, where L = 8 bounds the curvature by \
                        these inputs, and the least deviation of an input is 2.83: try --standardize, with which 2/L = 1.79";
        assert_eq!(said(0.25, [1.0, 0.0], false, Cause::Scale), expected);
    }

    #[test]
    fn a_divergence_is_described_by_the_numbers_that_caused_it() {
        let (data, hyper) = setting(4.0, 5.0, 0.5);
        let cause = |divergence| Setting { data: &data, hyper, is_loaded: false }.cause(divergence);
        assert_eq!(cause(Divergence::Steps), "(step size 5, λ = 0.5); try a smaller --step-size (2/L = 2)");
        assert!(cause(Divergence::Decay).contains("; step size × λ = 2.5 is above 2, where"));
        assert!(cause(Divergence::Scale).starts_with("(λ = 0.5); the step size is 5, 2/L = 2, "));
        let start = Divergence::Start { largest_input: 1e300, largest_parameter: 1.5 };
        let expected = "before any step: the inputs reach 1e300, the parameters 1.5, λ is 0.5: the largest is too large; \
                        --standardize, --init and --bias, or --reg make it smaller";
        assert_eq!(cause(start), expected);
    }
}
