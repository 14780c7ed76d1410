//! A run: its data and first parameters, random or loaded; its training; its parameters, saved every minute and at the end.
//!
//! During a run that keeps its best epoch, the file has two parts: the network of the best epoch so far, then that of the last.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::math::init::Init;
use crate::math::model::{Model, widths};
use crate::math::order::smaller;
use crate::math::rng::Rng;
use crate::programs::console::Console;
use crate::programs::data::Data;
use crate::programs::findings::{Setting, notes};
use crate::programs::options::Options;
use crate::programs::outcome::Outcome;
use crate::programs::output::{check_place, placed, write_atomically};
use crate::programs::settings::{Problem, Settings};
use crate::programs::terminal::tell;
use crate::training::checkpoint::{Checkpoint, is_saved};
use crate::training::diagnosis::diagnose;
use crate::training::error::Error;
use crate::training::fingerprint;
use crate::training::holdout::record;
use crate::training::numbers::readable;
use crate::training::scaling::Scaling;
use crate::training::train::{EpochScores, Trainer, is_finite};

/// A network in words: `2 inputs → 6 ReLU units → 2 classes`.
pub fn network<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> String {
    let widths = widths(&model.parameters(), " ReLU units → ");
    let widths = widths.replacen("ReLU units", "inputs", 1);
    format!("{widths} classes")
}

