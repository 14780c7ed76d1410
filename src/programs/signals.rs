//! Why a start fails or not: the sizes of signals and gradients in every layer while a network of problem 2b learns.

use crate::figures::{self, SignalRun};
use crate::math::mlp2::Mlp2;
use crate::math::model::Model;
use crate::math::rng::Rng;
use crate::math::tile::Tile;
use crate::programs::console::Console;
use crate::programs::outcome::Outcome;
use crate::programs::settings::Settings;
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::numbers::percent;
use crate::training::train::{EpochScores, Split, Trainer};
use crate::{Init, WeightInit};

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
///
/// # Panics
///
/// If the size of a mini-batch is zero.
#[must_use]
pub fn signals<M: Model<4, 3>>(settings: &Settings, seed: u64, split: Split<4, 3>) -> Signals {
    let mut rng = Rng::new(seed);
    let mut model = M::initialised(&settings.init, &mut rng);
    let (batches, hyper) = (settings.batches(&mut rng), settings.hyperparameters());
    let mut meter = Trainer::<M, 4, 3, 10>::new();
    let [mut signals, mut gradients]: [Vec<Vec<f64>>; 2] = [Vec::new(), Vec::new()];
    let push = |layers: &mut Vec<Vec<f64>>, sizes: Vec<f64>| {
        layers.resize(sizes.len(), Vec::new());
        layers.iter_mut().zip(sizes).for_each(|(layer, size)| layer.push(size));
    };
    let watch = |model: &M, _: &EpochScores| {
        push(&mut signals, outputs(model, split.training));
        meter.gradient(model, split.training, 0..split.training.len(), 0.0);
        let parameters = meter.last_gradient().parameters();
        let weights = parameters.iter().filter(|parameter| !parameter.is_bias);
        push(&mut gradients, weights.map(|weights| root_mean_square(weights.values)).collect());
        Ok::<(), Error>(())
    };
    let mut trainer = Trainer::<M, 4, 3, 10>::new();
    let history = trainer.train(&mut model, split, batches, &hyper, watch).expect("nothing stops it");
    Signals { settings: *settings, signals, gradients, last: history[history.len() - 1] }
}

/// The size of each layer's outputs over all samples.
fn outputs<M: Model<4, 3>>(model: &M, data: &Dataset<4, 3>) -> Vec<f64> {
    const N: usize = 10;
    let (mut tile, mut pass) = (Tile::<N, 4>::empty(), M::pass::<N>());
    let mut layers: Vec<Vec<f64>> = Vec::new();
    let mut samples = (0..data.len()).map(|index| data.sample(index));
    while tile.fill(&mut samples) {
        model.forward(&tile.x, &mut pass);
        let mut found = M::hidden_layers(&pass);
        found.push(M::scores(&pass).values());
        layers.resize(found.len(), Vec::new());
        for (layer, values) in layers.iter_mut().zip(found) {
            layer.extend(&values[..values.len() / N * tile.count]);
        }
    }
    layers.iter().map(|layer| root_mean_square(layer)).collect()
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

/// The starter script's settings, these with Glorot's deviation, and the run's own, measured and drawn into `signals.svg`.
pub fn compare_signals<const H: usize>(
    console: &mut Console,
    outcome: &Outcome,
    split: Split<4, 3>,
) -> Result<[Signals; 3], Error> {
    let seed = outcome.options.seed;
    let starter = outcome.options.problem.starter;
    let glorot = Settings { init: Init { weights: WeightInit::Glorot, ..starter.init }, ..starter };
    let [starter, glorot] =
        [starter, glorot].map(|settings| signals::<Mlp2<4, 100, 100, 3>>(&settings, seed, split));
    let runs = [starter, glorot, signals::<Mlp2<4, H, H, 3>>(&outcome.options.settings, seed, split)];
    let names = ["the starter's settings", "the same but for the init", "this run's settings"];
    let mut rows = Vec::new();
    for (name, run) in names.into_iter().zip(&runs) {
        let EpochScores { training, validation, .. } = run.last;
        let accuracy = percent(validation.unwrap_or(training).accuracy());
        let init = run.settings.init.weights;
        let [first, last] = [0, run.gradients.len() - 1].map(|layer| run.gradients[layer][0]);
        console.line(format!(
            "{name}, init {init}: first gradients from {first:.1e} (W1) to {last:.1e} (W{}); accuracy {accuracy}",
            run.gradients.len()
        ))?;
        let (signals, gradients) = (run.signals.clone(), run.gradients.clone());
        rows.push(SignalRun { caption: format!("{name}:\ninit {init}, {accuracy}"), signals, gradients });
    }
    // After the two hidden layers, before training.
    let vanishes = runs[0].signals[1][0] < 0.1 * runs[1].signals[1][0];
    let title = outcome.titled(match vanishes {
        true => "with the starter's weights, signals and gradients vanish",
        false => "signals and gradients, layer by layer",
    });
    let subtitle =
        "Left: size of each layer's output; right: of the gradient of its weights (root mean squares).";
    console.page("signals.svg", &figures::signals(&title, subtitle, &rows))?;
    Ok(runs)
}
