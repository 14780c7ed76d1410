//! Why a start fails or not: the sizes of signals and gradients in every layer while a network of problem 2b learns.

use crate::figures::{self, SignalRun};
use crate::math::init::{Init, WeightInit};
use crate::math::mlp2::Mlp2;
use crate::math::model::Model;
use crate::programs::console::Console;
use crate::programs::experiments::trained;
use crate::programs::outcome::Outcome;
use crate::programs::settings::Settings;
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::numbers::{percent, readable};
use crate::training::train::{EpochScores, Split, Trainer};

/// The most epochs of a run's own settings that are measured: sizes change at the start.
const MOST_EPOCHS: u64 = 100;

/// A run with the sizes of its signals and gradients, as root mean squares, after every epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    /// The settings.
    pub settings: Settings,
    /// Of the outputs of each layer, from the first hidden layer to the scores.
    pub signals: Vec<Vec<f64>>,
    /// Of the gradient of each layer's weights, without the penalty's.
    pub gradients: Vec<Vec<f64>>,
    /// The scores after the last epoch.
    pub last: EpochScores,
}

/// Trains a network with these settings and measures its layers after every epoch.
pub fn signals<M: Model<4, 3>>(settings: &Settings, seed: u64, split: Split<4, 3>) -> Signals {
    let mut meter = Trainer::<M, 4, 3, 10>::new();
    let [mut signals, mut gradients]: [Vec<Vec<f64>>; 2] = [Vec::new(), Vec::new()];
    let push = |layers: &mut Vec<Vec<f64>>, sizes: Vec<f64>| {
        layers.resize(sizes.len(), Vec::new());
        layers.iter_mut().zip(sizes).for_each(|(layer, size)| layer.push(size));
    };
    let watch = |model: &M, _: &EpochScores| {
        push(&mut signals, outputs(&mut meter, model, split.training));
        meter.gradient(model, split.training, 0..split.training.len(), 0.0);
        let parameters = meter.last_gradient().parameters();
        let weights = parameters.iter().filter(|parameter| !parameter.is_bias);
        push(&mut gradients, weights.map(|weights| root_mean_square(weights.values)).collect());
    };
    let (_, history) = trained(&mut Trainer::<M, 4, 3, 10>::new(), split, settings, seed, watch);
    Signals { settings: *settings, signals, gradients, last: history[history.len() - 1] }
}

