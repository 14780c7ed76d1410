//! Many independent jobs on all cores, whose rows of a CSV file are in the same order whatever the number of threads.
//!
//! Rows are appended in the order of the jobs (a row that is ready too early waits), so that a file is complete up to the
//! point where its sweep was stopped. The next start keeps the rows of every finished job and goes on with the others.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::programs::output::write_atomically;
use crate::training::error::Error;

/// A sweep over many settings.
pub struct Sweep {
    /// The name of its file, without `.csv`.
    pub name: &'static str,
    /// The names of the columns, separated by commas.
    pub header: String,
    /// The jobs, in the order of their rows.
    pub jobs: Vec<Job>,
}

/// Training that gives one or more rows.
pub struct Job {
    /// The beginnings of the rows. No two rows of a sweep begin alike.
    pub keys: Vec<String>,
    /// Trains, and returns the rest of each row.
    pub train: Box<dyn Fn() -> Vec<String> + Send + Sync>,
}

/// One of several parts of a sweep, which may run on different machines. The files of all parts, one after the other, are
/// the file of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `parts`.
    pub part: usize,
    /// At least 1.
    pub parts: usize,
}

impl Shard {
    /// The whole sweep.
    pub const WHOLE: Shard = Shard { part: 1, parts: 1 };

    /// Reads the value of `--shard`: `3/8`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (part, parts) = text.split_once('/')?;
        // Narrow enough to be multiplied by any number of jobs.
        let [part, parts] = [part, parts].map(|number| number.parse::<u32>().ok());
        let shard = Shard { part: part? as usize, parts: parts? as usize };
        (1..=shard.parts).contains(&shard.part).then_some(shard)
    }

    /// The positions of this part's jobs. Every part is as long as the others, or by one job longer.
    fn range(self, jobs: usize) -> Range<usize> {
        jobs * (self.part - 1) / self.parts..jobs * self.part / self.parts
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

/// The progress of a sweep, in jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Done since this start.
    pub made: usize,
    /// To do in all since this start.
    pub missing: usize,
    /// Done before.
    pub kept: usize,
}

impl Sweep {
    /// Does the jobs that the sweep's file in `folder` lacks, on `threads` threads, and shows `watch` the progress after
    /// each. Returns the file and the final count.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read or written, [`Error::Data`] if it has other columns.
    ///
    /// # Panics
    ///
    /// If a job panics.
    pub fn complete(
        &self,
        folder: &Path,
        shard: Shard,
        threads: usize,
        mut watch: impl FnMut(Advance),
    ) -> Result<(PathBuf, Advance), Error> {
        let path = folder.join(shard.file_name(self.name));
        let jobs = &self.jobs[shard.range(self.jobs.len())];
        let header = if shard.part == 1 { format!("{}\n", self.header) } else { String::new() };
        let found = self.read(&path, &header)?;
        let mut rows: Vec<Option<String>> = jobs.iter().map(|job| job.rows(&found)).collect();
        let missing: Vec<usize> = (0..jobs.len()).filter(|&job| rows[job].is_none()).collect();
        let mut advance = Advance { made: 0, missing: missing.len(), kept: jobs.len() - missing.len() };
        let text =
            |rows: &[Option<String>]| header.clone() + &rows.iter().flatten().cloned().collect::<String>();

        // A half-written last row and rows of another sweep go.
        write_atomically(&path, text(&rows).as_bytes())?;
        let failed = |source| Error::file(&path, "write", source);
        let mut file = OpenOptions::new().append(true).open(&path).map_err(failed)?;
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..threads.min(missing.len()) {
                let (sender, next, missing) = (sender.clone(), &next, &missing);
                scope.spawn(move || {
                    while let Some(&job) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // The receiver is gone once a row could not be written.
                        if sender.send((job, jobs[job].train())).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut written = 0;
            for (job, text) in receiver {
                rows[job] = Some(text);
                while let Some(text) = missing.get(written).and_then(|&job| rows[job].as_ref()) {
                    file.write_all(text.as_bytes()).map_err(failed)?;
                    written += 1;
                }
                advance.made += 1;
                watch(advance);
            }
            Ok::<(), Error>(())
        })?;
        // Rows made now may belong before rows kept.
        write_atomically(&path, text(&rows).as_bytes())?;
        Ok((path, advance))
    }

    /// The complete rows of an earlier start.
    fn read(&self, path: &Path, header: &str) -> Result<BTreeSet<String>, Error> {
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
        let columns = self.header.split(',').count();
        let complete = |line: &&str| line.ends_with('\n') && line.split(',').count() == columns;
        Ok(body.split_inclusive('\n').filter(complete).map(str::to_owned).collect())
    }
}

impl Job {
    /// Trains, and returns the rows.
    fn train(&self) -> String {
        let mut rows = String::new();
        for (key, results) in self.keys.iter().zip((self.train)()) {
            let _ = writeln!(rows, "{key},{results}");
        }
        rows
    }

