//! Problem 2: results and figures of networks on Iris.

use std::fmt::Write as _;

use crate::draw::{Look, Mark};
use crate::figures::{loss_curves, loss_pages, petals};
use crate::math::init::{Init, WeightInit};
use crate::math::mlp1::Mlp1;
use crate::math::mlp2::Mlp2;
use crate::math::model::Model;
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::programs::data::Data;
use crate::programs::experiments::{compared, divided_otherwise, lowest_validation};
use crate::programs::options::Options;
use crate::programs::outcome::Outcome;
use crate::programs::run::{Run, network};
use crate::programs::settings::Settings;
use crate::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN};
use crate::training::error::Error;
use crate::training::numbers::{fixed, readable};
use crate::training::train::{Trainer, losses};

/// A step so large that overfitting shows within [`OVERFITTING_EPOCHS`].
const OVERFITTING_STEP_SIZE: f64 = 0.05;

/// The λ of the run with weight decay.
const DECAY: f64 = 0.01;

/// The most epochs of the runs that show overfitting.
const OVERFITTING_EPOCHS: u64 = 3000;

/// "flowers" for the built-in data, else "samples".
fn kind(options: &Options) -> &'static str {
    if options.data.is_none() { "flowers" } else { "samples" }
}

/// Draws which samples the network mistakes into `petals.svg`, and prints for which class (of the validation data).
pub fn draw_flowers(
    console: &mut Console,
    data: [&Dataset<4, 3>; 2],
    predicted: [Vec<usize>; 2],
) -> Result<(), Error> {
    let mistakes = |part: usize| {
        let pairs = data[part].labels().iter().zip(&predicted[part]);
        pairs.filter(|(is, predicted)| is != predicted)
    };
    let mut of_validation: Vec<_> = mistakes(1).collect();
    of_validation.sort_unstable();
    let classes = &data[0].names().classes;
    for equal in of_validation.chunk_by(|one, other| one == other) {
        let (is, taken) = (&classes[*equal[0].0], classes.get(*equal[0].1));
        let taken = taken.map_or("none: their scores overflow", String::as_str);
        console.line(format!("mistaken in validation: {} of {is} for {taken}", equal.len()))?;
    }
    let (kind, axes) = (kind(console.options), console.options.axes);
    let [training, validation] =
        [0, 1].map(|part| format!("{} of {}", mistakes(part).count(), data[part].len()));
    let title = format!("it mistakes {training} {kind} in training, {validation} in validation");
    let [training, validation] = predicted;
    let groups = [("training", data[0], training), ("validation", data[1], validation)];
    console.figure("petals.svg", petals(&title, kind, axes, &groups))
}

/// Shows overfitting and two ways to control it with the run's settings and a larger step, in `overfitting.svg`: of the
/// built-in flowers on another split, on which it overfits; of other data on their own.
pub fn compare_overfitting<M: Model<4, 3>, const N: usize>(
    console: &mut Console,
    run: &Run<M, 4, 3, N>,
) -> Result<(), Error> {
    let inside = [IRIS_TRAIN.load(None)?, IRIS_TEST.load(None)?];
    let is_iris = run.raw.both().iter().zip(&inside).all(|(data, inside)| data.has_rows_of(inside));
    let with = if is_iris { "another split and " } else { "" };
    let networks = format!("2 networks with {with}step size {OVERFITTING_STEP_SIZE}, for overfitting.svg");
    // Prob2b trains a third network.
    let settings = run.comparison(console, (3, &networks), OVERFITTING_EPOCHS)?;
    let Some(settings) = settings else { return Ok(()) };
    let settings = Settings { step_size: OVERFITTING_STEP_SIZE, ..settings };
    let other = is_iris.then(|| divided_otherwise(run.data().both()));
    let split = other.as_ref().map_or(run.data().split(), Data::split);
    let mut subtitle = run.subtitle(&settings);
    if is_iris {
        let _ = write!(subtitle, "\nanother split of the same {}", kind(console.options));
    }
    let mut title = "overfitting and two ways to control it".to_owned();
    let mut panels = Vec::new();
    for (control, lambda) in [("No control", 0.0), ("Weight decay", DECAY)] {
        let mut caption = format!("{control}: λ = {lambda}");
        let settings = Settings { lambda, ..settings };
        let (_, history, diverged) = compared::<M, 4, 3, N>(split, &settings, console.options.seed);
        let losses = losses(&history, |score| score.data_loss);
        let mut stop = Vec::new();
        if let Some(epoch) = diverged {
            let _ = write!(caption, ": diverged in epoch {epoch}");
        } else if let (Some(best), true) = (lowest_validation(&history), panels.is_empty()) {
            title = format!("without control, the validation loss is lowest in epoch {best}");
            // Early stopping is the control of the run without decay.
            let look = Look::VerticalLine(best as f64);
            stop.push(Mark::new(format!("early stopping keeps epoch {best}"), look));
        }
        let curves = [("training", &losses[0][..]), ("validation", &losses[1])];
        panels.push(loss_curves(&caption, &curves, stop));
    }
    console.figure("overfitting.svg", loss_pages(&title, &subtitle, "data loss", panels))
}

