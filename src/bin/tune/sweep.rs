//! Many independent trials on all cores, whose rows of a CSV file are in the same order whatever the number of threads.
//!
//! The file is written anew after every few trials, so that little is lost when a sweep is stopped. The next start keeps the
//! rows of every finished trial and goes on with the others.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use backprop::programs::experiments::side_by_side;
use backprop::programs::output::write_atomically;
use backprop::training::error::Error;

use super::tuning::row::{Key, Results, Row, read};
use super::tuning::study::Trial;

/// Names of the columns.
const HEADER: &str = "hidden,init,bias,step_size,lambda,batch,epochs,data,seed,runs,loss,data_loss,correct,samples,\
     validation_loss,validation_correct,validation_samples,solved";

/// Reads the value of `--shard`: `3/8`, the third of eight parts.
pub(crate) fn shard(text: &str) -> Option<[usize; 2]> {
    let (part, parts) = text.split_once('/')?;
    // Narrow enough to be multiplied by any number of trials.
    let (part, parts) = (part.parse::<u32>().ok()? as usize, parts.parse::<u32>().ok()? as usize);
    (1..=parts).contains(&part).then_some([part, parts])
}

/// The trials of a part. Every part is as long as the others, or by one trial longer.
pub(crate) fn part<T>(trials: &[T], [part, parts]: [usize; 2]) -> &[T] {
    &trials[trials.len() * (part - 1) / parts..trials.len() * part / parts]
}

/// A file with these rows.
fn lines(rows: &[Row]) -> String {
    let line = |(key, results): &Row| format!("\n{key},{results}");
    HEADER.to_owned() + &rows.iter().map(line).collect::<String>() + "\n"
}

/// Trains the trials of which the file at `path` lacks rows, `threads` at a time, and shows `watch` how many of how many are
/// done. Returns the rows of all trials, which are then those of the file, and the number of trials that were trained;
/// [`Error::File`] if the file cannot be read or written, [`Error::Data`] if it has other columns.
pub(crate) fn complete(
    path: &Path,
    trials: &[Trial],
    threads: usize,
    train: impl Fn(&Trial) -> Vec<Results> + Sync,
    mut watch: impl FnMut(usize, usize),
) -> Result<(Vec<Row>, usize), Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => HEADER.to_owned(),
        text => text.map_err(|error| Error::file(path, "read", error))?,
    };
    if text.lines().next() != Some(HEADER) {
        let (file, line, column) = (path.display().to_string(), 1, 1);
        let problem = format!("expected the columns {HEADER}: move the file away");
        return Err(Error::Data { file, line, column, problem });
    }
    let mut finished = read(&text);
    let write = |finished: &BTreeMap<String, Results>| {
        let row = |&key: &Key| Some((key, *finished.get(&key.to_string())?));
        let rows: Vec<Row> = trials.iter().flatten().filter_map(row).collect();
        write_atomically(path, lines(&rows).as_bytes()).map(|()| rows)
    };
    let mut rows = write(&finished)?;
    let lacks = |trial: &&Trial| trial.iter().any(|key| !finished.contains_key(&key.to_string()));
    let missing: Vec<&Trial> = trials.iter().filter(lacks).collect();
    // Neighbours take about as long as each other, so hardly any thread waits for the slowest.
    for (chunk, some) in missing.chunks(threads).enumerate() {
        for (trial, results) in some.iter().zip(side_by_side(some, |trial| train(trial))) {
            finished.extend(trial.iter().map(Key::to_string).zip(results));
        }
        rows = write(&finished)?;
        watch(chunk * threads + some.len(), missing.len());
    }
    Ok((rows, missing.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::row::Data;
    use backprop::programs::settings::{PROB1C, Settings};
    use backprop::training::score::Score;
    use std::path::PathBuf;

    /// A sweep of trials with two rows each.
    struct Squares {
        file: PathBuf,
        trials: Vec<Trial>,
    }

    impl Squares {
        fn new(test: &str, trials: usize) -> Self {
            let file = std::env::temp_dir().join(format!("backprop-sweep-{test}-{}.csv", std::process::id()));
            let _ = fs::remove_file(&file);
            let trial = |hidden| {
                let settings = |epochs| Settings { epochs, hidden, ..PROB1C.tuned };
                [1, 2].map(|epochs| Key { settings: settings(epochs), data: Data::Given, seed: 3 }).to_vec()
            };
            Squares { file, trials: (0..trials).map(trial).collect() }
        }

        /// The file and how many trials were made for it. Early trials take longer, so that rows are ready out of order.
        fn complete(&self, threads: usize) -> Result<(String, usize), Error> {
            let train = |trial: &Trial| {
                let number = trial[0].settings.hidden;
                let late = (self.trials.len() - number) % 5;
                std::thread::sleep(std::time::Duration::from_millis(late as u64));
                let none = Score { data_loss: 0.0, penalty: 0.0, correct: 0, samples: 0 };
                let result = |runs| Results { runs, loss: 0.5, training: none, validation: none, solved: 0 };
                vec![result(number * number), result(number + 1)]
            };
            let (rows, made) = complete(&self.file, &self.trials, threads, train, |_, _| {})?;
            let written = fs::read_to_string(&self.file).unwrap();
            assert_eq!(written, lines(&rows));
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
        let (whole, made) = sweep.complete(2).unwrap();
        assert_eq!((whole.lines().count(), made), (7, 3));
        assert!(whole.lines().all(|line| line.split(',').count() == HEADER.split(',').count()), "{whole}");
        for length in HEADER.len()..=whole.len() {
            fs::write(&sweep.file, &whole[..length]).unwrap();
            let kept = whole[..length].matches('\n').count().saturating_sub(1) / 2;
            assert_eq!(sweep.complete(2).unwrap(), (whole.clone(), 3 - kept), "cut at {length}");
        }
    }

    #[test]
    fn rows_in_any_order_are_put_in_theirs_and_foreign_ones_are_dropped() {
        let sweep = Squares::new("order", 4);
        let (whole, _) = sweep.complete(1).unwrap();
        let mut lines: Vec<&str> = whole.lines().collect();
        lines.remove(4);
        lines.swap(1, 7);
        let foreign = lines[2].replacen('0', "9", 1);
        lines.extend([HEADER, &foreign, "nonsense", lines[1]]);
        fs::write(&sweep.file, lines.join("\n") + "\n").unwrap();
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
    fn a_shard_is_a_part_of_parts_which_have_every_trial_once() {
        for wrong in ["", "3", "0/8", "9/8", "1/0", "a/2", "1/2/3", "-1/2", "1/99999999999"] {
            assert_eq!(shard(wrong), None, "{wrong}");
        }
        let trials: Vec<usize> = (0..23).collect();
        for parts in [1, 2, 10, 30] {
            let shards = (1..=parts).map(|part| shard(&format!("{part}/{parts}")).unwrap());
            assert_eq!(shards.flat_map(|shard| part(&trials, shard)).copied().collect::<Vec<_>>(), trials);
        }
    }
}
