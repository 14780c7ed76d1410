//! Problem 1: results and figures of networks with two inputs.

use std::f64::consts::LN_2;

use crate::draw::{Figure, Page};
use crate::figures::{
    Part, PlanarNetwork, character_map, data_map, decision_maps, gates, hidden_plane, map_pixels, one_step,
    parts, ties, units,
};
use crate::math::matrix::Matrix;
use crate::math::mlp1::Mlp1;
use crate::math::model::Model;
use crate::math::softmax::arg_max;
use crate::math::softmax_regression::SoftmaxRegression;
use crate::programs::console::Console;
use crate::programs::experiments::{compared, side_by_side};
use crate::programs::outcome::Outcome;
use crate::programs::run::Run;
use crate::programs::settings::Settings;
use crate::proof::one_step::{ALPHA, LAMBDA, OneStep, Quantity, written};
use crate::proof::xor_gate::{INPUTS, is_truth_table, xor};
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::names::Names;
use crate::training::numbers::{fixed, percent, readable};
use crate::training::train::{Score, Split, Trainer};

/// Draws the network's predictions everywhere around the data into `regions.svg`, and into `regions.ppm` if `--ppm` asks
/// for it.
pub fn draw_regions<const K: usize>(
    console: &mut Console,
    outcome: &Outcome,
    network: &PlanarNetwork,
    data: &Dataset<2, K>,
) -> Result<(), Error> {
    let Score { correct, samples, .. } = outcome.scores.training;
    let map = data_map("", network, data);
    let title = format!("{correct} of {samples} points right");
    let title = if ties(&map) { "all classes tie, and so no border" } else { &title };
    console.sketch(|| character_map(network, &map, data, 60))?;
    if let Some(size) = console.options.ppm {
        console.write("regions.ppm", &map_pixels(network, &map, size))?;
    }
    console.figure("regions.svg", decision_maps(title, "", data, vec![map]))
}

/// Draws the trained line beside one that gets three of XOR's four points right and costs more into `lines.svg`.
pub fn draw_lines(
    console: &mut Console,
    trained: &SoftmaxRegression<2, 2>,
    data: &Dataset<2, 2>,
) -> Result<(), Error> {
    let mut or = SoftmaxRegression::zeros();
    or.w = Matrix::from_rows([[0.0, 2.0], [0.0, 2.0]]);
    or.b = Matrix::from_rows([[0.0, -1.0]]);
    let mut trainer = Trainer::<_, 2, 2, 4>::new();
    let maps = [("trained", trained), ("f₁ − f₀ = 2x₁ + 2x₂ − 1", &or)].map(|(name, model)| {
        let (score, map) =
            (trainer.evaluate(model, data, 0.0), data_map("", &PlanarNetwork::from(model), data));
        let right = if ties(&map) { "p = ½".to_owned() } else { format!("{} of 4", score.correct) };
        Figure { caption: format!("{name}: {right}, data loss {}", fixed(score.data_loss, 4)), ..map }
    });
    let subtitle = format!(
        "No line gets all four right, and one that is right three times pays for the fourth. The least data loss, \
         ln 2 = {LN_2:.4}, is that of p\u{a0}=\u{a0}½ everywhere: a tie without a border."
    );
    let title = "the trained line, and one that is right three times";
    console.figure("lines.svg", decision_maps(title, &subtitle, data, maps.into()))
}

/// XOR's truth table: the hard-coded gate of Figure 1b beside the network's classes and probabilities, in the names of the
/// classes.
pub fn truth_table<M: Model<2, 2>>(model: &M, names: &Names) -> String {
    let p = model.probabilities(&Matrix::from_rows(INPUTS));
    let classes: Vec<&str> = names.in_files().collect();
    let row = |(n, [in1, in2]): (usize, [f64; 2])| {
        let on = [xor([in1, in2]) > 0.5, arg_max(&p[n]) == 1];
        let [gate, learned] = on.map(|is_on| classes[usize::from(is_on)]);
        format!("\n{in1:3} {in2:3}  {gate:>9}  {learned:>7}  {:.6}", p[n][1])
    };
    let rows: String = INPUTS.into_iter().enumerate().map(row).collect();
    format!("in1 in2  Figure 1b  network  p(out = {}){rows}", classes[1])
}

/// Draws how XOR is computed into `networks.svg`, what each unit adds into `units.svg`, the points as the two strongest
/// units see them, if a line separates them there, into `hidden.svg`, and, of XOR, how a network learns, in one step, into
/// `one_step.svg`. Returns the units, the strongest first.
pub fn draw_mechanism(
    console: &mut Console,
    outcome: &Outcome,
    network: &PlanarNetwork,
    data: &Dataset<2, 2>,
) -> Result<Vec<Part>, Error> {
    let is_xor = is_truth_table(data);
    let title =
        format!("a network that is right at {} of {} points", outcome.scores.training.correct, data.len());
    let Names { inputs, classes } = data.names();
    let [inputs, classes] = [inputs, classes].map(|names| names.join(", "));
    let subtitle = format!("in₁, in₂: {inputs}; out 0, out 1: {classes}");
    console.figure("networks.svg", gates(&title, &subtitle, network, is_xor))?;
    let subtitle = "Above, what a unit adds to f₁ − f₀: blank where it is off; the unit that adds most at a point comes first. \
                    Below, the class by b₂ and the units so far.";
    console.figure("units.svg", units(subtitle, network, data))?;
    if let Some(figure) = hidden_plane(network, data) {
        let title = "a line is enough behind the two strongest hidden units";
        let subtitle = "The points by the outputs of these units; a line weighs them as the network does.";
        console.figure("hidden.svg", Page::new([title, subtitle, subtitle], 1, vec![figure]))?;
    }
    if is_xor {
        console.figure("one_step.svg", one_step(&OneStep::computed()))?;
    }
    Ok(parts(network, data))
}

