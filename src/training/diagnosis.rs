//! Findings about a finished run: whether it diverged, does worse than guessing, or gives every sample the same class;
//! each with its likely cause and advice that fits the cause.

use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::math::order::larger;
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::numbers::{about, loss_text, readable};
use crate::training::train::{EpochScores, Hyperparameters, Trainer};

/// Inputs larger than this want scaling: steps that suit weights of about 1 are too large for them.
const LARGE_INPUT: f64 = 100.0;

/// A finished run.
#[derive(Debug)]
pub struct Run<'a, M, const D: usize, const K: usize> {
    /// The network after training.
    pub model: &'a M,
    /// The training data.
    pub data: &'a Dataset<D, K>,
    /// The scores over the epochs; not empty.
    pub history: &'a [EpochScores],
    /// The hyper-parameters of the run.
    pub descent: &'a Hyperparameters,
}

impl<M: Model<D, K>, const D: usize, const K: usize> Run<'_, M, D, K> {
    fn first(&self) -> &EpochScores {
        &self.history[0]
    }

    fn last(&self) -> &EpochScores {
        &self.history[self.history.len() - 1]
    }

    /// [`Error::Diverged`] if the last loss or a parameter is not finite.
    ///
    /// # Errors
    ///
    /// The divergence, with its cause.
    pub fn check_convergence(&self) -> Result<(), Error> {
        if self.last().training.loss().is_finite() && largest_parameter(self.model).is_finite() {
            return Ok(());
        }
        let Hyperparameters { step_size, lambda, .. } = *self.descent;
        let decay = step_size * lambda;
        let cause = if self.history.len() == 1 {
            // No step has been made.
            if largest_parameter(self.model) > self.data.largest_input() {
                format!(
                    "before any step: the first weights are too large, up to {}: try a smaller --init or --bias",
                    about(largest_parameter(self.model))
                )
            } else {
                format!(
                    "before any step: the inputs are too large, up to {}: scale them to about 1",
                    about(self.data.largest_input())
                )
            }
        } else {
            let (alpha, lambda) = (readable(step_size), readable(lambda));
            let advice = if decay > 2.0 {
                // W − α·λW = (1 − αλ)·W, a factor below −1.
                format!(
                    "step size × λ = {} is above 2, where the weight decay alone makes every weight larger at each \
                     step: try a smaller --step-size or --reg",
                    readable(decay)
                )
            } else {
                format!("try {}", self.smaller_steps())
            };
            format!("(step size {alpha}, λ = {lambda}); {advice}")
        };
        Err(Error::Diverged { epoch: self.last().epoch, cause })
    }

    /// The findings about a run that did not diverge, a line each.
    #[must_use]
    pub fn findings<const N: usize>(&self, trainer: &mut Trainer<M, D, K, N>) -> Vec<String> {
        let mut findings = Vec::new();
        let dead_units = trainer.dead_units(self.model, self.data);
        for (layer, (dead, all)) in dead_units.iter().enumerate().filter(|(_, (dead, _))| *dead > 0) {
            let layer = layer + 1;
            findings.push(format!(
                "dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)"
            ));
        }
        let counts = self.class_counts();
        if let Some(class) = (0..K).find(|&class| counts[class] == self.data.len()) {
            findings.push(format!("all rows are of class {class}: there is nothing to tell apart"));
            return findings;
        }
        // Without the penalty, which guessing does not have.
        let loss = self.last().training.data_loss;
        let guessing = ln(K as f64);
        if loss > 1.001 * guessing {
            let cause = if self.last().training.loss() > self.first().training.loss() {
                format!("the step is too large: try {}", self.smaller_steps())
            } else {
                format!("training began even higher: try more --epochs, or {}", self.smaller_start())
            };
            findings.push(format!(
                "worse than guessing: a loss of {} without the penalty, where guessing costs ln {K} = {guessing:.6}; \
                 {cause}",
                loss_text(loss)
            ));
        }
        let predictions = trainer.predictions(self.model, self.data);
        if let Some(class) = (0..K).find(|class| predictions.iter().all(|prediction| prediction == class)) {
            let dead_layer = dead_units.iter().position(|(dead, all)| dead == all);
            let advice = match dead_layer {
                Some(layer) => format!(
                    "all units of hidden layer {} are dead, and no gradient revives them: try {}, --init mirrored or \
                     another --seed",
                    layer + 1,
                    self.smaller_steps()
                ),
                // J is convex: there is one minimum, wherever training begins.
                None if dead_units.is_empty() => {
                    trainer.gradient(self.model, self.data, 0..self.data.len(), self.descent.lambda);
                    let slope = largest_parameter(trainer.last_gradient());
                    if slope < 1e-6 {
                        format!(
                            "the gradient is below {slope:.0e}, so this is the minimum of softmax regression"
                        )
                    } else {
                        "more --epochs or a larger --step-size may help".to_owned()
                    }
                }
                None => "more --epochs, a larger --step-size, --init mirrored or another --seed may help"
                    .to_owned(),
            };
            // Beside a class that is frequent, the others may well never be the likeliest.
            let knows_more = loss < 0.99 * self.entropy(&counts);
            findings.push(if knows_more {
                format!("every sample is given class {class}, though not with the same probability: {advice}")
            } else {
                format!("stuck: every sample is given class {class}; {advice}")
            });
        }
        findings
    }

    fn smaller_steps(&self) -> String {
        let scaling = self.scaling();
        format!("a smaller --step-size{scaling}")
    }

    fn smaller_start(&self) -> String {
        let scaling = self.scaling();
        format!("a smaller --init{scaling}")
    }

    fn scaling(&self) -> String {
        let largest = self.data.largest_input();
        if largest <= LARGE_INPUT {
            return String::new();
        }
        format!(" or inputs scaled to about 1 (they reach {})", about(largest))
    }

    fn class_counts(&self) -> [usize; K] {
        let mut counts = [0; K];
        for &label in self.data.labels() {
            counts[label] += 1;
        }
        counts
    }

    /// The loss of a network that knows the frequencies of the classes and nothing of the inputs.
    fn entropy(&self, counts: &[usize; K]) -> f64 {
        let shares =
            counts.iter().filter(|&&count| count > 0).map(|&count| count as f64 / self.data.len() as f64);
        shares.map(|share| -share * ln(share)).sum()
    }
}

/// The largest absolute value of a parameter; NaN if one is.
fn largest_parameter<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> f64 {
    let values = model.parameters().into_iter().flat_map(|parameter| parameter.values);
    values.fold(0.0, |largest, value| larger(largest, value.abs()))
}
