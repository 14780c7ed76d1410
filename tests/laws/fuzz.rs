//! Fuzzing: whatever the bytes of a data file or of saved parameters, the reader answers and never panics; the rows read are
//! the rows of the file.
//!
//! `FUZZ_CASES=10000000 cargo test --test laws fuzz` tries more than the default.
#![expect(clippy::cast_possible_truncation, reason = "small numbers")]

use backprop::math::init::{Init, WeightInit};
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::checkpoint::Checkpoint;
use backprop::training::dataset::Dataset;
use backprop::training::error::Error;
use backprop::training::fingerprint;
use backprop::training::names::Names;
use backprop::training::scaling::Scaling;

use crate::reader::predicted;

fn cases() -> usize {
    std::env::var("FUZZ_CASES").map_or(30_000, |number| number.parse().expect("FUZZ_CASES is a number"))
}

/// What is more likely than random bytes to be misunderstood.
fn pieces() -> Vec<&'static [u8]> {
    let pieces: &[u8] =
        b",|\n|\r\n|\r|| |\t|;|0|1.0|-0|+1|.|-|e|1e999|1e-999|nan|-inf|infinity|\0|\xEF\xBB\xBF|\
      \xFF|\xC3|\xC3\xA9|\xE2\x80\xA8|\xC2\xA0|18446744073709551616|0x1p3|1_0|\"1\"|# |1e|\x1B[0m|\"|\"\"|%|@data\n|\
      x,y,c\n|,\n|;\n|\t\n|setosa|Iris-virginica|NA|?|\"a,b\"|Id|class|,,|  |1,5|2|3|-1|sep=;\n|PK\x03\x04|\xFF\xFE|<!|\xEF\xBB";
    pieces.split(|&byte| byte == b'|').collect()
}

struct Mutator {
    rng: Rng,
    pieces: Vec<&'static [u8]>,
}

impl Mutator {
    fn below(&mut self, bound: usize) -> usize {
        self.rng.below(bound as u64) as usize
    }

    /// A range within `length`, mostly short.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let longest = if self.below(8) == 0 { length - start } else { (length - start).min(6) };
        start..start + self.below(longest + 1)
    }

    /// `seed` with one to eight changes.
    fn mutated(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(8) {
            let range = self.range(bytes.len());
            let replacement: Vec<u8> = match self.below(5) {
                0 => Vec::new(),
                1 => {
                    let chosen = self.below(self.pieces.len());
                    self.pieces[chosen].to_vec()
                }
                2 => (0..self.below(4)).map(|_| self.below(256) as u8).collect(),
                3 => {
                    let copied = self.range(bytes.len());
                    bytes[copied].to_vec()
                }
                _ => bytes[range.clone()].iter().map(|byte| byte ^ 1 << self.below(8)).collect(),
            };
            bytes.splice(range, replacement);
        }
        bytes
    }
}

/// An error of a file must say where in the file, and fit on a line.
fn assert_sound(error: &Error, contents: &[u8]) {
    let Error::Data { file, line, column, problem } = error else { panic!("{error:?}") };
    assert_eq!(file, "a");
    let end = if contents.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut lines = contents.split(|&byte| byte == end);
    let length = lines.nth(line - 1).unwrap_or_else(|| panic!("there is no line {line}: {problem}")).len();
    assert!((1..=length + 1).contains(column), "line {line} has no column {column}: {problem}");
    assert!(problem.chars().count() < 1000, "{problem}");
    assert!(!problem.contains(char::is_control), "{problem:?}");
}

/// Names are as many as inputs and classes, and what is said of a file fits on a line.
fn assert_sound_names(names: &Names, reading: Option<&str>, numbers: [usize; 2]) {
    assert_eq!([names.inputs.len(), names.classes.len()], numbers);
    let texts = names.inputs.iter().chain(&names.classes).map(String::as_str).chain(reading);
    for text in texts {
        assert!(!text.contains(|c: char| c.is_control() && c != '\t'), "{text:?}");
    }
}

/// A file is read with its own names as without, also for prediction.
fn assert_reads_itself<const D: usize, const K: usize>(data: &Dataset<D, K>, contents: &[u8]) {
    let again = Dataset::<D, K>::parse("a", contents, Some(data.names()));
    let (rows, end) = predicted::<D>(contents, data.names());
    for error in again.as_ref().err().into_iter().chain(end.as_ref().err()) {
        // What was a row may be a header of these names.
        assert!(error.to_string().contains("is a header or a row"), "{error}: {}", contents.escape_ascii());
    }
    if let Ok(again) = again {
        assert_eq!((again.labels(), again.names()), (data.labels(), data.names()));
    }
    if end.is_ok() {
        assert!(rows.iter().map(|(inputs, _)| inputs).eq(data.samples()));
        assert!(rows.iter().map(|(_, (_, class))| *class).eq(data.labels().iter().copied().map(Some)));
    }
}