/// The values of λ that are compared.
const LAMBDAS: [f64; 6] = [0.0, 1e-4, 1e-3, 3e-3, 1e-2, 1e-1];

/// The epochs of the compared runs, and the training accuracy, from 0 to 1, with each λ; NaN if it diverged.
pub type Lambdas = (u64, Vec<f64>);

/// Trains from the same start with different λ, each on a thread of its own, prints the accuracies, and draws the
/// boundaries into `lambdas.svg`.
pub fn compare_lambdas<const H: usize>(
    console: &mut Console,
    run: &Run<Mlp1<2, H, 3>, 2, 3, 20>,
) -> Result<Lambdas, Error> {
    let networks = (LAMBDAS.len() as u64, "6 networks with other λ, for lambdas.svg");
    let Some(settings) = run.comparison(console, networks)? else { return Ok(Lambdas::default()) };
    let (data, seed) = (&run.data().training, console.options.seed);
    let runs = side_by_side(&LAMBDAS, |&lambda| {
        let settings = Settings { lambda, ..settings };
        compared::<Mlp1<2, H, 3>, 2, 3, 20>(Split::training(data), &settings, seed)
    });
    let (mut accuracies, mut results, mut maps) = (Vec::new(), Vec::new(), Vec::new());
    for (lambda, (model, history, diverged)) in LAMBDAS.into_iter().zip(runs) {
        let name = format!("λ = {}:", readable(lambda));
        let (mut accuracy, mut result) = (f64::NAN, "diverged".to_owned());
        if let (Some(scores), None) = (history.last(), diverged) {
            accuracy = scores.training.accuracy();
            let network = PlanarNetwork::from(&run.state.in_own_units(&model));
            let map = data_map("", &network, &run.raw.training);
            result = if ties(&map) { "all classes tie".to_owned() } else { percent(accuracy) + " right" };
            maps.push(Figure { caption: format!("{name}\n{result}"), ..map });
        }
        results.push(format!("{name} {result}"));
        accuracies.push(accuracy);
    }
    console.line(format!("after {} epochs with {}", settings.epochs, results.join(", ")))?;
    let ends = [&results[0], &results[results.len() - 1]].map(|result| result.replace(' ', "\u{a0}"));
    let title = format!("training points with {}", ends.join(", "));
    let page = decision_maps(&title, &run.subtitle(&settings), &run.raw.training, maps);
    console.figure("lambdas.svg", page)?;
    Ok((settings.epochs, accuracies))
}

/// Prints one step of back-propagation, each quantity with its equation, its line of code and its numbers, and draws it.
pub fn show_one_step(console: &mut Console) -> Result<(), Error> {
    let step = OneStep::computed();
    let OneStep { given, quantities, score, score_after } = &step;
    console.lines(&format!(
        "One step of back-propagation: 2 inputs → 2 ReLU units → 2 classes on XOR, λ = {LAMBDA}, α = {ALPHA}\n\
         A row for each of the N = {} samples. A number with less than four decimals is exact; others are rounded where they \
         are\nprinted and not before, so a sum of printed numbers may differ by 0.0001 or 0.0002.\n\nGiven",
        given[0].1.len()
    ))?;
    let given = given.iter().map(|(name, rows)| (String::new(), *name, rows));
    let computed = quantities.iter().map(|quantity| {
        let Quantity { equation, name, formula, code: [code, file], rows, worked } = quantity;
        let code = format!("{code}  // {file}\n    for example {worked}");
        (format!("\n  Eq. {equation}: {name} = {formula}\n    {code}"), *name, rows)
    });
    for (heading, name, rows) in given.chain(computed) {
        console.lines(&heading)?;
        for (n, row) in written(rows).iter().enumerate() {
            let (name, sign) = if n == 0 { (name, "=") } else { ("", " ") };
            let padded = |number: &String| format!("{number:>9}");
            let numbers: String = row.iter().map(padded).collect();
            console.line(format!("    {name:>9} {sign}{numbers}"))?;
        }
    }
    let [before, after] = [score, score_after].map(|score| format!("{:.4}", score.loss()));
    let [right, right_after] = [score.correct, score_after.correct];
    console.lines(&format!(
        "\nThe step takes J from {before} to {after}, and {right_after} instead of {right} of the 4 points are right."
    ))?;
    console.figure("one_step.svg", one_step(&step))
}
