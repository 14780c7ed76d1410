//! The beginning and the end of a run: first parameters, random or loaded; last parameters, saved.

use std::path::Path;

use crate::math::model::{Model, widths};
use crate::math::rng::Rng;
use crate::programs::cli::Options;
use crate::programs::console::Console;
use crate::programs::output::{check_place, write_atomically};
use crate::programs::settings::Problem;
use crate::training::checkpoint::Checkpoint;
use crate::training::error::Error;
use crate::training::fingerprint::Fingerprint;

const SAVE_ADVICE: &str = "--save names the file to write";

/// The parameters from which training starts: random ones, or those that `--load` names. Prints the problem, the network,
/// the data (files and their numbers of samples) and the settings.
pub fn start<M: Model<D, K>, const D: usize, const K: usize>(
    console: &mut Console,
    options: &Options,
    files: &[(&str, usize)],
) -> Result<Checkpoint<M>, Error> {
    let Problem { name, tuned, starter, .. } = options.problem;
    if let Some(file) = &options.save {
        // Not only after long training.
        check_place(file).map_err(|error| error.advise(SAVE_ADVICE))?;
    }
    let start = if let Some(file) = &options.load {
        Checkpoint::read(file, name)
            .map_err(|error| error.advise("--load names a file that --save has written"))?
    } else {
        let seed = options.seed;
        let mut rng = Rng::new(seed);
        Checkpoint { model: M::initialised(&options.settings.init, &mut rng), rng, epochs: 0, seed }
    };
    let shown = |((name, samples), given): (&(&str, usize), Option<&Path>)| match given {
        Some(file) => format!("{} ({samples})", file.display()),
        None => format!("{name} ({samples})"),
    };
    let files: Vec<String> = files.iter().zip(options.files()).map(shown).collect();
    console.line(options.title())?;
    console.line(format!("network: {}", network(&start.model)))?;
    console.line(format!("data: {}", files.join(", ")))?;
    console.line(format!("settings: {}", options.settings_line()))?;
    if let Some(batch) = options.replaced_batch {
        console.line(format!("batch: all training samples, fewer than the default batch of {batch}"))?;
    }
    if options.settings == *tuned {
        console.line(format!("settings from: the sweeps of tune (out/tuning/{name}.md)"))?;
    } else if options.settings == *starter {
        console.line("settings from: the course's starter script")?;
    }
    if let Some(file) = &options.load {
        let Checkpoint { epochs, seed, .. } = &start;
        console.line(format!("loaded {}: trained for {epochs} epochs from seed {seed}", file.display()))?;
    }
    Ok(start)
}

/// Saves the parameters if `--save` says where, and prints their fingerprint.
pub fn finish<M: Model<D, K>, const D: usize, const K: usize>(
    console: &mut Console,
    options: &Options,
    end: &Checkpoint<M>,
) -> Result<(), Error> {
    if let Some(file) = &options.save {
        let text = end.to_text(options.problem.name, &options.settings_line());
        write_atomically(file, text.as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))?;
        console.line(format!("saved {}", file.display()))?;
    }
    console.line(format!("fingerprint: {}", Fingerprint::of(&end.model)))
}

/// A network in words: `2 inputs → 6 ReLU units → 2 classes`.
#[must_use]
pub fn network<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let widths = widths(&model.parameters(), " ReLU units → ");
    let widths = widths.replacen("ReLU units", "inputs", 1);
    format!("{widths} classes")
}
