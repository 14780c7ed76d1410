//! Reading a command line: flags with and without values, messages that help, exit statuses.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::error::Error;

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
#[must_use]
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
    /// [`Error::Usage`] for an unknown or repeated flag, a missing value or one too many.
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
                (what, None) => {
                    arguments.next().ok_or_else(|| Error::Usage(format!("{name} needs a value: {what}")))?
                }
            };
            given.push((flag.name, value));
        }
        Ok(Arguments { given })
    }

    /// Whether a flag is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of a flag, if it is given.
    #[must_use]
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

fn find<'a>(flags: &'a [Flag], name: &str) -> Result<&'a Flag, Error> {
    if let Some(flag) = flags.iter().find(|flag| flag.name == name) {
        return Ok(flag);
    }
    let nearest = flags.iter().min_by_key(|flag| edit_distance(flag.name, name));
    let suggestion = nearest
        .filter(|flag| edit_distance(flag.name, name) <= 3)
        .map_or(String::new(), |flag| format!("; did you mean {}?", flag.name));
    Err(Error::Usage(format!("unknown flag {name}{suggestion}")))
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

/// The part of a help text that lists the flags and says, after a note, what the exit status means.
#[must_use]
pub fn help(flags: &[Flag], note: &str) -> String {
    let mut text = String::from("Flags:\n");
    for Flag { name, value, what } in flags {
        let _ = writeln!(text, "  {:<24} {what}", format!("{name} {value}"));
    }
    let _ = writeln!(text, "\n{note}\nExit status: 0 done, 1 the run failed, 2 wrong usage.");
    text
}

/// Turns the outcome of a program into its exit status, and an error into a message: 0 done, 1 failed, 2 wrong usage.
#[must_use]
pub fn exit(program: &str, outcome: Result<(), Error>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let hint = match error {
                Error::Usage(_) => format!("\nTry '{program} --help'."),
                _ => String::new(),
            };
            // If standard error is gone too, there is nobody left to tell.
            let _ = writeln!(io::stderr(), "{program}: {error}{hint}");
            ExitCode::from(error.exit_status())
        }
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
        assert!(read(&["-h"]).unwrap().has("--help"));
        assert!(!read(&[]).unwrap().has("--quiet"));
    }

    #[test]
    fn what_is_wrong_with_a_command_line_is_said() {
        for (arguments, message) in [
            (&["--quiet", "--quiet"][..], "--quiet is given twice"),
            (&["--quiet=yes"], "--quiet takes no value"),
            (&["--epochs"], "--epochs needs a value: N"),
            (&["--epoch", "1"], "unknown flag --epoch; did you mean --epochs?"),
            (&["--quxxx"], "unknown flag --quxxx; did you mean --quiet?"),
            (&["--quxxxx"], "unknown flag --quxxxx"),
        ] {
            assert_eq!(read(arguments).unwrap_err(), message);
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

    #[test]
    fn the_help_lists_the_flags_then_a_note_then_the_exit_statuses() {
        let text = help(&flags(), "A note.");
        assert_eq!(
            text,
            "Flags:\n  --epochs N               passes [10]\n  --quiet                  no progress\n  \
             --help                   print this\n\nA note.\nExit status: 0 done, 1 the run failed, 2 wrong usage.\n"
        );
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
