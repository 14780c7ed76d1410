//! Random numbers: the published streams, and the distributions they are turned into.
#![expect(clippy::cast_possible_truncation, reason = "small counts")]

use std::num::NonZeroU64;

use backprop::math::rng::{Rng, SplitMix64};

// Seeds are fixed, so a test either always passes or never does. The bounds say how far from its expectation a
// statistic of a true random stream strays once in a thousand (chi-square) or once in 1.7 million (five
// standard deviations) seeds.

fn from_state(state: u64) -> Rng {
    Rng::from_state(NonZeroU64::new(state).unwrap())
}

/// Σ (observed − expected)² / expected, with all outcomes equally likely.
fn chi_square(observed: &[u32]) -> f64 {
    let expected = f64::from(observed.iter().sum::<u32>()) / observed.len() as f64;
    observed
        .iter()
        .map(|&count| (f64::from(count) - expected) * (f64::from(count) - expected) / expected)
        .sum()
}

/// The test in rand_xoshiro/src/splitmix64.rs of github.com/rust-random/rngs, made with the reference implementation,
/// S. Vigna's splitmix64.c.
#[test]
fn splitmix64_gives_the_stream_of_its_reference_implementation() {
    let mut words = SplitMix64::new(1_477_776_061_723_855_037);
    for expected in [
        1_985_237_415_132_408_290,
        2_979_275_885_539_914_483,
        13_511_426_838_097_143_398,
        8_488_337_342_461_049_707,
        15_141_737_807_933_549_159,
        17_093_170_987_380_407_015,
        16_389_528_042_912_955_399,
        13_177_319_091_862_933_652,
        10_841_969_400_225_389_492,
        17_094_824_097_954_834_098,
    ] {
        assert_eq!(words.next_u64(), expected);
    }
}

/// Rosetta Code, "Pseudo-random numbers/Xorshift star": the high 32 bits of each word.
#[test]
fn xorshift64_star_gives_the_published_stream() {
    let mut rng = from_state(1_234_567);
    for expected in [3_540_625_527, 2_750_739_987, 4_037_983_143, 1_993_361_440, 3_809_424_708] {
        assert_eq!(rng.next_u64() >> 32, expected);
    }
}

#[test]
fn a_seed_is_the_first_word_of_splitmix64_as_a_state() {
    for seed in [0, 1, 2, 1_234_567, u64::MAX] {
        assert_eq!(Rng::new(seed), from_state(SplitMix64::new(seed).next_u64()));
    }
    assert_eq!(Rng::new(0), from_state(0xE220_A839_7B1D_CDAF));
    assert_eq!(Rng::new(1_234_567), from_state(6_457_827_717_110_365_317));
}

/// SplitMix64's state advances by 0x9E37…7C15 before its mixing, which maps only 0 to 0: this seed's first word is 0.
#[test]
fn the_seed_whose_first_word_is_zero_takes_the_second() {
    let seed = 0x9E37_79B9_7F4A_7C15_u64.wrapping_neg();
    let mut words = SplitMix64::new(seed);
    assert_eq!(words.next_u64(), 0);
    assert_eq!(Rng::new(seed), from_state(words.next_u64()));
}

#[test]
fn a_clone_goes_on_alike() {
    let draw = |rng: &mut Rng| (rng.next_u64(), rng.uniform(), rng.normal(), rng.below(10));
    let mut rng = Rng::new(7);
    // After an odd number of normals a generator holds the second of a pair: a clone must hold it too.
    rng.normal();
    let mut clone = rng.clone();
    assert_eq!(rng.normal(), clone.normal());
    for _ in 0..100 {
        assert_eq!(draw(&mut rng), draw(&mut clone));
        assert_eq!(Rng::from_state(rng.state()).next_u64(), rng.clone().next_u64());
    }
}

#[test]
fn uniform_is_the_top_53_bits_of_a_word_as_a_fraction() {
    let [mut rng, mut words] = [Rng::new(8), Rng::new(8)];
    for _ in 0..10_000 {
        let number = rng.uniform();
        assert!((0.0..1.0).contains(&number), "{number}");
        assert_eq!(number * (1_u64 << 53) as f64, (words.next_u64() >> 11) as f64);
    }
}

