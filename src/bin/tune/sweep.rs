//! Many independent trials on all cores, whose rows of a CSV file are in the same order whatever the number of threads.
//!
//! The file is written anew after every few trials, so that little is lost when a sweep is stopped. The next start keeps the
//! rows of every finished trial and goes on with the others.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;

use backprop::programs::experiments::side_by_side;
use backprop::programs::output::write_atomically;
use backprop::training::error::Error;

use super::tuning::row::{HEADER, Key, Results, Row};
use super::tuning::study::Trial;

/// One of several parts of a sweep, which may run on different machines. The files of all parts, one after the other, are
/// the file of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1 to `parts`.
    part: usize,
    /// At least 1.
    parts: usize,
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
    pub(crate) fn range(self, trials: usize) -> Range<usize> {
        trials * (self.part - 1) / self.parts..trials * self.part / self.parts
    }

    /// The name of this part's file. In the alphabet, names stand in the order of the parts.
    pub(crate) fn file_name(self, sweep: &str) -> String {
        if self == Shard::WHOLE {
            return format!("{sweep}.csv");
        }
        let digits = self.parts.to_string().len();
        format!("{sweep}-{:0digits$}-of-{}.csv", self.part, self.parts)
    }

    /// The first line of this part's file; none but of the first part.
    pub(crate) fn header(self) -> String {
        if self.part == 1 { format!("{HEADER}\n") } else { String::new() }
    }
}