    /// The rows of this job, if all of them are among those found.
    fn rows(&self, found: &BTreeSet<String>) -> Option<String> {
        let row = |key: &String| {
            let start = format!("{key},");
            found.range(start.clone()..).next().filter(|row| row.starts_with(&start)).map(String::as_str)
        };
        self.keys.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    /// A sweep of jobs with two rows each, which counts how many are done. Early jobs take longer, so that rows are ready
    /// out of order.
    fn sweep(runs: usize) -> (Sweep, Arc<AtomicUsize>) {
        let made = Arc::new(AtomicUsize::new(0));
        let run = |number: usize| {
            let made = Arc::clone(&made);
            let train = move || {
                thread::sleep(std::time::Duration::from_millis(((runs - number) % 5) as u64));
                made.fetch_add(1, Ordering::Relaxed);
                vec![format!("{},x,{number}", number * number), format!("{},y,{number}", number + 1)]
            };
            Job { keys: vec![format!("{number},1"), format!("{number},2")], train: Box::new(train) }
        };
        let jobs = (0..runs).map(run).collect();
        (Sweep { name: "squares", header: "number,row,value,name,again".to_owned(), jobs }, made)
    }

    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("backprop-sweep-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn complete(sweep: &Sweep, folder: &Path, shard: Shard, threads: usize) -> (String, Advance) {
        let (path, advance) = sweep.complete(folder, shard, threads, |_| {}).unwrap();
        (fs::read_to_string(path).unwrap(), advance)
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
        assert!(one.starts_with("number,row,value,name,again\n0,1,0,x,0\n0,2,1,y,0\n1,1,1,x,1\n"), "{one}");
        assert_eq!(one.lines().count(), 41);
    }

    #[test]
    fn a_sweep_that_was_cut_anywhere_goes_on_where_it_stopped() {
        let folder = folder("cut");
        let (sweep, made) = sweep(5);
        let (whole, _) = complete(&sweep, &folder, Shard::WHOLE, 2);
        for length in "number,row,value,name,again\n".len()..=whole.len() {
            fs::write(folder.join("squares.csv"), &whole[..length]).unwrap();
            made.store(0, Ordering::Relaxed);
            let (text, advance) = complete(&sweep, &folder, Shard::WHOLE, 2);
            assert_eq!(text, whole, "cut at {length}");
            let kept = (whole[..length].matches('\n').count() - 1) / 2;
            assert_eq!(advance, Advance { made: 5 - kept, missing: 5 - kept, kept });
            assert_eq!(made.load(Ordering::Relaxed), 5 - kept, "finished runs are not made again");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn rows_missing_in_the_middle_are_made_in_their_place_and_foreign_ones_are_dropped() {
        let folder = folder("middle");
        let (sweep, _) = sweep(4);
        let (whole, _) = complete(&sweep, &folder, Shard::WHOLE, 2);
        let holes = whole
            .replace("1,2,2,y,1\n", "")
            .replace("3,1,9,x,3\n", "7,1,9,x,7\n3,1,9,x,3\n3,2,4,y\nnonsense\n");
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
        assert!(error.contains("expected the columns number,row,value,name,again"), "{error}");
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