#[test]
fn below_is_in_range_and_even() {
    // A bound, and what chi-square with bound − 1 degrees of freedom exceeds once in a thousand.
    for (bound, critical) in [(2, 10.8), (3, 13.8), (7, 22.5), (10, 27.9), (64, 103.4), (100, 148.2)] {
        let mut rng = Rng::new(10);
        let mut counts = vec![0; bound];
        for _ in 0..100_000 {
            counts[rng.below(bound as u64) as usize] += 1;
        }
        let chi_square = chi_square(&counts);
        assert!(chi_square < critical, "below {bound}: {chi_square} exceeds {critical}");
    }
    let mut rng = Rng::new(10);
    assert!((0..1000).all(|_| rng.below(1) == 0));
    assert!((0..1000).any(|_| rng.below(u64::MAX) > 1 << 63));
}

/// 2⁶⁴ words fall on 3·2⁶² values: without rejection each third value would come twice as often as the others.
#[test]
fn below_a_large_bound_has_no_favourites() {
    let mut rng = Rng::new(11);
    let mut counts = [0; 3];
    for _ in 0..30_000 {
        let value = rng.below(3 << 62);
        assert!(value < 3 << 62);
        counts[(value % 3) as usize] += 1;
    }
    let chi_square = chi_square(&counts);
    assert!(chi_square < 13.8, "{chi_square}: 2 degrees of freedom exceed 13.8 once in a thousand");
}

#[test]
#[should_panic(expected = "there is no integer below 0")]
fn below_zero_is_refused() {
    Rng::new(0).below(0);
}

#[test]
fn shuffle_gives_all_orders_of_four_evenly() {
    let mut rng = Rng::new(13);
    let mut counts = [0; 256];
    for _ in 0..240_000 {
        let mut items = [0, 1, 2, 3];
        rng.shuffle(&mut items);
        counts[items.iter().fold(0, |code, item| 4 * code + item)] += 1;
    }
    let counts: Vec<u32> = counts.into_iter().filter(|&count| count > 0).collect();
    assert_eq!(counts.len(), 24);
    let chi_square = chi_square(&counts);
    assert!(chi_square < 49.8, "{chi_square}: 23 degrees of freedom exceed 49.8 once in a thousand");
    rng.shuffle::<usize>(&mut []);
    let mut only = [5];
    rng.shuffle(&mut only);
    assert_eq!(only, [5]);
}

#[test]
fn normal_has_the_moments_and_the_tails_of_the_standard_normal() {
    const N: usize = 1_000_000;
    let mut rng = Rng::new(14);
    let numbers: Vec<f64> = (0..N).map(|_| rng.normal()).collect();
    let n = N as f64;
    let mean_of = |function: fn(f64) -> f64| numbers.iter().map(|&z| function(z)).sum::<f64>() / n;
    let share_beyond = |limit: f64| numbers.iter().filter(|z| z.abs() > limit).count() as f64 / n;
    let products = || numbers.windows(2).map(|pair| pair[0] * pair[1]);
    let neighbours = products().sum::<f64>() / n;
    let squares = products().map(|product| product * product).sum::<f64>() / n;
    let share_deviation = |share: f64| (share * (1.0 - share) / n).sqrt();
    // What, its expectation, its standard deviation: the variance of zᵏ is (2k − 1)!! − (mean of zᵏ)².
    for (what, found, expected, deviation) in [
        ("mean", mean_of(|z| z), 0.0, (1.0 / n).sqrt()),
        ("variance", mean_of(|z| z * z), 1.0, (2.0 / n).sqrt()),
        ("skewness", mean_of(|z| z * z * z), 0.0, (15.0 / n).sqrt()),
        ("kurtosis", mean_of(|z| z * z * z * z), 3.0, (96.0 / n).sqrt()),
        ("product of neighbours", neighbours, 0.0, (1.0 / n).sqrt()),
        // The variance of such a product is 3² − 1, the covariance of two that share a number 3 − 1.
        ("product of neighbours' squares", squares, 1.0, (12.0 / n).sqrt()),
        // 1 − erf(limit/√2)
        ("share beyond 1", share_beyond(1.0), 0.317_310_507_863, share_deviation(0.317_310_507_863)),
        ("share beyond 2", share_beyond(2.0), 0.045_500_263_896, share_deviation(0.045_500_263_896)),
        ("share beyond 3", share_beyond(3.0), 0.002_699_796_063, share_deviation(0.002_699_796_063)),
        ("share beyond 4", share_beyond(4.0), 0.000_063_342_484, share_deviation(0.000_063_342_484)),
    ] {
        let off = (found - expected).abs() / deviation;
        assert!(off < 5.0, "{what} is {found}, {off} standard deviations from {expected}");
    }
}
