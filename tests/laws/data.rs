//! Data: the four files are what their description says, to the byte, and the programs carry the same samples.

use std::path::PathBuf;

use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::fingerprint;
use backprop::training::names::Names;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn text(source: &Source) -> String {
    std::fs::read_to_string(folder().join(source.name)).unwrap()
}

/// `data/README.md` has the SHA-256 of the same bytes.
fn fingerprint(text: &str) -> String {
    fingerprint::of(text.bytes())
}

#[test]
fn xor_is_the_truth_table_in_its_order() {
    assert_eq!(text(&XOR), "0.0,0.0,0\n1.0,0.0,1\n0.0,1.0,1\n1.0,1.0,0\n");
}

#[test]
fn the_spiral_is_the_courses_file() {
    assert_eq!(fingerprint(&text(&SPIRAL_TRAIN)), "faf1fd9649d13cf4");
}

/// The 150 lines are those of scikit-learn's `load_iris`, each printed `%.1f,%.1f,%.1f,%.1f,%d\n`.
#[test]
fn iris_is_split_by_the_rule_that_flower_n_is_for_testing_when_4n_mod_15_is_below_4() {
    let (training, testing) = (text(&IRIS_TRAIN), text(&IRIS_TEST));
    let [mut training, mut testing] = [training.split_inclusive('\n'), testing.split_inclusive('\n')];
    let mut flowers = String::new();
    for n in 1..=150 {
        let file = if 4 * n % 15 < 4 { &mut testing } else { &mut training };
        flowers += file.next().unwrap();
    }
    assert_eq!((training.next(), testing.next()), (None, None));
    assert_eq!(fingerprint(&flowers), "da42138241ab5122");
}

fn assert_inside_as_on_disk<const D: usize, const K: usize>(source: &Source) {
    let inside: Dataset<D, K> = source.load(None).unwrap();
    let on_disk = Dataset::<D, K>::read(folder().join(source.name), None).unwrap();
    assert_eq!((inside.samples(), inside.labels()), (on_disk.samples(), on_disk.labels()));
    assert_eq!((inside.reading(), on_disk.reading()), (None, None), "both are in the plain form");
    assert_eq!(on_disk.names(), &Names::neutral(D, K), "a file has no names but its own");
    assert_eq!(inside.len(), text(source).lines().count());
    assert_eq!((inside.samples().len(), inside.labels().len()), (inside.len(), inside.len()));
}

#[test]
fn the_samples_inside_the_programs_are_those_on_disk() {
    assert_inside_as_on_disk::<2, 2>(&XOR);
    assert_inside_as_on_disk::<2, 3>(&SPIRAL_TRAIN);
    assert_inside_as_on_disk::<4, 3>(&IRIS_TRAIN);
    assert_inside_as_on_disk::<4, 3>(&IRIS_TEST);
}