/// Trains a network with one hidden layer of H units with the run's settings, and draws its losses beside the run's into
/// `layers.svg`.
pub fn compare_with_one_layer<const H: usize>(
    console: &mut Console,
    run: &Run<Mlp2<4, H, H, 3>, 4, 3, 10>,
    outcome: &Outcome,
) -> Result<(), Error> {
    let (split, settings, seed) = (run.data().split(), &run.settings, console.options.seed);
    let networks = (1, "1 network with one hidden layer, for layers.svg");
    if run.comparison(console, networks, settings.epochs)?.is_none() {
        return Ok(());
    }
    let (model, history, diverged) = compared::<Mlp1<4, H, 3>, 4, 3, 10>(split, settings, seed);
    let mut subtitle = format!(
        "1 layer: {}\n2 layers: {}\n{}\nλ = {}, {}",
        network(&model),
        network(&run.state.model),
        settings.steps(),
        readable(settings.lambda),
        run.starting_point
    );
    let mut title = "one hidden layer and two".to_owned();
    if let Some(epoch) = diverged {
        let _ = write!(subtitle, "\n1 layer diverged in epoch {epoch}");
    } else {
        let ends = [&history, &outcome.history].map(|history| history[history.len() - 1]);
        let [one, two] = ends.map(|scores| fixed(scores.validation_loss(), 4));
        title = format!("validation loss {one} with one hidden layer, {two} with two");
    }
    let [one, two] = [&history, &outcome.history].map(|history| losses(history, |score| score.data_loss));
    let curves = [
        ("1 layer, training", &one[0][..]),
        ("1 layer, validation", &one[1]),
        ("2 layers, training", &two[0]),
        ("2 layers, validation", &two[1]),
    ];
    let mut figure = loss_curves("", &curves, Vec::new());
    // Of four bands, those for training would hide the others.
    figure.marks.retain(|mark| !matches!(mark.look, Look::Band { series, .. } if series % 2 == 0));
    // The colour says how deep the network is.
    for mark in &mut figure.marks {
        if let Look::Line { series, .. } | Look::Band { series, .. } = &mut mark.look {
            *series /= 2;
        }
    }
    console.figure("layers.svg", loss_pages(&title, &subtitle, "data loss", vec![figure]))
}

/// Prints and returns the root mean square of ∂J/∂W1 before training, of the starter script's network with its own first
/// weights and with Glorot's.
pub fn print_first_gradients(console: &mut Console, data: &Dataset<4, 3>) -> Result<[f64; 2], Error> {
    let Options { seed, problem, .. } = *console.options;
    let starter = problem.starter.init;
    let inits = [starter, Init { weights: WeightInit::Glorot, ..starter }];
    let sizes = inits.map(|init| {
        let network = Mlp2::<4, 100, 100, 3>::initialised(&init, &mut Rng::new(seed));
        let mut trainer = Trainer::<_, 4, 3, 10>::new();
        trainer.gradient(&network, data, 0..data.len(), 0.0);
        let gradient = trainer.last_gradient().w1.values();
        (gradient.iter().map(|entry| entry * entry).sum::<f64>() / gradient.len() as f64).sqrt()
    });
    let [own, glorot] = sizes;
    let weights = starter.weights;
    console.line(format!(
        "the starter's network before training: gradient of W1 {own:.1e} with init {weights}, {glorot:.1e} with glorot \
         (root mean squares)"
    ))?;
    Ok(sizes)
}
