//! The measuring rod: what the processor can do at best, with its widest vectors, on one core.
//!
//! Loops in plain Rust would understate it: on a core with AVX-512 the compiler prefers 256-bit vectors, which is half of
//! the peak on some. So these loops are intrinsics, chosen by what the processor says it has.

use std::hint::black_box;
use std::time::Instant;

/// The best of a core: operations and bytes a second.
#[derive(Debug, Clone, Copy)]
pub struct Rod {
    /// Lanes of the vectors that were used.
    pub lanes: usize,
    /// Double-precision operations a second with fused multiply–adds: the peak.
    pub peak: f64,
    /// Operations a second with multiplications and additions apart, as the products here are computed: the ceiling.
    pub ceiling: f64,
    /// Bytes a second loaded from the first-level cache.
    pub bandwidth: f64,
}

/// Independent chains of operations, enough that none waits for the one before it.
const CHAINS: usize = 12;

/// Numbers that are loaded over and over: 16 KiB.
const LOADED: usize = 2048;

/// Operations a second of a loop of this many rounds, in each of which every chain multiplies and adds `lanes` numbers.
fn operations(lanes: usize, run: impl Fn(usize)) -> f64 {
    const ROUNDS: usize = 10_000;
    let start = Instant::now();
    run(black_box(ROUNDS));
    (2 * ROUNDS * CHAINS * lanes) as f64 / start.elapsed().as_secs_f64()
}

/// Bytes a second of a loop that loads [`LOADED`] numbers this many times.
fn bytes(run: impl Fn(usize, &[f64; LOADED])) -> f64 {
    const ROUNDS: usize = 200;
    /// From the start of a cache line on, so that no vector is loaded from two.
    #[repr(align(64))]
    struct Aligned([f64; LOADED]);
    let numbers = Aligned([1.0; LOADED]);
    let start = Instant::now();
    run(black_box(ROUNDS), black_box(&numbers.0));
    (8 * ROUNDS * LOADED) as f64 / start.elapsed().as_secs_f64()
}

/// Measures this moment's rod.
#[must_use]
pub fn rod() -> Rod {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has the instructions that these functions are compiled to.
            return unsafe {
                Rod {
                    lanes: 8,
                    peak: operations(8, |rounds| avx512::fused(rounds)),
                    ceiling: operations(8, |rounds| avx512::apart(rounds)),
                    bandwidth: bytes(|rounds, numbers| avx512::load(rounds, numbers)),
                }
            };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: as above.
            return unsafe {
                Rod {
                    lanes: 4,
                    peak: operations(4, |rounds| avx2::fused(rounds)),
                    ceiling: operations(4, |rounds| avx2::apart(rounds)),
                    bandwidth: bytes(|rounds, numbers| avx2::load(rounds, numbers)),
                }
            };
        }
    }
    Rod {
        lanes: plain::LANES,
        peak: operations(plain::LANES, plain::fused),
        ceiling: operations(plain::LANES, plain::apart),
        bandwidth: bytes(plain::load),
    }
}

/// The three loops with the intrinsics of one vector length.
#[cfg(target_arch = "x86_64")]
macro_rules! loops {
    ($name:ident, $features:literal, $lanes:literal, $set:ident, $fused:ident, $times:ident, $plus:ident, $load:ident) => {
        mod $name {
            use std::arch::x86_64::{$fused, $load, $plus, $set, $times};
            use std::hint::black_box;

            use super::{CHAINS, LOADED};

            #[target_feature(enable = $features)]
            pub(super) fn fused(rounds: usize) {
                let (factor, summand) = ($set(black_box(0.999)), $set(black_box(0.001)));
                let mut chains = [$set(black_box(1.0)); CHAINS];
                for _ in 0..rounds {
                    for chain in &mut chains {
                        *chain = $fused(*chain, factor, summand);
                    }
                }
                black_box(chains);
            }

            #[target_feature(enable = $features)]
            pub(super) fn apart(rounds: usize) {
                let (factor, summand) = ($set(black_box(0.999)), $set(black_box(0.001)));
                let mut chains = [$set(black_box(1.0)); CHAINS];
                for _ in 0..rounds {
                    for chain in &mut chains {
                        *chain = $plus($times(*chain, factor), summand);
                    }
                }
                black_box(chains);
            }

            #[target_feature(enable = $features)]
            pub(super) fn load(rounds: usize, numbers: &[f64; LOADED]) {
                let mut sums = [$set(0.0); CHAINS];
                for _ in 0..rounds {
                    for group in black_box(numbers).chunks_exact(CHAINS * $lanes) {
                        for (sum, vector) in sums.iter_mut().zip(group.chunks_exact($lanes)) {
                            // SAFETY: the vector has that many numbers.
                            *sum = $plus(*sum, unsafe { $load(vector.as_ptr()) });
                        }
                    }
                }
                black_box(sums);
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
loops!(avx512, "avx512f", 8, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_mul_pd, _mm512_add_pd, _mm512_loadu_pd);
#[cfg(target_arch = "x86_64")]
loops!(avx2, "avx2,fma", 4, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_mul_pd, _mm256_add_pd, _mm256_loadu_pd);

/// The loops as the compiler vectorises them, for other processors.
mod plain {
    use std::hint::black_box;

    use super::{CHAINS, LOADED};

    pub(super) const LANES: usize = 4;

    fn chains(rounds: usize, operation: impl Fn(f64, f64, f64) -> f64) {
        let (factor, summand) = (black_box(0.999), black_box(0.001));
        let mut chains = black_box([[1.0; LANES]; CHAINS]);
        for _ in 0..rounds {
            for value in chains.as_flattened_mut() {
                *value = operation(*value, factor, summand);
            }
        }
        black_box(chains);
    }

    pub(super) fn fused(rounds: usize) {
        if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
            #[allow(clippy::disallowed_methods, reason = "the peak is that of fused operations")]
            chains(rounds, f64::mul_add);
        } else {
            apart(rounds);
        }
    }

    pub(super) fn apart(rounds: usize) {
        chains(rounds, |value, factor, summand| value * factor + summand);
    }

    pub(super) fn load(rounds: usize, numbers: &[f64; LOADED]) {
        let mut sums = [0.0; 8 * LANES];
        for _ in 0..rounds {
            for group in black_box(numbers).chunks_exact(sums.len()) {
                for (sum, number) in sums.iter_mut().zip(group) {
                    *sum += number;
                }
            }
        }
        black_box(sums);
    }
}
