//! Findings about a run and its inputs in words, each with the flags that may help.

use crate::math::exp_ln::ln;
use crate::programs::data::Data;
use crate::training::diagnosis::{Cause, Finding};
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
    /// The cause of a divergence, and what to do about it.
    pub(super) fn divergence(&self, cause: Cause) -> String {
        let [alpha, lambda] = [self.hyper.step_size, self.hyper.lambda].map(readable);
        format!("(step size {alpha}, λ = {lambda}); {}", self.advised(cause))
    }

    /// A finding, on one line.
    pub(super) fn line(&self, finding: Finding) -> String {
        let class = |class| self.data.training.names().in_files().nth(class).unwrap_or_default();
        match finding {
            Finding::DeadUnits(layer, dead, all) => {
                format!("dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)")
            }
            Finding::WorseThanGuessing(data_loss, cause) => format!(
                "worse than guessing: a loss of {} without the penalty, where guessing costs ln {K} = {:.6}; {}",
                loss_text(data_loss),
                ln(K as f64),
                self.advised(cause)
            ),
            Finding::OnePrediction(one, cause) => {
                format!("every sample is given class {}; {}", class(one), self.advised(cause))
            }
            Finding::Scale => self.advised(Cause::Scale),
        }
    }

    /// A cause, and what to do about it.
    fn advised(&self, cause: Cause) -> String {
        let Setting { hyper: Hyperparameters { step_size, lambda, .. }, is_loaded, .. } = *self;
        let Scale { curvature, standardised, least_deviation, .. } = Scale::of(&self.data.training);
        let [limit, with] = [curvature, standardised].map(|curvature| largest_step(curvature, lambda));
        let reg = |words| if lambda > 0.0 { words } else { "" };
        let bound = if step_size > limit { format!(" (2/L = {})", about(limit)) } else { String::new() };
        let init = if is_loaded { "" } else { ", or another --init" };
        let smaller = format!("a smaller --step-size{bound}{}{init}", reg(" or --reg"));
        let standardize = || {
            let how = if is_loaded { "train anew with" } else { "try" };
            let [least, with] = [least_deviation, with].map(about);
            format!(
                "the least deviation of an input is {least}: {how} --standardize, with which 2/L = {with}"
            )
        };
        match cause {
            Cause::Start => {
                "the cost overflows before any step: try --standardize, or a smaller --init, --bias or --reg"
                    .to_owned()
            }
            Cause::Scale => format!(
                "the inputs allow a step size up to 2/L = {}, where L = {} bounds the curvature, and {}",
                about(limit),
                about(curvature + lambda),
                outlying(self.data).unwrap_or_else(standardize)
            ),
            Cause::Steps => format!("try {smaller}"),
            Cause::DeadLayer => {
                format!("all units of a hidden layer are dead: train anew with a larger --bias, {smaller}")
            }
            Cause::LeastCost => "the gradient is zero: no other parameters cost less".to_owned(),
            Cause::Unfinished => {
                let larger = format!(" or a larger --step-size (up to 2/L = {})", about(limit));
                let larger = if step_size < limit { &larger } else { "" };
                format!("try more --epochs{larger}{}{init}", reg(" or a smaller --reg"))
            }
        }
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

/// Facts about the inputs: which are far from the others, and which are constant.
pub fn notes<const D: usize, const K: usize>(data: &Data<D, K>) -> Vec<String> {
    let mut notes: Vec<String> = outlying(data).into_iter().collect();
    let constant = constant(&data.training);
    if !constant.is_empty() {
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
            (0.5, 0.0, false, " or a larger --step-size (up to 2/L = 2), or another --init"),
            (3.0, 0.1, false, " or a smaller --reg, or another --init"),
            (3.0, 0.0, true, ""),
        ] {
            let expected = format!("every sample is given class 0; try more --epochs{ways}");
            assert_eq!(said(2.0, [step_size, lambda], is_loaded, Cause::Unfinished), expected);
        }
        for (lambda, or_reg) in [(0.0, ""), (8.0, " or --reg")] {
            let limit = 2.0 / (8.0 + lambda);
            let expected = format!(
                "every sample is given class 0; try a smaller --step-size (2/L = {limit}){or_reg}, or another --init"
            );
            assert_eq!(said(0.25, [1.0, lambda], false, Cause::Steps), expected);
        }
        let expected = "every sample is given class 0; the inputs allow a step size up to 2/L = 0.25, where L = 8 bounds the \
                        curvature, and the least deviation of an input is 2.83: try --standardize, with which 2/L = 1.79";
        assert_eq!(said(0.25, [1.0, 0.0], false, Cause::Scale), expected);
    }

    #[test]
    fn a_divergence_is_described_by_the_numbers_that_caused_it() {
        let (data, hyper) = setting(4.0, 5.0, 0.5);
        let said = Setting { data: &data, hyper, is_loaded: false }.divergence(Cause::Steps);
        assert_eq!(
            said,
            "(step size 5, λ = 0.5); try a smaller --step-size (2/L = 2) or --reg, or another --init"
        );
    }
}