/// A run of a network M, which trains in tiles of N rows.
#[derive(Debug)]
pub struct Run<M, const D: usize, const K: usize, const N: usize> {
    /// The settings of training; the default mini-batch is at most all samples.
    pub settings: Settings,
    /// Where training starts: the initialisation, the seed and whether the inputs are standardised.
    pub starting_point: String,
    /// The network and where its training stands.
    pub state: Checkpoint<M, D, K>,
    /// The best epoch so far, of a run with `--keep best` that is taken up again.
    best: Option<Checkpoint<M, D, K>>,
    /// The time after which `--save` writes the parameters again.
    pub interval: Duration,
    /// The data as they were read, which figures show.
    pub raw: Data<D, K>,
    /// The data standardised, if they are.
    scaled: Option<Data<D, K>>,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Run<M, D, K, N> {
    /// Reads the data, and makes the first parameters: random ones, or those that `--load` names, with their scaling. Prints
    /// the problem, the network, the data and the settings.
    pub fn start(console: &mut Console) -> Result<Self, Error> {
        let options = console.options;
        // Not only after long training.
        options.save.as_deref().map_or(Ok(()), check_save)?;
        let mut parts = saved::<M, D, K>(options)?;
        let loaded = parts.pop();
        let raw = Data::load(options, loaded.as_ref().map(|state| &state.names))?;
        let held_out = raw.rows.as_ref().map(|_| record(&raw.training));
        if raw.rows.is_some() && loaded.as_ref().is_some_and(|state| state.held_out != held_out) {
            return Err(Error::Usage(
                "--load: these parameters may have learned from rows that are held out of the file of --data; --validation \
                 names the file to validate with, which may be the same"
                    .to_owned(),
            ));
        }
        let mut state = loaded.unwrap_or_else(|| {
            let (seed, names, settings) = (options.seed, raw.training.names().clone(), String::new());
            let mut rng = Rng::new(seed);
            let model = M::initialised(&options.settings.init, &mut rng);
            let scaling = options.standardize.then(|| Scaling::of(&raw.training));
            Checkpoint { model, rng, epochs: 0, seed, settings, names, held_out: None, scaling }
        });
        state.held_out = held_out;
        let scaled = state.scaling.as_ref().map(|scaling| raw.scaled(scaling));
        let batch = options.settings.batch.map(|batch| batch.min(raw.training.len()));
        let settings = Settings { batch, ..options.settings };
        settings.hyperparameters().check(state.epochs)?;
        placed(&options.out, &format!("{}/history.csv", options.problem.name))?;
        let Init { weights, bias } = settings.init;
        let start = match options.load {
            Some(_) => "from saved parameters".to_owned(),
            None => format!("init {weights} (biases {}), seed {}", readable(bias), options.seed),
        };
        let starting_point = start + if scaled.is_some() { ", inputs standardised" } else { "" };
        console.settings =
            format!("{}, λ = {}, {starting_point}", settings.steps(), readable(settings.lambda));
        console.line(options.titled(&network(&state.model)))?;
        console.line(format!("data: {}", raw.described(options)))?;
        console.line(format!("settings: {}", console.settings))?;
        let Problem { name, tuned, starter, .. } = options.problem;
        if settings == *tuned {
            console.line(format!("settings from: the sweeps of tune (out/tuning/{name}.md)"))?;
        } else if settings == *starter {
            console.line("settings from: the course's starter script")?;
        }
        if let Some(file) = &options.load {
            let Checkpoint { epochs, seed, .. } = state;
            let file = file.display();
            console.line(format!("loaded {file}: trained for {epochs} epochs from seed {seed}"))?;
            if let Some(command) = options.rest(&state.settings, epochs) {
                console.line(format!("the rest of that run: {command}"))?;
            }
        }
        let flags = options.training_flags(&settings, state.epochs + settings.epochs);
        state.settings = format!("{flags}; {starting_point}");
        notes(&raw).into_iter().try_for_each(|note| console.line(note))?;
        let best = parts.pop().filter(|_| options.keep_best);
        Ok(Run { settings, starting_point, state, best, interval: Duration::from_secs(60), raw, scaled })
    }

    /// The data as the network sees them.
    pub fn data(&self) -> &Data<D, K> {
        self.scaled.as_ref().unwrap_or(&self.raw)
    }

    /// The text below a title for runs with other settings from the same start, without λ and accuracy.
    pub fn subtitle(&self, settings: &Settings) -> String {
        format!("{}\n{}\n{}", network(&self.state.model), settings.steps(), self.starting_point)
    }

    /// The network for inputs in their own units, which figures show.
    pub fn in_own_units(&self) -> M {
        self.state.in_own_units(&self.state.model)
    }

    /// Trains with the run's settings, prints the losses, and lets `watch` see each epoch's network. Leaves the network of the
    /// last epoch or, with `--keep best`, of the first with the lowest validation loss (without the penalty), and the
    /// generator as it was then: whoever goes on from there takes the steps that this run took.
    ///
    /// With `--save`, the file has the network of an epoch of the last [`interval`](Self::interval), and after training the one
    /// that is left; of training that diverges, what it had.
    pub fn train(
        &mut self,
        console: &mut Console,
        mut watch: impl FnMut(&M, &EpochScores),
    ) -> Result<Outcome, Error> {
        let options = console.options;
        let Run { settings, state, best, interval, raw, scaled, .. } = self;
        let like = state.clone();
        let at = |model: &M, scores: &EpochScores, generator: Option<&Rng>| {
            let (model, rng) = (model.clone(), generator.unwrap_or(&like.rng).clone());
            Checkpoint { model, rng, epochs: scores.epoch, ..like.clone() }
        };
        let mut trainer = Trainer::<M, D, K, N>::new();
        trainer.start = state.epochs;
        let (hyper, data) = (settings.hyperparameters(), scaled.as_ref().unwrap_or(raw));
        let score = |trainer: &mut Trainer<M, D, K, N>,
                     Checkpoint { model, epochs, .. }: &Checkpoint<M, D, K>| {
            let training = trainer.evaluate(model, &data.training, hyper.lambda);
            let validation = data.validation.as_ref().map(|data| trainer.evaluate(model, data, hyper.lambda));
            EpochScores { epoch: *epochs, training, validation }
        };
        let lowest = best.as_ref().map_or(f64::NAN, |best| score(&mut trainer, best).validation_loss());
        let mut lowest = smaller(lowest, f64::INFINITY);
        let ends = [state.epochs, state.epochs + hyper.epochs];
        let mut written = Instant::now();
        let see = |model: &M, scores: &EpochScores, generator: Option<&Rng>| {
            if options.keep_best && scores.validation_loss() < lowest {
                lowest = scores.validation_loss();
                *best = Some(at(model, scores, generator));
            }
            if options.save.is_some() && written.elapsed() >= *interval && is_finite(model) {
                written = Instant::now();
                // A disk may be full now and not at the end.
                if let Err(error) = save(options, best.as_ref(), &at(model, scores, generator)) {
                    tell(&error.to_string());
                }
            }
            watch(model, scores);
            console.iteration(scores, ends)
        };
        let history =
            trainer.train(&mut state.model, data.split(), settings.batches(&mut state.rng), &hyper, see)?;
        state.epochs = history[history.len() - 1].epoch;
        if let Some(best) = best.take() {
            *state = best;
        }
        let setting = Setting { data, hyper, is_loaded: options.load.is_some() };
        let steps = settings.count_steps(data.training.len());
        let findings = diagnose(&state.model, &data.training, &history, &hyper, steps)
            .map(|findings| findings.into_iter().map(|finding| setting.line(finding)).collect())
            .map_err(|cause| setting.divergence(cause));
        if findings.is_ok() {
            save(options, None, state)?;
            if let Some(file) = &options.save {
                console.line(format!("saved {}", file.display()))?;
            }
            console.line(format!("fingerprint: {}", fingerprint::of_model(&state.model)))?;
        }
        let scores = score(&mut trainer, state);
        Ok(Outcome {
            problem: options.problem,
            settings: console.settings.clone(),
            history,
            scores,
            findings,
        })
    }

    /// The run's settings for `count` further `networks`, no larger than the run's, of a figure, which it prints: all of them
    /// train for at most the time of the run's own training, or a moment. `None` if each has less than a tenth of the run's
    /// epochs then, or if the run has no such figures.
    pub fn comparison(
        &self,
        console: &mut Console,
        (count, networks): (u64, &str),
    ) -> Result<Option<Settings>, Error> {
        if console.options.load.is_some() || !console.options.comparisons {
            return Ok(None);
        }
        let parameters = self.state.model.parameters();
        let size: usize = parameters.iter().map(|parameter| parameter.values.len()).sum();
        // So many epochs take a fraction of a second.
        let moment = 50_000_000 / (size * self.raw.training.len()) as u64;
        let own = self.settings.epochs;
        let epochs = own.min(own.max(moment) / count);
        let is_short = epochs < own.div_ceil(10);
        console.line(if is_short {
            format!("comparison left out, too long beside the training: {networks}")
        } else {
            format!("comparison: {networks}, {epochs} epochs each (--no-comparisons leaves this out)")
        })?;
        Ok((!is_short).then_some(Settings { epochs, ..self.settings }))
    }
}

const SAVE_ADVICE: &str = "--save names the file to write";

/// Refuses a file that cannot be written, or that holds something else than saved parameters: data, perhaps.
fn check_save(file: &Path) -> Result<(), Error> {
    check_place(file).map_err(|error| error.advise(SAVE_ADVICE))?;
    let is_free = match contents_of(file) {
        Ok(contents) => contents.is_empty() || is_saved(&contents),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    let problem = "would replace a file without saved parameters: name another, or remove it";
    let refused = || Error::Usage(format!("--save {} {problem}", file.display()));
    is_free.then_some(()).ok_or_else(refused)
}

/// Writes the parameters into the file of `--save`, if there is one, after those of the best epoch so far.
fn save<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
    best: Option<&Checkpoint<M, D, K>>,
    last: &Checkpoint<M, D, K>,
) -> Result<(), Error> {
    let Some(file) = &options.save else { return Ok(()) };
    let parts = best.into_iter().chain([last]).map(|part| part.to_text(options.problem.name));
    write_atomically(file, parts.collect::<String>().as_bytes()).map_err(|error| error.advise(SAVE_ADVICE))
}

/// The parts of the file that `--load` names: the best epoch, if it has that, and the last. None without `--load`.
pub(super) fn saved<M: Model<D, K>, const D: usize, const K: usize>(
    options: &Options,
) -> Result<Vec<Checkpoint<M, D, K>>, Error> {
    let Some(file) = &options.load else { return Ok(Vec::new()) };
    let advice = "--load takes a file that --save has written, of the same program and --hidden";
    let contents = contents_of(file).map_err(|source| Error::file(file, "read", source).advise(advice))?;
    // A second part begins after the seal of the first.
    let starts_here = |&start: &usize| contents[start - 1] == b'\n' && is_saved(&contents[start..]);
    let (best, last) = contents.split_at((1..contents.len()).find(starts_here).unwrap_or(0));
    let parts = [best, last].into_iter().skip(usize::from(best.is_empty()));
    parts.map(|part| Checkpoint::parse(&file.display().to_string(), part, options.problem.name)).collect()
}

/// The contents of a file; of one that does not begin as saved parameters do, however large it is, only the start.
fn contents_of(file: &Path) -> io::Result<Vec<u8>> {
    let (mut file, mut contents) = (File::open(file)?, Vec::new());
    file.by_ref().take(100).read_to_end(&mut contents)?;
    if is_saved(&contents) {
        file.read_to_end(&mut contents)?;
    }
    Ok(contents)
}
