//! Findings about a finished run: whether it diverged, does worse than guessing, or gives every sample the same class;
//! each with its likely cause and advice that fits the cause.

use crate::math::exp_ln::ln;
use crate::math::init::{Init, WeightInit};
use crate::math::model::Model;
use crate::math::order::larger;
use crate::training::dataset::Dataset;
use crate::training::names::Names;
use crate::training::numbers::{about, loss_text, readable};
use crate::training::scaling::{FAR, unsuitable};
use crate::training::train::{EpochScores, Hyperparameters, Score, Trainer};

/// A finished run, whatever its network.
#[derive(Debug)]
pub struct FinishedRun<'a> {
    /// The largest absolute value of a parameter after training; NaN if one is.
    pub largest_parameter: f64,
    /// For each hidden layer, its dead units and all its units.
    pub dead_units: Vec<(usize, usize)>,
    /// The class that the network gives each training sample.
    pub predictions: Vec<usize>,
    /// The class of each training sample.
    pub labels: &'a [usize],
    /// The names of inputs and classes.
    pub names: &'a Names,
    /// The largest absolute value of an input.
    pub largest_input: f64,
    /// Whether the inputs should be scaled.
    pub unsuitable: bool,
    /// Whether all training samples have the same inputs.
    pub same_inputs: bool,
    /// The loss of the network without the penalty.
    pub data_loss: f64,
    /// The largest absolute value in the gradient of the cost.
    pub slope: f64,
    /// The largest absolute value in λW, the penalty's share of it.
    pub pull: f64,
    /// The scores over the epochs; not empty.
    pub history: &'a [EpochScores],
    /// Whether the network is that of an earlier epoch than the last, the one of the lowest validation loss.
    pub kept: bool,
    /// The hyper-parameters of the run.
    pub hyper: &'a Hyperparameters,
    /// How the first parameters were made. `None` if they are saved ones: advice about `--init`, `--bias` and `--seed` would
    /// not fit.
    pub init: Option<Init>,
}

/// A [slope](FinishedRun::slope) at which descent has arrived, if the inputs are suitable.
const FLAT: f64 = 1e-12;

