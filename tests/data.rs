//! Data: the four files are what their description says, to the byte, and the programs carry the same samples.
#![forbid(unsafe_code)]
#![expect(clippy::cast_possible_truncation, reason = "SHA-256 works modulo 2³²")]

use std::fmt::Write as _;
use std::path::PathBuf;

use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn text(source: &Source) -> String {
    std::fs::read_to_string(folder().join(source.name)).unwrap()
}

fn class_counts<const D: usize, const K: usize>(source: &Source) -> [usize; K] {
    let mut counts = [0; K];
    for &label in source.load::<D, K>(Some(&folder())).unwrap().labels() {
        counts[label] += 1;
    }
    counts
}

#[test]
fn xor_is_the_truth_table_in_its_order() {
    assert_eq!(text(&XOR), "0.0,0.0,0\n1.0,0.0,1\n0.0,1.0,1\n1.0,1.0,0\n");
}

#[test]
fn the_spiral_is_the_courses_file() {
    let expected = "d34fce58b968b09b698710d93f7da2440fca172d6fa9554787075e470761ef65";
    assert_eq!(sha256(text(&SPIRAL_TRAIN).as_bytes()), expected);
}

#[test]
fn every_class_has_its_share() {
    assert_eq!(class_counts::<2, 2>(&XOR), [2; 2]);
    assert_eq!(class_counts::<2, 3>(&SPIRAL_TRAIN), [100; 3]);
    assert_eq!(class_counts::<4, 3>(&IRIS_TRAIN), [37, 37, 36]);
    assert_eq!(class_counts::<4, 3>(&IRIS_TEST), [13, 13, 14]);
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
    let expected = "111f8932a62b6c883fdc21a018d7459e603d6468fd8bdb4d1e0f0b125f2c9f39";
    assert_eq!(sha256(flowers.as_bytes()), expected);
}

#[test]
fn the_three_arms_of_the_spiral_share_their_first_point() {
    let data: Dataset<2, 3> = SPIRAL_TRAIN.load(None).unwrap();
    let at_origin: Vec<usize> = (0..data.len()).filter(|&n| data.samples()[n] == [0.0, 0.0]).collect();
    assert_eq!(at_origin, [0, 100, 200]);
}

fn assert_inside_as_on_disk<const D: usize, const K: usize>(source: &Source) {
    let inside: Dataset<D, K> = source.load(None).unwrap();
    assert_eq!(inside, source.load(Some(&folder())).unwrap());
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

/// The test vectors of FIPS 180-4, and one whose padding needs a block of its own.
#[test]
fn sha256_gives_the_published_digests() {
    for (message, expected) in [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ] {
        assert_eq!(sha256(message.as_bytes()), expected);
    }
}

/// SHA-256 (FIPS 180-4) in hexadecimal.
fn sha256(message: &[u8]) -> String {
    let primes = (2_u128..).filter(|&p| (2..p).all(|divisor| p % divisor != 0));
    let constants: Vec<u32> = primes.clone().take(64).map(|p| root_fraction(p, 3)).collect();
    let mut state: Vec<u32> = primes.take(8).map(|p| root_fraction(p, 2)).collect();

    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() < message.len() + 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let length_at = padded.len() - 8;
    padded[length_at..].copy_from_slice(&(8 * message.len() as u64).to_be_bytes());

    for block in padded.chunks_exact(64) {
        let bytes_to_word = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        let mut schedule: Vec<u32> = block.chunks_exact(4).map(bytes_to_word).collect();
        for t in 16..64 {
            let (w15, w2) = (schedule[t - 15], schedule[t - 2]);
            let s0 = w15.rotate_right(7) ^ w15.rotate_right(18) ^ (w15 >> 3);
            let s1 = w2.rotate_right(17) ^ w2.rotate_right(19) ^ (w2 >> 10);
            schedule.push(s1.wrapping_add(schedule[t - 7]).wrapping_add(s0).wrapping_add(schedule[t - 16]));
        }
        let mut v = state.clone();
        for t in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let t1 = [s1, choice, constants[t], schedule[t]].into_iter().fold(v[7], u32::wrapping_add);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0).wrapping_add(majority);
        }
        for (word, value) in state.iter_mut().zip(v) {
            *word = word.wrapping_add(value);
        }
    }
    state.iter().fold(String::new(), |mut digest, word| {
        write!(digest, "{word:08x}").unwrap();
        digest
    })
}

/// The first 32 bits of the fractional part of the square or cube root of p.
fn root_fraction(p: u128, degree: u32) -> u32 {
    let scaled = p << (32 * degree);
    let bit_by_bit = |root: u128, bit: u32| {
        let larger: u128 = root | 1 << bit;
        if larger.pow(degree) <= scaled { larger } else { root }
    };
    // The root of p is below 2⁸.
    (0..40).rev().fold(0, bit_by_bit) as u32
}