/// Trains the trials that the file at `path` lacks, `threads` at a time, and shows `watch` how many of how many are done.
/// Returns the rows of all trials, and the number of those trained.
///
/// # Errors
///
/// [`Error::File`] if the file cannot be read or written, [`Error::Data`] if it has other columns.
///
/// # Panics
///
/// If a trial panics.
pub(crate) fn complete(
    path: &Path,
    header: &str,
    trials: &[Trial],
    threads: usize,
    train: impl Fn(&Trial) -> Vec<Results> + Sync,
    mut watch: impl FnMut(usize, usize),
) -> Result<(Vec<Row>, usize), Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => header.to_owned(),
        text => text.map_err(|error| Error::file(path, "read", error))?,
    };
    let body = text.strip_prefix(header).ok_or_else(|| Error::Data {
        file: path.display().to_string(),
        line: 1,
        column: 1,
        problem: format!("expected the columns {}: move the file away", header.trim_end()),
    })?;
    // Without a last row that is cut off.
    let lines: BTreeSet<&str> =
        body.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).collect();
    let kept = |key: Key| {
        let start = format!("{key},");
        let mut beginning = lines.range(start.as_str()..).take_while(|line| line.starts_with(&start));
        beginning.find_map(|line| Row::read(key, line))
    };
    let mut rows: Vec<Option<Vec<Row>>> =
        trials.iter().map(|trial| trial.iter().copied().map(kept).collect()).collect();
    let missing: Vec<usize> = (0..trials.len()).filter(|&trial| rows[trial].is_none()).collect();
    let write = |rows: &[Option<Vec<Row>>]| {
        let lines = rows.iter().flatten().flatten().map(|row| row.to_string() + "\n");
        write_atomically(path, (header.to_owned() + &lines.collect::<String>()).as_bytes())
    };
    write(&rows)?;
    let mut made = 0;
    // Neighbours take about as long as each other, so hardly any thread waits for the slowest.
    for some in missing.chunks(threads) {
        let results = side_by_side(some, |&trial| train(&trials[trial]));
        for (&trial, results) in some.iter().zip(results) {
            let keys = trials[trial].iter().copied();
            rows[trial] = Some(keys.zip(results).map(|(key, results)| Row { key, results }).collect());
        }
        write(&rows)?;
        made += some.len();
        watch(made, missing.len());
    }
    Ok((rows.into_iter().flatten().flatten().collect(), made))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::row::Data;
    use backprop::programs::settings::{PROB1C, Settings};
    use backprop::training::score::Score;
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Beginnings of a trial's two rows, after its number.
    const KEYS: [&str; 2] = [",mirrored,0.5,1,0,0,1,given,3,", ",mirrored,0.5,1,0,0,2,given,3,"];

    /// Results after the number of runs.
    const REST: &str = "0.5,0.5,0,0,0,0,0,0,0,0,0,0,0";

    /// A sweep of trials with two rows each, and how many of them have been made.
    struct Squares {
        file: PathBuf,
        trials: Vec<Trial>,
        made: AtomicUsize,
    }

    impl Squares {
        fn new(test: &str, trials: usize) -> Self {
            let file = std::env::temp_dir().join(format!("backprop-sweep-{test}-{}.csv", std::process::id()));
            let _ = fs::remove_file(&file);
            let trial = |hidden| {
                let settings = |epochs| Settings { epochs, hidden, ..PROB1C.tuned };
                [1, 2].map(|epochs| Key { settings: settings(epochs), data: Data::Given, seed: 3 }).to_vec()
            };
            Squares { file, trials: (0..trials).map(trial).collect(), made: AtomicUsize::new(0) }
        }

        /// The file and how many trials were made for it. Early trials take longer, so that rows are ready out of order.
        fn complete(&self, threads: usize) -> Result<(String, usize), Error> {
            let train = |trial: &Trial| {
                let number = trial[0].settings.hidden;
                let late = (self.trials.len() - number) % 5;
                std::thread::sleep(std::time::Duration::from_millis(late as u64));
                self.made.fetch_add(1, Ordering::Relaxed);
                let none = Score { data_loss: 0.0, penalty: 0.0, correct: 0, samples: 0 };
                let (loss, ends) = (0.5, [0; 5]);
                [number * number, number + 1]
                    .map(|runs| Results {
                        runs,
                        loss,
                        worst_loss: loss,
                        training: none,
                        validation: none,
                        ends,
                    })
                    .to_vec()
            };
            let before = self.made.load(Ordering::Relaxed);
            let header = Shard::WHOLE.header();
            let (rows, made) = complete(&self.file, &header, &self.trials, threads, train, |_, _| {})?;
            assert_eq!(made, self.made.load(Ordering::Relaxed) - before);
            let written = fs::read_to_string(&self.file).unwrap();
            let rows: String = rows.iter().map(|row| row.to_string() + "\n").collect();
            assert_eq!(written, header + &rows);
            Ok((written, made))
        }
    }

    impl Drop for Squares {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.file);
        }
    }

    #[test]
    fn a_sweep_that_was_cut_anywhere_goes_on_where_it_stopped() {
        let sweep = Squares::new("cut", 3);
        let (whole, _) = sweep.complete(2).unwrap();
        let [first, second] = KEYS;
        let start = format!("{HEADER}\n0{first}0,{REST}\n0{second}1,{REST}\n1{first}1,{REST}\n");
        assert!(whole.starts_with(&start), "{whole}");
        for length in HEADER.len() + 1..=whole.len() {
            fs::write(&sweep.file, &whole[..length]).unwrap();
            let kept = (whole[..length].matches('\n').count() - 1) / 2;
            assert_eq!(sweep.complete(2).unwrap(), (whole.clone(), 3 - kept), "cut at {length}");
        }
    }

    #[test]
    fn rows_missing_in_the_middle_are_made_in_their_place_and_foreign_ones_are_dropped() {
        let sweep = Squares::new("middle", 4);
        let (whole, _) = sweep.complete(1).unwrap();
        let [first, second] = KEYS;
        let foreign = format!("7{first}9,{REST}\n3{first}x9,{REST}\n3{second}4\nnonsense\n");
        let holes = whole
            .replace(&format!("1{second}2,{REST}\n"), "")
            .replace(&format!("3{first}9,{REST}\n"), &(foreign + &format!("3{first}9,{REST}\n")));
        fs::write(&sweep.file, holes).unwrap();
        assert_eq!(sweep.complete(2).unwrap(), (whole, 1));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_left_as_it_is() {
        let sweep = Squares::new("unreadable", 2);
        fs::write(&sweep.file, b"\xff").unwrap();
        let error = sweep.complete(1).unwrap_err().to_string();
        assert!(error.contains("cannot read"), "{error}");
        assert_eq!(fs::read(&sweep.file).unwrap(), b"\xff");
    }

    #[test]
    fn a_shard_is_a_part_of_parts() {
        assert_eq!(Shard::parse("3/8"), Some(Shard { part: 3, parts: 8 }));
        for wrong in ["", "3", "0/8", "9/8", "1/0", "a/2", "1/2/3", "-1/2", "1/99999999999"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_parts_in_the_order_of_their_names_have_every_trial_once() {
        for parts in [2, 10, 30] {
            let shards = (1..=parts).map(|part| Shard { part, parts });
            let trials: Vec<usize> = shards.clone().flat_map(|shard| shard.range(23)).collect();
            assert!(trials.into_iter().eq(0..23), "{parts} parts");
            assert!(shards.map(|shard| shard.file_name("squares")).is_sorted(), "{parts} parts");
        }
    }
}
