//! Many independent trials on all cores, whose rows of a CSV file are in the same order whatever the number of threads.
//!
//! Rows are appended as they are ready, so that little is lost when a sweep is stopped. The next start keeps the rows of every
//! finished trial and goes on with the others.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use backprop::programs::experiments::side_by_side;
use backprop::programs::output::write_atomically;
use backprop::training::error::Error;

use super::tuning::row::{HEADER, Key, Results, Row};
use super::tuning::study::Trial;

/// A sweep over many settings.
pub(crate) struct Sweep<F> {
    /// The name of its file, without `.csv`.
    pub(crate) name: &'static str,
    /// The trials, in the order of their rows.
    pub(crate) trials: Vec<Trial>,
    /// Trains, and returns the results of each row.
    pub(crate) train: F,
}

/// One of several parts of a sweep, which may run on different machines. The files of all parts, one after the other, are
/// the file of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1 to `parts`.
    pub(crate) part: usize,
    /// At least 1.
    pub(crate) parts: usize,
}

impl Shard {
    /// The whole sweep.
    pub(crate) const WHOLE: Shard = Shard { part: 1, parts: 1 };

    /// Reads the value of `--shard`: `3/8`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (part, parts) = text.split_once('/')?;
        // Narrow enough to be multiplied by any number of trials.
        let [part, parts] = [part, parts].map(|number| number.parse::<u32>().ok());
        let shard = Shard { part: part? as usize, parts: parts? as usize };
        (1..=shard.parts).contains(&shard.part).then_some(shard)
    }

    /// The positions of this part's trials. Every part is as long as the others, or by one trial longer.
    fn range(self, trials: usize) -> Range<usize> {
        trials * (self.part - 1) / self.parts..trials * self.part / self.parts
    }

    /// The name of this part's file. In the alphabet, names stand in the order of the parts.
    fn file_name(self, sweep: &str) -> String {
        if self == Shard::WHOLE {
            return format!("{sweep}.csv");
        }
        let digits = self.parts.to_string().len();
        format!("{sweep}-{:0digits$}-of-{}.csv", self.part, self.parts)
    }
}

/// The progress of a sweep, in trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Advance {
    /// Done since this start.
    pub(crate) made: usize,
    /// To do in all since this start.
    pub(crate) missing: usize,
    /// Done before.
    pub(crate) kept: usize,
}

impl<F: Fn(&Trial) -> Vec<Results> + Sync> Sweep<F> {
    /// Makes the trials that the sweep's file in `folder` lacks, on `threads` threads, and shows `watch` the progress. Returns
    /// the file, its rows and the final count.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read or written, [`Error::Data`] if it has other columns.
    ///
    /// # Panics
    ///
    /// If a trial panics.
    pub(crate) fn complete(
        &self,
        folder: &Path,
        shard: Shard,
        threads: usize,
        mut watch: impl FnMut(Advance),
    ) -> Result<(PathBuf, Vec<Row>, Advance), Error> {
        let path = folder.join(shard.file_name(self.name));
        let trials = &self.trials[shard.range(self.trials.len())];
        let header = if shard.part == 1 { format!("{HEADER}\n") } else { String::new() };
        let found = found(&path, &header)?;
        let kept = |trial: &Trial| {
            let row = |key: Key| Row::read(key, found.range(format!("{key},")..).next()?);
            trial.keys().into_iter().map(row).collect()
        };
        let mut rows: Vec<Option<Vec<Row>>> = trials.iter().map(kept).collect();
        let missing: Vec<usize> = (0..trials.len()).filter(|&trial| rows[trial].is_none()).collect();
        let mut advance = Advance { made: 0, missing: missing.len(), kept: trials.len() - missing.len() };
        let whole = |rows: &[Option<Vec<Row>>]| header.clone() + &text(rows.iter().flatten());

        // A half-written last row and rows of another sweep go.
        write_atomically(&path, whole(&rows).as_bytes())?;
        let failed = |source| Error::file(&path, "write", source);
        let mut file = OpenOptions::new().append(true).open(&path).map_err(failed)?;
        // Neighbours take about as long as each other, so hardly any thread waits for the slowest.
        for some in missing.chunks(threads) {
            let made = side_by_side(some, |&trial| self.rows(&trials[trial]));
            file.write_all(text(&made).as_bytes()).map_err(failed)?;
            for (&trial, made) in some.iter().zip(made) {
                rows[trial] = Some(made);
            }
            advance.made += some.len();
            watch(advance);
        }
        // Rows made now may belong before rows kept.
        write_atomically(&path, whole(&rows).as_bytes())?;
        Ok((path, rows.into_iter().flatten().flatten().collect(), advance))
    }