/// Returns how many of the cases were accepted.
fn fuzz_data<const D: usize, const K: usize>(seeds: &[&[u8]], mutator: &mut Mutator) -> usize {
    let mut accepted = 0;
    for case in 0..cases() {
        let contents = mutator.mutated(seeds[case % seeds.len()]);
        match Dataset::<D, K>::parse("a", &contents[..], None) {
            Ok(data) => {
                accepted += 1;
                assert!(data.len() > 0 && data.samples().len() == data.labels().len());
                assert!(data.samples().iter().flatten().all(|x| x.is_finite()));
                assert!(data.labels().iter().all(|&label| label < K));
                assert_sound_names(data.names(), data.reading(), [D, K]);
                assert_reads_itself(&data, &contents);
            }
            Err(error) => assert_sound(&error, &contents),
        }
        if let Err(error) = predicted::<D>(&contents, &Names::neutral(D, K)).1 {
            assert_sound(&error, &contents);
        }
    }
    accepted
}

#[test]
fn every_data_file_is_read_or_refused_in_its_place() {
    let mut mutator = Mutator { rng: Rng::new(1), pieces: pieces() };
    let kinds = crate::reader::kinds();
    let kinds: Vec<&[u8]> = kinds.iter().map(Vec::as_slice).collect();
    fuzz_data::<1, 2>(&kinds, &mut mutator);
    let accepted = fuzz_data::<2, 3>(&kinds, &mut mutator);
    // Both answers are tried.
    assert!((cases() / 100..cases() / 2).contains(&accepted), "{accepted} of {} accepted", cases());
}

/// A file that the grammar of `reader.rs` makes, with its rows.
struct Generated {
    text: String,
    /// Where the rows begin below the header, or 0.
    below_header: usize,
    rows: Vec<([f64; 2], usize)>,
}

