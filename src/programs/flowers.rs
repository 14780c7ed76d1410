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
use crate::programs::experiments::{compared, divided_otherwise, lowest_validation};
use crate::programs::options::Options;
use crate::programs::outcome::Outcome;
use crate::programs::run::{Run, network};
use crate::programs::settings::Settings;
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::numbers::fixed;
use crate::training::train::{Trainer, losses};

/// Draws which samples the network mistakes into `petals.svg`, and prints for which class (of the validation data).
pub fn draw_flowers<M: Model<4, 3>, const N: usize>(
    console: &mut Console,
    run: &Run<M, 4, 3, N>,
) -> Result<(), Error> {
    let mut trainer = Trainer::<M, 4, 3, N>::new();
    let data = run.raw.both();
    // Beyond the last class where its scores have no probabilities.
    let predicted = run.data().both().map(|data| {
        let classes = trainer.predictions(&run.state.model, data).into_iter();
        classes.map(|class| class.unwrap_or(3)).collect::<Vec<_>>()
    });
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
    let Options { data: file, axes, .. } = console.options;
    let kind = if file.is_none() { "flowers" } else { "samples" };
    let [training, validation] =
        [0, 1].map(|part| format!("{} of {}", mistakes(part).count(), data[part].len()));
    let title = format!("it mistakes {training} {kind} in training, {validation} in validation");
    let [training, validation] = predicted;
    let groups = [("training", data[0], training), ("validation", data[1], validation)];
    console.figure("petals.svg", petals(&title, kind, *axes, &groups))
}

/// Shows overfitting and two ways to control it, with the run's settings but a larger step, in `overfitting.svg`: on another
/// split, since the built-in flowers hardly overfit on their own.
pub fn compare_overfitting<M: Model<4, 3>, const N: usize>(
    console: &mut Console,
    run: &Run<M, 4, 3, N>,
) -> Result<(), Error> {
    // So large that overfitting shows early.
    let step_size = 0.05;
    let networks = format!("2 networks with another split and step size {step_size}, for overfitting.svg");
    // Prob2b trains a third network.
    let Some(settings) = run.comparison(console, (3, &networks))? else { return Ok(()) };
    let settings = Settings { step_size, ..settings };
    let data = divided_otherwise(run.data().both());
    let subtitle = run.subtitle(&settings) + "\nanother split of the same samples";
    let mut title = "overfitting and two ways to control it".to_owned();
    let mut panels = Vec::new();
    for (control, lambda) in [("No control", 0.0), ("Weight decay", 0.01)] {
        let mut caption = format!("{control}: λ = {lambda}");
        let settings = Settings { lambda, ..settings };
        let (_, history, diverged) = compared::<M, 4, 3, N>(data.split(), &settings, console.options.seed);
        let losses = losses(&history, |score| score.data_loss);
        let mut stop = Vec::new();
        if let Some(epoch) = diverged {
            let _ = write!(caption, ": diverged in epoch {epoch}");
        } else if let (Some(best), true) = (lowest_validation(&history), panels.is_empty()) {
            let best = history[best].epoch;
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

/// Trains a network with one hidden layer of H units with the run's settings, and draws its validation losses beside the run's
/// into `layers.svg`.
pub fn compare_with_one_layer<const H: usize>(
    console: &mut Console,
    run: &Run<Mlp2<4, H, H, 3>, 4, 3, 10>,
    outcome: &Outcome,
) -> Result<(), Error> {
    let networks = (1, "1 network with one hidden layer, for layers.svg");
    let Some(settings) = run.comparison(console, networks)? else { return Ok(()) };
    let (model, history, diverged) =
        compared::<Mlp1<4, H, 3>, 4, 3, 10>(run.data().split(), &settings, console.options.seed);
    let [one, two] = [network(&model), network(&run.state.model)];
    let subtitle = format!("1 layer: {one}\n2 layers: {two}\n{}", console.settings);
    let histories = [&history, &outcome.history];
    let [one, two] = histories.map(|history| fixed(history[history.len() - 1].validation_loss(), 4));
    let one = diverged.map_or(one, |epoch| format!("diverged in epoch {epoch}"));
    let title = format!("validation loss with one hidden layer: {one}, with two: {two}");
    let [[_, one], [_, two]] = histories.map(|history| losses(history, |score| score.data_loss));
    let figure = loss_curves("", &[("1 layer", &one), ("2 layers", &two)], Vec::new());
    console.figure("layers.svg", loss_pages(&title, &subtitle, "data loss in validation", vec![figure]))
}

/// Prints the root mean square of ∂J/∂W1 before training, of the starter script's network with its own first
/// weights and with Glorot's.
pub fn print_first_gradients(console: &mut Console, data: &Dataset<4, 3>) -> Result<(), Error> {
    let Options { seed, problem, .. } = *console.options;
    let Init { weights, bias } = problem.starter.init;
    let [own, glorot] = [weights, WeightInit::Glorot].map(|weights| {
        let network = Mlp2::<4, 100, 100, 3>::initialised(&Init { weights, bias }, &mut Rng::new(seed));
        let mut trainer = Trainer::<_, 4, 3, 10>::new();
        trainer.gradient(&network, data, 0..data.len(), 0.0);
        let gradient = trainer.last_gradient().w1.values();
        (gradient.iter().map(|entry| entry * entry).sum::<f64>() / gradient.len() as f64).sqrt()
    });
    console.line(format!(
        "the starter's network before training: gradient of W1 {own:.1e} with init {weights}, {glorot:.1e} with glorot \
         (root mean squares)"
    ))
}