/// The size of each layer's outputs over all samples.
fn outputs<M: Model<4, 3>, const N: usize>(
    trainer: &mut Trainer<M, 4, 3, N>,
    model: &M,
    data: &Dataset<4, 3>,
) -> Vec<f64> {
    let mut layers: Vec<Vec<f64>> = Vec::new();
    trainer.for_each_tile(model, data, |tile, pass| {
        let mut found = M::hidden_layers(pass);
        found.push(M::scores(pass).values());
        layers.resize(found.len(), Vec::new());
        for (layer, values) in layers.iter_mut().zip(found) {
            layer.extend(&values[..values.len() / N * tile.count]);
        }
    });
    layers.iter().map(|layer| root_mean_square(layer)).collect()
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

/// The starter script's settings, these with Glorot's deviation, and the run's own, measured over no more epochs than the run
/// has and drawn into `signals.svg`.
pub fn compare_signals<const H: usize>(
    console: &mut Console,
    outcome: &Outcome,
    split: Split<4, 3>,
) -> Result<[Signals; 3], Error> {
    let seed = outcome.options.seed;
    let own = outcome.options.settings;
    let starter = outcome.options.problem.starter;
    let batch = starter.batch.map(|batch| batch.min(split.training.len()));
    let starter = Settings { epochs: starter.epochs.min(own.epochs), batch, ..starter };
    let glorot = Settings { init: Init { weights: WeightInit::Glorot, ..starter.init }, ..starter };
    let [starter, glorot] =
        [starter, glorot].map(|settings| signals::<Mlp2<4, 100, 100, 3>>(&settings, seed, split));
    let own = Settings { epochs: own.epochs.min(MOST_EPOCHS), ..own };
    let runs = [starter, glorot, signals::<Mlp2<4, H, H, 3>>(&own, seed, split)];
    let names = ["the starter's settings", "the same but for the init", "this run's first epochs"];
    let mut rows = Vec::new();
    for (name, run) in names.into_iter().zip(&runs) {
        let EpochScores { epoch, training, validation } = run.last;
        let (data, score) = validation.map_or(("training", training), |score| ("validation", score));
        let accuracy = percent(score.accuracy());
        let Settings { init: Init { weights: init, .. }, hidden, lambda, .. } = run.settings;
        let [first, last] = [0, run.gradients.len() - 1].map(|layer| run.gradients[layer][0]);
        console.line(format!(
            "{name}, init {init}: first gradients from {first:.1e} (W1) to {last:.1e} (W{}); accuracy {accuracy}",
            run.gradients.len()
        ))?;
        let (signals, gradients) = (run.signals.clone(), run.gradients.clone());
        rows.push(SignalRun {
            captions: [
                format!("{name}:\n{data} accuracy {accuracy} after epoch {epoch}"),
                format!(
                    "{hidden} + {hidden} units, init {init}, λ\u{a0}=\u{a0}{}, {}",
                    readable(lambda),
                    run.settings.steps()
                ),
            ],
            signals,
            gradients,
        });
    }
    // Before training: what the two hidden layers put out, and the gradient that comes back to the first.
    let [starter, glorot] = [&runs[0], &runs[1]].map(|run| [run.signals[1][0], run.gradients[0][0]]);
    let vanishes = starter[0] < 0.1 * glorot[0] && starter[1] < 0.1 * glorot[1];
    let title = if vanishes {
        "with the starter's weights, signals and gradients begin far smaller"
    } else {
        "signals and gradients, layer by layer"
    };
    let title = outcome.titled(title);
    let subtitle =
        "Left: size of each layer's output; right: of the gradient of its weights (root mean squares).";
    console.page("signals.svg", &figures::signals(&title, subtitle, &rows))?;
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::matrix::Matrix;
    use crate::math::rng::Rng;
    use crate::programs::settings::PROB2B;

    #[test]
    fn sizes_are_root_mean_squares_over_samples_alone() {
        // More samples than one tile, and not a multiple of it.
        let data =
            Dataset::<4, 3>::new((0..13).map(|n| [f64::from(n), 1.0, 0.0, 0.0]).collect(), vec![0; 13]);
        let mut model = Mlp2::<4, 2, 1, 3>::zeros();
        model.w1 = Matrix::from_rows([[1.0, 0.0], [0.0, -1.0], [0.0; 2], [0.0; 2]]);
        model.w2 = Matrix::from_rows([[2.0], [5.0]]);
        model.w3 = Matrix::from_rows([[1.0, 0.0, -1.0]]);
        // The first unit puts out n, the second is off; then 2n, then 2n, 0, −2n.
        let squares = (0..13).map(|n| f64::from(n * n)).sum::<f64>() / 13.0;
        let expected = [squares / 2.0, 4.0 * squares, 8.0 * squares / 3.0].map(f64::sqrt);
        let found = outputs(&mut Trainer::<_, 4, 3, 10>::new(), &model, &data);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {expected:?}");
    }

    #[test]
    fn every_epoch_and_layer_is_measured_and_training_is_that_of_the_program() {
        let data = Dataset::<4, 3>::new(
            (0..12).map(|n| [1.0, f64::from(n), 0.5, 2.0]).collect(),
            [0, 1, 2].repeat(4),
        );
        let settings = Settings { epochs: 3, ..PROB2B.starter };
        let run = signals::<Mlp2<4, 3, 2, 3>>(&settings, 5, Split::training(&data));
        for layers in [&run.signals, &run.gradients] {
            assert_eq!(layers.iter().map(Vec::len).collect::<Vec<_>>(), [4; 3]);
        }
        let mut rng = Rng::new(5);
        let mut model = Mlp2::<4, 3, 2, 3>::initialised(&settings.init, &mut rng);
        let (batches, hyper) = (settings.batches(&mut rng), settings.hyperparameters());
        let mut trainer = Trainer::<_, 4, 3, 10>::new();
        let history =
            trainer.train(&mut model, Split::training(&data), batches, &hyper, |_, _| Ok::<(), Error>(()));
        assert_eq!(history.unwrap().last(), Some(&run.last));
        trainer.gradient(&model, &data, 0..12, 0.0);
        let last = root_mean_square(trainer.last_gradient().w2.values());
        assert_eq!(run.gradients[1][3], last);
    }
}