impl<'a> FinishedRun<'a> {
    /// A run that trained `model` on `data` with these scores; it is that of the last.
    pub fn new<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
        model: &'a M,
        data: &'a Dataset<D, K>,
        trainer: &mut Trainer<M, D, K, N>,
        history: &'a [EpochScores],
        hyper: &'a Hyperparameters,
        init: Option<Init>,
    ) -> Self {
        let samples = data.samples();
        let Score { data_loss, .. } = trainer.gradient(model, data, 0..data.len(), hyper.lambda);
        let gradient = trainer.last_gradient().parameters();
        let slope = largest(gradient.iter().flat_map(|parameter| parameter.values));
        let parameters = model.parameters();
        let weights = parameters.iter().filter(|parameter| !parameter.is_bias);
        let pull = hyper.lambda * largest(weights.flat_map(|weights| weights.values));
        FinishedRun {
            largest_parameter: largest(parameters.iter().flat_map(|parameter| parameter.values)),
            dead_units: trainer.dead_units(model, data),
            predictions: trainer.predictions(model, data),
            labels: data.labels(),
            names: data.names(),
            largest_input: largest(samples.as_flattened().iter()),
            unsuitable: unsuitable(data).is_some(),
            same_inputs: samples.iter().all(|sample| *sample == samples[0]),
            data_loss,
            slope,
            pull,
            history,
            kept: false,
            hyper,
            init,
        }
    }

    fn is_loaded(&self) -> bool {
        self.init.is_none()
    }

    fn last(&self) -> &EpochScores {
        &self.history[self.history.len() - 1]
    }

    /// The cause of [`Error::Diverged`](crate::training::error::Error::Diverged), if the last loss or a parameter is not
    /// finite.
    #[must_use]
    pub fn divergence(&self) -> Option<String> {
        let score = self.last().training;
        if score.loss().is_finite() && self.largest_parameter.is_finite() {
            return None;
        }
        let Hyperparameters { step_size, lambda, .. } = *self.hyper;
        Some(if self.history.len() > 1 {
            let (alpha, decay) = (readable(step_size), step_size * lambda);
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
            format!("(step size {alpha}, λ = {}); {advice}", readable(lambda))
        } else if score.data_loss.is_finite() {
            format!("before any step: λ = {} is too large: try a smaller --reg", readable(lambda))
        } else if self.largest_parameter > self.largest_input {
            let advice = if self.is_loaded() { "" } else { ": try a smaller --init or --bias" };
            format!(
                "before any step: the first parameters are too large, up to {}{advice}",
                about(self.largest_parameter)
            )
        } else {
            let largest_input = about(self.largest_input);
            format!(
                "before any step: the inputs are too large, up to {largest_input}: try {}",
                self.scaling()
            )
        })
    }

    /// The findings about a run that did not diverge, a line each.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let mut findings: Vec<String> = Vec::new();
        for (layer, (dead, all)) in (1..).zip(&self.dead_units).filter(|(_, (dead, _))| *dead > 0) {
            findings.push(format!(
                "dead units: {dead} of {all} in hidden layer {layer} (no sample switches them on)"
            ));
        }
        let worse_than_guessing = self.worse_than_guessing();
        let is_worse = worse_than_guessing.is_some();
        findings.extend(worse_than_guessing);
        let FinishedRun { labels, predictions, names, .. } = self;
        let only_prediction = predictions.iter().all(|prediction| *prediction == predictions[0]);
        if labels.iter().all(|label| *label == labels[0]) {
            findings
                .push(format!("all rows are of {}: there is nothing to tell apart", names.class(labels[0])));
        } else if self.same_inputs {
            findings.push("all rows have the same inputs: there is nothing to tell them apart by".to_owned());
        } else if only_prediction {
            let class = names.class(predictions[0]);
            // Beside a frequent class, the others may well never be the likeliest.
            let knows_inputs = self.data_loss < 0.99 * self.entropy();
            let finding = if knows_inputs {
                format!("every sample is given {class}, though not with the same probability")
            } else {
                format!("stuck: every sample is given {class}")
            };
            let advice = if is_worse {
                // The advice for the loss stands above already.
                String::new()
            } else if self.dead_units.is_empty() && self.slope < FLAT && !self.unsuitable {
                // Without hidden units the cost is convex.
                if self.pull > FLAT {
                    "; the gradient is zero: with this penalty, no other parameters cost less; a smaller --reg may help"
                } else {
                    "; the gradient is zero: no other parameters cost less"
                }
                .to_owned()
            } else {
                format!("; {}", self.ways_out())
            };
            findings.push(finding + &advice);
        }
        findings
    }

    /// Says so if the data loss is above that of guessing, with its cause.
    fn worse_than_guessing(&self) -> Option<String> {
        let guessing = ln(self.names.classes.len() as f64);
        if self.data_loss <= 1.001 * guessing {
            return None;
        }
        let all = || self.history.iter().map(|scores| scores.training);
        let (first, last) = (self.history[0].training, self.last().training);
        let has_risen = all().any(|score| last.data_loss > 1.001 * score.data_loss);
        let costs: Vec<f64> = all().map(|score| score.loss()).collect();
        let cost_falls = costs.windows(2).all(|pair| pair[1] <= (1.0 + 1e-9) * pair[0]);
        let smaller_start = if self.is_loaded() { "" } else { ", or a smaller --init" };
        let cause = if self.history.len() == 1 && self.is_loaded() {
            "no step was made: the parameters do not fit these data".to_owned()
        } else if self.history.len() == 1 {
            format!("no step was made: try more --epochs{smaller_start}")
        } else if has_risen && cost_falls {
            // The penalty takes weights away that the data need, or a step overshoots them.
            "it rises while the cost with the penalty falls: try a smaller --reg or --step-size".to_owned()
        } else if has_risen {
            format!("it has been lower, so the step is too large: try {}", self.smaller_steps())
        } else if self.kept && last.data_loss < 0.999 * self.data_loss {
            "since the kept epoch the training loss fell and the validation loss did not: do the two data belong \
             together?"
                .to_owned()
        } else if last.data_loss < 0.999 * first.data_loss {
            format!("it is still falling: try more --epochs{smaller_start}")
        } else {
            format!("it hardly moves: try a larger --step-size{smaller_start}")
        };
        Some(format!(
            "worse than guessing: a loss of {} without the penalty, where guessing costs ln {} = {guessing:.6}; {cause}",
            loss_text(self.data_loss),
            self.names.classes.len()
        ))
    }

    /// Advice for a network that gives every sample the same class.
    fn ways_out(&self) -> String {
        let mut ways = Vec::new();
        let mut start = String::new();
        if let Some(layer) = self.dead_units.iter().position(|(dead, all)| dead == all) {
            start = format!("all units of hidden layer {} are dead: ", layer + 1);
            ways.push(self.smaller_steps());
        } else {
            ways.extend(self.unsuitable.then(|| self.scaling().to_owned()));
            ways.extend(["more --epochs", "a larger --step-size"].map(str::to_owned));
        }
        if self.hyper.lambda > 0.0 {
            ways.push("a smaller --reg".to_owned());
        }
        // Without hidden units there is one minimum, wherever training begins.
        if let (false, Some(init)) = (self.dead_units.is_empty(), self.init) {
            ways.push("a larger --bias".to_owned());
            ways.extend((init.weights != WeightInit::Mirrored).then(|| "--init mirrored".to_owned()));
            ways.push("another --seed".to_owned());
        }
        let last = ways.pop().unwrap_or_default();
        let others = if ways.is_empty() { String::new() } else { ways.join(", ") + " or " };
        format!("{start}{others}{last} may help")
    }

    fn smaller_steps(&self) -> String {
        let largest = self.largest_input;
        if largest <= FAR {
            return "a smaller --step-size".to_owned();
        }
        format!("{} (the inputs reach {}), a smaller --step-size", self.scaling(), about(largest))
    }

    /// How to scale the inputs: loaded parameters have their own scaling, or none.
    fn scaling(&self) -> &'static str {
        if self.is_loaded() { "inputs scaled to about 1" } else { "--standardize" }
    }

    /// The loss of a network that knows the frequencies of the classes and nothing of the inputs.
    fn entropy(&self) -> f64 {
        let labels = self.labels;
        let share =
            |class| labels.iter().filter(|&&label| label == class).count() as f64 / labels.len() as f64;
        (0..self.names.classes.len())
            .map(share)
            .filter(|&share| share > 0.0)
            .map(|share| -share * ln(share))
            .sum()
    }
}

/// The largest absolute value; NaN if a value is.
fn largest<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    values.fold(0.0, |largest, value| larger(largest, value.abs()))
}
