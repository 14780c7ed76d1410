//! The console of a run: lines on standard output, and files in the program's folder.

use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

use crate::draw::{Page, svg};
use crate::programs::options::Options;
use crate::programs::output::write_result;
use crate::programs::terminal::{Progress, print};
use crate::training::error::Error;
use crate::training::numbers::loss_text;
use crate::training::train::EpochScores;

/// Prints lines and writes files; names the files when it is [closed](Console::close).
pub struct Console<'a> {
    /// The options that the flags set.
    pub options: &'a Options,
    out: &'a mut dyn Write,
    progress: Progress,
    start: Instant,
    /// The settings of the run, as the descriptions of figures name them.
    pub(super) settings: String,
    /// The paths of the files, in the order in which they were written.
    written: Vec<String>,
    /// The figures as SVG, by their paths in the folder of results: `prob1c/loss.svg`.
    pub figures: Vec<(String, String)>,
}

impl<'a> Console<'a> {
    /// A console that prints to `out`.
    pub fn new(options: &'a Options, out: &'a mut dyn Write) -> Self {
        let progress = Progress::new(options.quiet);
        let (settings, written, figures) = (String::new(), Vec::new(), Vec::new());
        Console { options, out, progress, start: Instant::now(), settings, written, figures }
    }

    /// Prints a line.
    pub fn line(&mut self, line: impl AsRef<str>) -> Result<(), Error> {
        self.progress.clear();
        match print(self.out, line.as_ref()) {
            // Whoever closes the output still wants the parameters that are to be saved.
            Err(error) if error.is_closed_pipe() && self.options.save.is_some() => Ok(()),
            printed => printed,
        }
    }

    /// Prints each line of a text.
    pub fn lines(&mut self, text: &str) -> Result<(), Error> {
        text.lines().try_for_each(|line| self.line(line))
    }

    /// Prints a figure in characters, with `--ascii` or on a terminal.
    pub fn sketch(&mut self, draw: impl FnOnce() -> String) -> Result<(), Error> {
        if self.options.ascii { self.lines(&draw()) } else { Ok(()) }
    }

    /// Prints the loss after every tenth epoch, or every tenth part of a run of more than 100, and after the last; in between, on
    /// a terminal, how far the run is.
    pub fn iteration(&mut self, scores: &EpochScores, [first, last]: [u64; 2]) -> Result<(), Error> {
        if self.options.quiet {
            return Ok(());
        }
        let EpochScores { epoch, training, validation } = scores;
        if epoch % (self.options.settings.epochs / 10).max(10) != 0 && *epoch != last {
            let (done, left) = (epoch - first, last - epoch);
            if done > 0 {
                let seconds = || self.start.elapsed().as_secs_f64() * left as f64 / done as f64;
                let name = self.options.problem.name;
                self.progress.show(|| format!("{name}: epoch {epoch} of {last}, {:.0} s left", seconds()));
            }
            return Ok(());
        }
        let mut line = format!("iteration {epoch}: loss {}", loss_text(training.loss()));
        if let Some(validation) = validation {
            let _ = write!(line, ", validation loss {}", loss_text(validation.loss()));
        }
        self.line(line)
    }

    /// Writes a file into the program's folder, atomically. Returns its path in the folder of results.
    pub fn write(&mut self, name: &str, contents: &[u8]) -> Result<String, Error> {
        let path = format!("{}/{name}", self.options.problem.name);
        self.written.push(write_result(&self.options.out, &path, contents)?);
        Ok(path)
    }

    /// Writes figures as SVG. The title says which problem they are of and, if there is no subtitle, the description the settings.
    pub fn figure(&mut self, name: &str, mut page: Page) -> Result<(), Error> {
        page.title = self.options.titled(&page.title);
        if page.subtitle.is_empty() {
            let _ = write!(page.description, " Settings: {}.", self.settings);
        }
        let svg = svg(&page);
        let path = self.write(name, svg.as_bytes())?;
        self.figures.push((path, svg));
        Ok(())
    }

    /// Prints which figure to open, `figure` or else the losses, and then which files were written.
    pub fn close(mut self, figure: &str) -> Result<(), Error> {
        self.progress.clear();
        let written = std::mem::take(&mut self.written);
        let path = |name: &str| written.iter().find(|path| path.rsplit('/').next() == Some(name));
        if let Some(path) = path(figure).or_else(|| path("loss.svg")) {
            self.line(format!("open {path}"))?;
        }
        written.iter().try_for_each(|path| self.line(format!("wrote {path}")))
    }
}