    /// Makes a trial, and returns its rows.
    fn rows(&self, trial: &Trial) -> Vec<Row> {
        let results = (self.train)(trial);
        trial.keys().into_iter().zip(results).map(|(key, results)| Row { key, results }).collect()
    }
}

/// The lines of some trials' rows.
fn text<'a>(trials: impl IntoIterator<Item = &'a Vec<Row>>) -> String {
    trials.into_iter().flatten().map(|row| row.to_string() + "\n").collect()
}

/// The complete lines of an earlier start.
fn found(path: &Path, header: &str) -> Result<BTreeSet<String>, Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        text => text.map_err(|error| Error::file(path, "read", error))?,
    };
    let body = text.strip_prefix(header).ok_or_else(|| Error::Data {
        file: path.display().to_string(),
        line: 1,
        column: 1,
        problem: format!("expected the columns {}: move the file away", header.trim_end()),
    })?;
    let complete = body.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let columns = |line: &str| line.split(',').count();
    Ok(complete.filter(|line| columns(line) == columns(HEADER)).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::row::{Data, Tally};
    use backprop::programs::settings::{PROB1C, Settings};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Beginnings of a trial's two rows, after its number.
    const KEYS: [&str; 2] = [",mirrored,0.5,1,0,0,1,given,3,", ",mirrored,0.5,1,0,0,2,given,3,"];

    /// Results after the number of runs.
    const REST: &str = "0.5,0.5,0,0,0,0,0,0,0,0,0,0,0";

    /// A sweep of trials with two rows each, which counts how many are made. Early trials take longer, so that rows are ready
    /// out of order.
    fn sweep(runs: usize) -> (Sweep<impl Fn(&Trial) -> Vec<Results> + Sync>, Arc<AtomicUsize>) {
        let made = Arc::new(AtomicUsize::new(0));
        let trial = |hidden| {
            let settings = Settings { epochs: 2, hidden, ..PROB1C.tuned };
            Trial { settings, epochs: vec![1, 2], data: Data::Given, seed: 3 }
        };
        let counter = Arc::clone(&made);
        let train = move |trial: &Trial| {
            let number = trial.settings.hidden;
            std::thread::sleep(std::time::Duration::from_millis(((runs - number) % 5) as u64));
            counter.fetch_add(1, Ordering::Relaxed);
            let none = Tally { data_loss: 0.0, correct: 0, samples: 0 };
            let results = |runs| Results {
                runs,
                loss: 0.5,
                worst_loss: 0.5,
                training: none,
                validation: none,
                ends: [0; 5],
            };
            vec![results(number * number), results(number + 1)]
        };
        (Sweep { name: "squares", trials: (0..runs).map(trial).collect(), train }, made)
    }

    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("backprop-sweep-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn complete(
        sweep: &Sweep<impl Fn(&Trial) -> Vec<Results> + Sync>,
        folder: &Path,
        shard: Shard,
        threads: usize,
    ) -> (String, Advance) {
        let (path, rows, advance) = sweep.complete(folder, shard, threads, |_| {}).unwrap();
        let written = fs::read_to_string(path).unwrap();
        assert!(written.ends_with(&text([&rows])));
        (written, advance)
    }

    #[test]
    fn the_rows_do_not_depend_on_the_number_of_threads() {
        let (sweep, _) = sweep(20);
        let [one, eight] = [1, 8].map(|threads| {
            let folder = folder(&format!("threads{threads}"));
            let (text, advance) = complete(&sweep, &folder, Shard::WHOLE, threads);
            assert_eq!(advance, Advance { made: 20, missing: 20, kept: 0 });
            fs::remove_dir_all(folder).unwrap();
            text
        });
        assert_eq!(one, eight);
        let [first, second] = KEYS;
        let start = format!("{HEADER}\n0{first}0,{REST}\n0{second}1,{REST}\n1{first}1,{REST}\n");
        assert!(one.starts_with(&start), "{one}");
        assert_eq!(one.lines().count(), 41);
    }

    #[test]
    fn a_sweep_that_was_cut_anywhere_goes_on_where_it_stopped() {
        let folder = folder("cut");
        let (sweep, made) = sweep(3);
        let (whole, _) = complete(&sweep, &folder, Shard::WHOLE, 2);
        for length in HEADER.len() + 1..=whole.len() {
            fs::write(folder.join("squares.csv"), &whole[..length]).unwrap();
            made.store(0, Ordering::Relaxed);
            let (text, advance) = complete(&sweep, &folder, Shard::WHOLE, 2);
            assert_eq!(text, whole, "cut at {length}");
            let kept = (whole[..length].matches('\n').count() - 1) / 2;
            assert_eq!(advance, Advance { made: 3 - kept, missing: 3 - kept, kept });
            assert_eq!(made.load(Ordering::Relaxed), 3 - kept, "finished runs are not made again");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn rows_missing_in_the_middle_are_made_in_their_place_and_foreign_ones_are_dropped() {
        let folder = folder("middle");
        let (sweep, _) = sweep(4);
        let (whole, _) = complete(&sweep, &folder, Shard::WHOLE, 2);
        let [first, second] = KEYS;
        let foreign = format!("7{first}9,{REST}\n3{first}9,{REST}\n3{second}4\nnonsense\n");
        let holes = whole
            .replace(&format!("1{second}2,{REST}\n"), "")
            .replace(&format!("3{first}9,{REST}\n"), &foreign);
        fs::write(folder.join("squares.csv"), holes).unwrap();
        let (text, advance) = complete(&sweep, &folder, Shard::WHOLE, 2);
        assert_eq!((text, advance.made), (whole, 1));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_files_of_all_parts_in_the_order_of_their_names_are_the_whole_file() {
        let folder = folder("parts");
        let (sweep, made) = sweep(23);
        for parts in [2, 10, 30] {
            made.store(0, Ordering::Relaxed);
            for part in 1..=parts {
                complete(&sweep, &folder, Shard { part, parts }, 2);
            }
            assert_eq!(made.load(Ordering::Relaxed), 23, "each run once");
            let mut files: Vec<PathBuf> =
                fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
            files.sort();
            let joined: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
            for file in files {
                fs::remove_file(file).unwrap();
            }
            fs::write(folder.join("squares.csv"), &joined).unwrap();
            let (text, advance) = complete(&sweep, &folder, Shard::WHOLE, 2);
            assert_eq!((text, advance.made), (joined, 0), "{parts} parts");
            fs::remove_file(folder.join("squares.csv")).unwrap();
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_with_other_columns_is_left_as_it_is() {
        let folder = folder("columns");
        fs::write(folder.join("squares.csv"), "something,else\n1,2\n").unwrap();
        let (sweep, _) = sweep(2);
        let error = sweep.complete(&folder, Shard::WHOLE, 1, |_| {}).unwrap_err().to_string();
        assert!(error.contains("expected the columns hidden,init,"), "{error}");
        assert_eq!(fs::read_to_string(folder.join("squares.csv")).unwrap(), "something,else\n1,2\n");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_read_is_left_as_it_is() {
        let folder = folder("unreadable");
        fs::write(folder.join("squares.csv"), b"\xff").unwrap();
        let (sweep, _) = sweep(2);
        let error = sweep.complete(&folder, Shard::WHOLE, 1, |_| {}).unwrap_err().to_string();
        assert!(error.contains("cannot read"), "{error}");
        assert_eq!(fs::read(folder.join("squares.csv")).unwrap(), b"\xff");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_shard_is_a_part_of_parts() {
        assert_eq!(Shard::parse("3/8"), Some(Shard { part: 3, parts: 8 }));
        for wrong in ["", "3", "0/8", "9/8", "1/0", "a/2", "1/2/3", "-1/2", "1/99999999999"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
    }
}
