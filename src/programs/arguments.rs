//! The command line of every program: flags with and without values, help, messages, exit statuses.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::training::error::Error;

/// One flag: its name, what its value is called ("" if it takes none), and what it does.
#[derive(Debug)]
pub struct Flag {
    /// With the two dashes.
    pub name: &'static str,
    /// What the help calls its value; empty if it takes none.
    pub value: &'static str,
    /// What it does, in a few words, with its default in brackets.
    pub what: String,
}

/// A flag with its description.
pub fn flag(name: &'static str, value: &'static str, what: impl Into<String>) -> Flag {
    Flag { name, value, what: what.into() }
}

/// The flags that a command line gives, with their values.
#[derive(Debug)]
pub struct Arguments {
    given: Vec<(&'static str, OsString)>,
}

impl Arguments {
    /// Understands the arguments that follow a program's name; `-h` is `--help`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for an unknown or repeated flag, a missing or empty value or one too many.
    pub fn read(flags: &[Flag], mut arguments: impl Iterator<Item = OsString>) -> Result<Self, Error> {
        let mut given: Vec<(&'static str, OsString)> = Vec::new();
        while let Some(argument) = arguments.next() {
            let text = argument.to_str().ok_or_else(|| {
                let text = argument.to_string_lossy();
                Error::Usage(format!(
                    "{text} is not UTF-8: a file name that is not follows its flag after a space"
                ))
            })?;
            let (name, inline_value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(OsString::from(value))),
                None => (text, None),
            };
            let name = if name == "-h" { "--help" } else { name };
            let flag = find(flags, name)?;
            if given.iter().any(|(known, _)| *known == flag.name) {
                return Err(Error::Usage(format!("{name} is given twice")));
            }
            let value = match (flag.value, inline_value) {
                ("", None) => OsString::new(),
                ("", Some(_)) => return Err(Error::Usage(format!("{name} takes no value"))),
                (_, Some(value)) => value,
                // Another flag here means that the value was forgotten.
                (_, None) => arguments.next().filter(|value| !is_flag(value)).unwrap_or_default(),
            };
            // An empty value is that of a shell variable that is not set.
            if value.is_empty() && !flag.value.is_empty() {
                return Err(Error::Usage(format!("{name} needs a value: {}", flag.value)));
            }
            given.push((flag.name, value));
        }
        Ok(Arguments { given })
    }

    /// Whether a flag is given.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of a flag, if it is given.
    pub fn value(&self, name: &str) -> Option<&OsString> {
        self.given.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of a flag as `understand` reads it; `expected` says what that is.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if `understand` finds nothing in it.
    pub fn parsed<T>(
        &self,
        name: &str,
        expected: &str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let understood = value.to_str().and_then(understand);
        understood
            .map(Some)
            .ok_or_else(|| Error::Usage(format!("{name} {}: expected {expected}", value.to_string_lossy())))
    }
}

fn is_flag(argument: &OsStr) -> bool {
    argument.as_encoded_bytes().starts_with(b"--")
}

/// Other words for the flags, from other programs of this kind.
const SYNONYMS: [(&str, &str); 19] = [
    ("--step-size", "lr learning-rate learningrate alpha eta rate step"),
    ("--reg", "lambda weight-decay wd decay l2 penalty regularization regularisation"),
    ("--epochs", "iterations iters steps num-epochs n-epochs max-epochs max-iter"),
    ("--batch", "batch-size batchsize bs mini-batch minibatch"),
    ("--hidden", "hidden-units hidden-size width units neurons nodes h"),
    ("--init", "weights initialization initialisation weight-init std sigma"),
    ("--seed", "random-seed random-state rng"),
    ("--data", "dataset data-dir input train training"),
    ("--validation", "val valid test dev"),
    ("--out", "output output-dir out-dir outdir results o"),
    ("--save", "checkpoint export save-model"),
    ("--load", "resume restore load-model pretrained"),
    ("--predict", "prediction infer inference classify"),
    ("--standardize", "standardise normalize normalise scale scaling zscore"),
    ("--keep", "best keep-best save-best early-stopping restore-best"),
    ("--quiet", "silent no-progress q"),
    ("--threads", "jobs workers n-jobs j"),
    ("--version", "v"),
    ("--help", "usage ?"),
];

/// The flags that not every program has, and the programs that have them.
const OWNERS: [(&str, &str); 9] = [
    ("--seed --epochs --step-size --reg --init --bias --standardize", "prob1a to prob2b"),
    ("--ascii --save --load --predict --starter", "prob1a to prob2b"),
    ("--data", "prob1a, prob1b, prob1c, prob1d, prob2a, prob2b and answers"),
    ("--ppm", "prob1a, prob1b, prob1c and prob1d"),
    ("--one-step", "prob1c"),
    ("--hidden", "prob1c, prob1d, prob2a and prob2b"),
    ("--batch --axes", "prob2a and prob2b"),
    ("--validation --keep", "prob1b, prob1d, prob2a and prob2b"),
    ("--only --threads --shard", "tune"),
];

/// Whether a text with spaces between its words has this one.
fn has_word(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

fn find<'a>(flags: &'a [Flag], name: &str) -> Result<&'a Flag, Error> {
    if let Some(flag) = flags.iter().find(|flag| flag.name == name) {
        return Ok(flag);
    }
    let advice = advice(flags, name).unwrap_or_default();
    Err(Error::Usage(format!("unknown flag {name}{advice}")))
}

/// The flag that an unknown one may stand for, and the programs that have it if this one has not.
fn advice(flags: &[Flag], name: &str) -> Option<String> {
    // As others write it: -epochs, --step_size, LR, an en dash pasted from a document.
    let word = name.trim_start_matches(['-', '–', '—', '/']).to_lowercase().replace('_', "-");
    let synonym = SYNONYMS.iter().find(|(_, words)| has_word(words, &word));
    let meant = synonym.map_or(format!("--{word}"), |(flag, _)| (*flag).to_owned());
    if let Some((_, programs)) = OWNERS.iter().find(|(owned, _)| has_word(owned, &meant)) {
        if flags.iter().all(|flag| flag.name != meant) {
            return Some(format!("; {meant} is a flag of {programs}"));
        }
    }
    let nearest = flags.iter().min_by_key(|flag| edit_distance(flag.name, &meant))?;
    let near = 3 * edit_distance(nearest.name, &meant) <= nearest.name.len();
    near.then(|| format!("; did you mean {}?", nearest.name))
}

/// How many characters to insert, delete or replace to turn one text into the other (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // distances[j] is the distance from the part of `from` seen so far to the first j characters of `to`.
    let mut distances: Vec<usize> = (0..=to.len()).collect();
    for (i, from_character) in from.chars().enumerate() {
        let mut diagonal = distances[0];
        distances[0] = i + 1;
        for j in 0..to.len() {
            let replaced = diagonal + usize::from(from_character != to[j]);
            diagonal = distances[j + 1];
            distances[j + 1] = replaced.min(distances[j] + 1).min(diagonal + 1);
        }
    }
    distances[to.len()]
}

