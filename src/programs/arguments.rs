//! The arguments of a command line: flags with and without values.

use std::ffi::OsString;

use crate::training::error::Error;

/// A flag of a program.
#[derive(Debug)]
pub struct Flag {
    /// With the two dashes.
    pub name: &'static str,
    /// The name of its value in the help; empty if it takes none.
    pub value: &'static str,
    /// Its effect in a few words, with its default in brackets.
    pub help: String,
}

/// A flag with these fields.
pub fn flag(name: &'static str, value: &'static str, help: impl Into<String>) -> Flag {
    Flag { name, value, help: help.into() }
}

/// The flags that a command line gives, with their values.
#[derive(Debug)]
pub struct Arguments {
    given: Vec<(&'static str, OsString)>,
}

impl Arguments {
    /// Reads the arguments that follow the name of a program with these flags; `-h` is `--help`. [`Error::Usage`] is for an
    /// unknown or repeated flag, and a missing or empty value or one too many.
    pub fn read(flags: &[Flag], mut arguments: impl Iterator<Item = OsString>) -> Result<Self, Error> {
        let mut given: Vec<(&'static str, OsString)> = Vec::new();
        while let Some(argument) = arguments.next() {
            let text = argument.to_str().ok_or_else(|| {
                let text = argument.to_string_lossy();
                Error::Usage(format!(
                    "{text} is not UTF-8: pass such a file name as an argument of its own, not with ="
                ))
            })?;
            let inline = text.split_once('=').map(|(name, value)| (name, Some(OsString::from(value))));
            let (name, inline_value) = inline.unwrap_or((text, None));
            let name = if name == "-h" { "--help" } else { name };
            let flag = flags.iter().find(|flag| flag.name == name);
            let flag = flag.ok_or_else(|| Error::Usage(format!("unknown flag {name}")))?;
            if given.iter().any(|(known, _)| *known == flag.name) {
                return Err(Error::Usage(format!("{name} is given twice")));
            }
            let value = match (flag.value, inline_value) {
                ("", None) => OsString::new(),
                ("", Some(_)) => return Err(Error::Usage(format!("{name} takes no value"))),
                (_, Some(value)) => value,
                // Another flag here means that the value was forgotten.
                (_, None) => {
                    let is_flag = |next: &OsString| next.as_encoded_bytes().starts_with(b"--");
                    arguments.next().filter(|next| !is_flag(next)).unwrap_or_default()
                }
            };
            // An empty value is that of a shell variable that is not set.
            if value.is_empty() && !flag.value.is_empty() {
                return Err(Error::Usage(format!("{name} needs a value: {}", flag.value)));
            }
            given.push((flag.name, value));
        }
        Ok(Arguments { given })
    }

    /// The flags that are given.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.given.iter().map(|(name, _)| *name)
    }

    /// Whether a flag is given.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The value of a flag, if it is given.
    pub fn value(&self, name: &str) -> Option<&OsString> {
        self.given.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The value of a flag as `understand` reads it, or [`Error::Usage`] with what is `expected`.
    pub fn parsed<T>(
        &self,
        name: &str,
        expected: &str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let refused = || Error::Usage(format!("{name} {}: expected {expected}", value.to_string_lossy()));
        value.to_str().and_then(understand).ok_or_else(refused).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> [Flag; 3] {
        [
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
            (&["--epoch", "1"], "unknown flag --epoch"),
            (&["--", "x"], "unknown flag --"),
            (&["--=3"], "unknown flag --"),
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
            assert!(read(arguments).unwrap_err().to_string().contains(" is not UTF-8: pass such"));
        }
    }
}
