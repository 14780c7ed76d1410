//! Traceability: each of the handout's equations is computed in one place, which the table in the README names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::architecture::{self, identifier};

const EQUATIONS: std::ops::RangeInclusive<usize> = 1..=16;

/// Where an equation is computed: `module::function` or `module::Type::function`, and its file.
#[derive(Debug, PartialEq)]
struct Place {
    equation: usize,
    item: String,
    file: String,
}

fn source(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The type of `impl<…> Type<…> {` or `impl<…> Trait<…> for Type<…> {`.
fn type_of_impl(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("impl")?;
    let subject =
        rest.split_once(" for ").or_else(|| rest.split_once("> ")).map_or(rest, |(_, subject)| subject);
    Some(identifier(subject.trim_start()))
}

/// Every `// Eq. (n)` behind a line of code in `file`, a path below `src`.
fn tags(file: &str) -> Vec<Place> {
    let module = file.trim_end_matches(".rs").replace('/', "::");
    let (mut subject, mut function) = (None, "");
    let mut places = Vec::new();
    let text = source(&format!("src/{file}"));
    for line in text.lines() {
        if let Some(name) = type_of_impl(line) {
            subject = Some(name);
        } else if line == "}" {
            subject = None;
        }
        let code = line.trim_start();
        if let Some((before, name)) = code.split_once("fn ") {
            if before.is_empty() || before.ends_with("pub ") {
                function = identifier(name);
            }
        }
        let Some((before, comment)) = code.split_once("//") else { continue };
        if before.is_empty() {
            continue;
        }
        for tag in comment.split("Eq. (").skip(1) {
            let number = tag.split_once(')').expect("a closing parenthesis").0;
            let item: Vec<&str> = [module.as_str()].into_iter().chain(subject).chain([function]).collect();
            let equation = number.parse().expect("a number");
            places.push(Place { equation, item: item.join("::"), file: format!("src/{file}") });
        }
    }
    places
}

/// All tags in `src`, by the number of the equation.
fn all_tags() -> Vec<Place> {
    let root = architecture::source();
    let files = architecture::files(&root);
    let inside =
        |file: &PathBuf| file.strip_prefix(&root).expect("in src").to_str().expect("UTF-8").to_owned();
    let mut places: Vec<Place> = files.iter().flat_map(|file| tags(&inside(file))).collect();
    places.sort_by_key(|place| place.equation);
    places
}

/// The rows `| number | equation | [item](file) |` of the README.
fn table() -> Vec<Place> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, item, _] = cells[..] else { return None };
        let (item, file) = item.strip_prefix("[`")?.strip_suffix(')')?.split_once("`](")?;
        Some(Place { equation: number.parse().ok()?, item: item.to_owned(), file: file.to_owned() })
    };
    source("README.md").lines().filter_map(row).collect()
}

#[test]
fn every_equation_is_computed_in_one_place_which_the_readme_names() {
    let tags = all_tags();
    assert_eq!(tags.iter().map(|place| place.equation).collect::<Vec<_>>(), EQUATIONS.collect::<Vec<_>>());
    assert_eq!(table(), tags);
}