impl Mutator {
    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    fn generated(&mut self) -> Generated {
        let separator = self.one_of(&[",", ";", "\t", " ", ", ", "  "]);
        let end = self.one_of(&["\n", "\r\n", "\r"]);
        let classes = [
            ["0", "1", "2"],
            ["-7", "3", "+12"],
            ["1.0", "2.0", "3.0"],
            ["ant", "\"b\"\"ee\"", "\"c d\""],
            ["+", "-", "x"],
        ];
        let classes = classes[self.below(classes.len())];
        let names = self.one_of(&[
            "",
            "u|v|kind",
            "\"2theta\"|\"length\"|\"a \"\"b\"\"\"",
            "0|1|target",
            "# u|v|kind",
        ]);
        let mut text = self.one_of(&["", "\u{FEFF}", "# made by hand\n", "\n"]).replace('\n', end);
        if !names.is_empty() {
            text += &(names.replace('|', separator) + end);
        }
        let below_header = if names.is_empty() || names.starts_with('#') { 0 } else { text.len() };
        let ending =
            if separator == " " || separator == "  " { "" } else { self.one_of(&["", "", separator]) };
        let mut rows = Vec::new();
        for n in 0..3 + self.below(9) {
            let class = if n < 3 { n } else { self.below(3) };
            let inputs = [(); 2].map(|()| {
                let number =
                    (self.rng.normal() * [1.0, 10.0, 100.0, 1e4, 1e9][self.below(5)]).round() / 100.0;
                match self.below(4) {
                    0 => format!("{number:e}"),
                    1 => format!("\"{number}\""),
                    2 => format!("{number:.20}"),
                    _ => number.to_string(),
                }
            });
            let parsed = inputs.each_ref().map(|input| input.trim_matches('"').parse().expect("a number"));
            let [x, y] = inputs;
            text += &[&x, separator, &y, separator, classes[class], ending, end].concat();
            rows.push((parsed, class));
            if self.below(12) == 0 {
                text += &["% ", end].concat();
            }
        }
        if self.below(3) == 0 {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        Generated { text, below_header, rows }
    }
}

/// The lines of a file that are neither blank nor comments.
fn lines(text: &str) -> usize {
    let text = text.trim_start_matches('\u{FEFF}');
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let is_line = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']);
    text.split(end).filter(is_line).count()
}

#[test]
fn the_rows_read_are_the_rows_of_the_file_and_of_one_an_edit_away_or_it_is_refused() {
    let mut mutator = Mutator { rng: Rng::new(5), pieces: Vec::new() };
    let mut accepted = 0;
    for _ in 0..1000 {
        let Generated { text, below_header, rows } = mutator.generated();
        let data = Dataset::<2, 3>::parse("a", text.as_bytes(), None)
            .unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let read: Vec<_> = data.samples().iter().copied().zip(data.labels().iter().copied()).collect();
        assert_eq!(read, rows, "{text:?}");
        let (read, end) = predicted::<2>(text.as_bytes(), data.names());
        end.unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let read: Vec<_> =
            read.into_iter().map(|(inputs, (_, class))| (inputs, class.expect("it has one"))).collect();
        assert_eq!(read, rows, "{text:?}");

        // One character is replaced, left out or put in; of a header that becomes a comment, only the rows are left.
        let at = text
            .char_indices()
            .map(|(at, _)| at)
            .nth(mutator.below(text.chars().count()))
            .expect("a character");
        let length = text[at..].chars().next().map_or(0, char::len_utf8);
        let put = mutator
            .one_of(&["", "x", "%", "#", ",", ";", " ", "\t", "\n", "\r", "\"", "1", "-", ".", "e", "?"]);
        let end = at + length * mutator.below(2);
        let edited = format!("{}{put}{}", &text[..at], &text[end..]);
        let is_header_left = below_header > 0 && (at >= below_header || lines(&edited) > rows.len());
        let expected = lines(&edited) - usize::from(is_header_left);
        let read = |like| Dataset::<2, 3>::parse("a", edited.as_bytes(), like).map(|data| data.len());
        let (to_predict, end) = predicted::<2>(edited.as_bytes(), data.names());
        let found = [read(None), read(Some(data.names())), end.map(|_| to_predict.len())];
        for found in found.into_iter().flatten() {
            accepted += 1;
            assert_eq!(found, expected, "{edited:?}");
        }
    }
    assert!((300..2700).contains(&accepted), "{accepted}");
}

type Network = SoftmaxRegression<2, 3>;

/// Saved parameters, to be changed.
fn saved() -> String {
    let mut rng = Rng::new(1);
    let model = Network::initialised(&Init { weights: WeightInit::He, bias: 0.1 }, &mut rng);
    let scaling = Some(Scaling { mean: [1.5, -2.0], deviation: [0.25, 1.0] });
    let names = Names::neutral(2, 3);
    let (settings, held_out) = ("any".to_owned(), None);
    Checkpoint { model, rng, epochs: 3, seed: 1, settings, names, held_out, scaling }.to_text("prob")
}

/// Behind the seal: whatever the lines say, if they are sealed again.
#[test]
fn saved_parameters_with_a_right_seal_are_read_or_refused_in_their_line() {
    let saved = saved();
    let (lines, _) = saved.split_once("seal ").unwrap();
    let mut mutator = Mutator { rng: Rng::new(3), pieces: pieces() };
    let mut accepted = 0;
    for _ in 0..cases() {
        let mut sealed = mutator.mutated(lines.trim_end().as_bytes());
        sealed.push(b'\n');
        let text = String::from_utf8_lossy(&sealed);
        let fingerprint = fingerprint::of(text.lines().flat_map(|line| line.bytes().chain([b'\n'])));
        sealed.extend_from_slice(format!("seal {fingerprint}\n").as_bytes());
        match Checkpoint::<Network, 2, 3>::parse("a", &sealed, "prob") {
            Ok(checkpoint) => {
                accepted += 1;
                let parameters = checkpoint.model.parameters();
                assert!(parameters.iter().all(|parameter| parameter.values.iter().all(|x| x.is_finite())));
                assert!(checkpoint.epochs.checked_add(checkpoint.epochs).is_some());
                assert!(checkpoint.names.classes.windows(2).all(|pair| pair[0] != pair[1]));
                assert_sound_names(&checkpoint.names, None, [2, 3]);
                let own = checkpoint.in_own_units(&checkpoint.model);
                assert!(own.parameters().iter().all(|own| own.values.iter().all(|x| x.is_finite())));
            }
            Err(error) => assert_sound(&error, &sealed),
        }
    }
    assert!(accepted > cases() / 100, "{accepted} of {} accepted", cases());
}