/// The command line of a program: its name, help and flags.
#[derive(Debug)]
pub struct Interface {
    /// The program's name.
    pub name: &'static str,
    /// The beginning of its help: what it does, and examples.
    pub about: String,
    /// Its flags, without `--help` and `--version`.
    pub flags: Vec<Flag>,
    /// The end of its help, after the flags.
    pub note: &'static str,
}

/// The `main` of every program: reads the command line, lets `run` write to standard output, and turns the outcome into
/// an exit status: 0 done, 1 failed, 2 wrong usage.
pub fn main(
    interface: Interface,
    run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
) -> ExitCode {
    let name = interface.name;
    let mut stdout = io::stdout().lock();
    let outcome = interface.respond(std::env::args_os().skip(1), &mut stdout, run);
    let outcome = outcome.and_then(|()| stdout.flush().map_err(Error::Output));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let hint = match error {
                Error::Usage(_) => format!("\nTry '{name} --help'."),
                _ => String::new(),
            };
            // If standard error is gone too, there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{name}: {error}{hint}");
            ExitCode::from(error.exit_status())
        }
    }
}

impl Interface {
    /// Prints the help or the version if the arguments ask for it, and otherwise runs.
    fn respond(
        mut self,
        arguments: impl Iterator<Item = OsString>,
        out: &mut dyn Write,
        run: impl FnOnce(&Arguments, &mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.flags.push(flag("--help", "", "print this"));
        self.flags.push(flag("--version", "", "print name and version"));
        let given = Arguments::read(&self.flags, arguments)?;
        if given.has("--help") {
            out.write_all(self.help().as_bytes()).map_err(Error::Output)
        } else if given.has("--version") {
            writeln!(out, "{} {}", self.name, env!("CARGO_PKG_VERSION")).map_err(Error::Output)
        } else {
            run(&given, out)
        }
    }

    /// The text that `--help` prints.
    fn help(&self) -> String {
        let mut text = format!("{}\n\nFlags:\n", self.about);
        for Flag { name, value, what } in &self.flags {
            let _ = writeln!(text, "  {:<24} {what}", format!("{name} {value}"));
        }
        let _ = writeln!(text, "\n{}\nExit status: 0 done, 1 the run failed, 2 wrong usage.", self.note);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Vec<Flag> {
        vec![
            flag("--epochs", "N", "passes [10]"),
            flag("--quiet", "", "no progress"),
            flag("--help", "", "print this"),
        ]
    }

    fn read(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::read(&flags(), arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_follows_its_flag_or_an_equals_sign() {
        for arguments in [&["--quiet", "--epochs", "20"][..], &["--epochs=20", "--quiet"]] {
            let given = read(arguments).unwrap();
            assert!(given.has("--quiet") && given.has("--epochs") && !given.has("--help"));
            assert_eq!(given.value("--epochs"), Some(&OsString::from("20")));
            assert_eq!(given.value("--quiet"), Some(&OsString::new()));
            assert_eq!(given.value("--help"), None);
        }
        // A value that begins like a flag follows the sign.
        assert_eq!(read(&["--epochs=--p"]).unwrap().value("--epochs"), Some(&OsString::from("--p")));
        assert!(read(&["-h"]).unwrap().has("--help"));
        assert!(!read(&[]).unwrap().has("--quiet"));
    }

    #[test]
    fn what_is_wrong_with_a_command_line_is_said() {
        for (arguments, message) in [
            (&["--quiet", "--quiet"][..], "--quiet is given twice"),
            (&["--epochs=1", "--epochs", "1"], "--epochs is given twice"),
            (&["--quiet=yes"], "--quiet takes no value"),
            (&["--epochs"], "--epochs needs a value: N"),
            (&["--epoch", "1"], "unknown flag --epoch; did you mean --epochs?"),
            (&["--quitt"], "unknown flag --quitt; did you mean --quiet?"),
            (&["--qutt"], "unknown flag --qutt; did you mean --quiet?"),
            (&["--qttt"], "unknown flag --qttt"),
            (&["-epochs", "1"], "unknown flag -epochs; did you mean --epochs?"),
            (&["—Epochs=1"], "unknown flag —Epochs; did you mean --epochs?"),
            (&["--max_iter", "1"], "unknown flag --max_iter; did you mean --epochs?"),
            (&["help"], "unknown flag help; did you mean --help?"),
            (&["--lr=0.1"], "unknown flag --lr; --step-size is a flag of prob1a to prob2b"),
            (&["--epochs", "--quiet"], "--epochs needs a value: N"),
            (&["--epochs", ""], "--epochs needs a value: N"),
            (&["--epochs="], "--epochs needs a value: N"),
        ] {
            assert_eq!(read(arguments).unwrap_err(), message);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_after_a_space_need_not_be_utf8_and_all_else_must_be() {
        use std::os::unix::ffi::OsStringExt;

        let read = |arguments: &[&[u8]]| {
            let arguments = arguments.iter().map(|bytes| OsString::from_vec(bytes.to_vec()));
            Arguments::read(&flags(), arguments)
        };
        let given = read(&[b"--epochs", b"n\xFFme"]).unwrap();
        assert_eq!(given.value("--epochs"), Some(&OsString::from_vec(b"n\xFFme".to_vec())));
        given.parsed("--epochs", "a number", |text| text.parse::<u8>().ok()).unwrap_err();
        for arguments in [&[&b"--ep\xFFochs"[..], b"1"][..], &[b"--epochs=\xFF"]] {
            assert!(read(arguments).unwrap_err().to_string().contains(" is not UTF-8: a file name"));
        }
    }

    #[test]
    fn a_value_is_what_is_understood_of_it() {
        let number = |arguments: &[&str]| {
            let number = read(arguments)?.parsed("--epochs", "a number", |text| text.parse::<u8>().ok());
            number.map_err(|error| error.to_string())
        };
        assert_eq!(number(&["--epochs", "20"]), Ok(Some(20)));
        assert_eq!(number(&[]), Ok(None));
        assert_eq!(number(&["--epochs", "many"]), Err("--epochs many: expected a number".to_owned()));
    }

    /// What the program `p` prints, and whether it runs.
    fn respond(arguments: &[&str]) -> Result<(String, bool), String> {
        let flags = vec![flag("--epochs", "N", "passes [10]"), flag("--quiet", "", "no progress")];
        let interface = Interface { name: "p", about: "What it is.".to_owned(), flags, note: "A note." };
        let (mut out, mut runs) = (Vec::new(), false);
        let run = |_: &Arguments, _: &mut dyn Write| {
            runs = true;
            Ok(())
        };
        let outcome = interface.respond(arguments.iter().map(OsString::from), &mut out, run);
        outcome.map_err(|error| error.to_string())?;
        Ok((String::from_utf8(out).unwrap(), runs))
    }

    #[test]
    fn the_help_lists_the_flags_then_a_note_then_the_exit_statuses() {
        let text = "What it is.\n\nFlags:\n  --epochs N               passes [10]\n  --quiet                  no \
                    progress\n  --help                   print this\n  --version                print name and \
                    version\n\nA note.\nExit status: 0 done, 1 the run failed, 2 wrong usage.\n";
        assert_eq!(respond(&["--quiet", "--help"]), Ok((text.to_owned(), false)));
        assert_eq!(respond(&["--epochs", "nonsense", "-h"]), Ok((text.to_owned(), false)));
        let version = concat!("p ", env!("CARGO_PKG_VERSION"), "\n").to_owned();
        assert_eq!(respond(&["--version"]), Ok((version, false)));
        assert_eq!(respond(&["--quiet"]), Ok((String::new(), true)));
        assert_eq!(respond(&["--loud"]), Err("unknown flag --loud".to_owned()));
    }

    #[test]
    fn the_edit_distance_counts_insertions_deletions_and_replacements() {
        for (from, to, distance) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("ab", "ba", 2),
        ] {
            assert_eq!(edit_distance(from, to), distance, "{from} and {to}");
        }
    }
}
