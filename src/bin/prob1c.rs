//! Problem 1c (handout 2.3): a network with one hidden layer solves XOR.
#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use backprop::draw::Mark;
use backprop::figures::{PlanarNetwork, gates};
use backprop::math::matrix::Matrix;
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::softmax::arg_max;
use backprop::programs::cli::{self, Options, Outcome, Program};
use backprop::programs::experiments::{SeedBand, seed_band};
use backprop::programs::report::Report;
use backprop::programs::settings::{PROB1C, Settings};
use backprop::proof::xor_gate::{INPUTS, is_truth_table, xor};
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::{Dataset, XOR};
use backprop::training::error::Error;
use backprop::training::train::{Batches, Split, Trainer};

/// The runs that this one is compared with.
pub(crate) const SEEDS: u64 = 100;

/// The most epochs for which so many runs are trained, and their losses kept, beside this one.
const LONGEST: usize = 10_000;

fn main() -> ExitCode {
    cli::main(&Program {
        problem: &PROB1C,
        takes_validation: false,
        widths: &[(2, run::<2>), (3, run::<3>), (4, run::<4>), (6, run::<6>), (8, run::<8>), (16, run::<16>)],
    })
}

pub(crate) fn run<const H: usize>(options: &Options, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Settings { descent, .. } = &options.settings;
    let data: Dataset<2, 2> = XOR.load(options.data.as_deref())?;
    let mut report = Report::begin(
        options,
        out,
        &format!("2 inputs → {H} ReLU units → 2 classes"),
        &[(XOR.name, data.len())],
    )?;
    let Checkpoint { mut model, rng, epochs, .. } = report.start::<Mlp1<2, H, 2>, 2, 2>()?;

    report.gradient_check::<Mlp1<2, H, 2>, 2, 2, 4>(0.05, &data)?;
    report.error_over_epsilon::<Mlp1<2, 6, 2>, 2, 2, 4>(0.05, &data)?;

    let mut trainer = Trainer::<_, 2, 2, 4>::after(epochs);
    if options.load.is_none() && descent.epochs <= LONGEST {
        let band = seed_band(&mut trainer, &data, &options.settings.init, descent, SEEDS);
        let SeedBand { low, high, diverged } = band;
        if diverged < SEEDS {
            let mut label = format!("nine in ten of {} seeds", SEEDS - diverged);
            if diverged > 0 {
                let _ = write!(label, " ({diverged} diverged)");
            }
            report.compare_losses_with(Mark::Band { label, series: 4, low, high });
        }
    }
    let history =
        trainer.train(&mut model, Split::training(&data), Batches::Full, descent, |_, record| {
            report.iteration(record)
        })?;
    report.outcome(history, &mut trainer, &model, &data)?;
    let is_xor = is_truth_table(&data);
    if is_xor {
        print_truth_table(&model, &mut report)?;
    }

    report.decision_figure(&PlanarNetwork::from(&model), &data)?;
    let title = report.titled(if is_xor { "three ways to compute XOR" } else { "the trained network" });
    report.page("networks.svg", &gates(&title, &report.scored_subtitle(), &model, is_xor))?;
    report.finish(model, rng)
}

/// The hard-coded gate of Figure 1b beside what the network has learned.
fn print_truth_table<const H: usize>(model: &Mlp1<2, H, 2>, report: &mut Report) -> Result<(), Error> {
    let p = model.probabilities(&Matrix::from_rows(INPUTS));
    report.line("in1 in2  Figure 1b  network  p(out = 1)")?;
    for (n, [in1, in2]) in INPUTS.into_iter().enumerate() {
        let (gate, learned, p1) = (xor([in1, in2]), arg_max(&p[n]), p[n][1]);
        report.line(&format!("{in1:3} {in2:3}  {gate:9}  {learned:7}  {p1:.6}"))?;
    }
    Ok(())
}
