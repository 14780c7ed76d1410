//! Measures everything once and writes the tables of `RESULTS.md`.
//!
//! Not a criterion benchmark: each figure is the median of pairs measured in turn, of the peak and of the kernel, so that
//! a machine whose speed drifts still gives a meaningful share.

use std::convert::identity;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::process::Command;

use backprop::math::exp_ln;
use backprop::math::kernels::{self, Start};
use backprop::math::mlp1::Mlp1;
use backprop::math::order::ascending;
use backprop::math::softmax::softmax;
use backprop::training::dataset::Dataset;
use measure::{
    COUNT, Cost, Rod, Step, Stepping, cost, operations, random, ratio, rod, spiral, spread, std_softmax,
};

#[path = "../tests/common/schoolbook.rs"]
mod schoolbook;

/// The cost of a product: its shape (rows, inner, columns), its time, and the schoolbook loop's time over its own.
struct Product {
    name: &'static str,
    shape: [usize; 3],
    cost: Cost,
    schoolbook_over_this: f64,
}

fn affine<const R: usize, const N: usize, const C: usize>() -> Product {
    let (x, w, b) = (random::<R, N>(), random::<N, C>(), random::<1, C>());
    let (mut out, mut twin) = (random::<R, C>(), random::<R, C>());
    let mut fast = || kernels::affine(identity, black_box(&x), black_box(&w), &b, black_box(&mut out));
    Product {
        name: "A·B",
        shape: [R, N, C],
        cost: cost(2 * R * N * C, &mut fast),
        schoolbook_over_this: ratio(
            || schoolbook::affine(identity, black_box(&x), black_box(&w), &b, black_box(&mut twin)),
            &mut fast,
        ),
    }
}

fn transposed_product<const R: usize, const N: usize, const C: usize>() -> Product {
    let (a, b) = (random::<N, R>(), random::<N, C>());
    let (mut g, mut twin) = (random::<R, C>(), random::<R, C>());
    let mut fast =
        || kernels::transposed_product(Start::Sum, None, black_box(&a), black_box(&b), black_box(&mut g));
    Product {
        name: "Aᵀ·B",
        shape: [R, N, C],
        cost: cost(2 * R * N * C, &mut fast),
        schoolbook_over_this: ratio(
            || schoolbook::add_transposed_product(black_box(&a), black_box(&b), black_box(&mut twin)),
            &mut fast,
        ),
    }
}

fn gated_product_with_transposed<const R: usize, const N: usize, const C: usize>() -> Product {
    let (a, b, h) = (random::<R, N>(), random::<C, N>(), random::<R, C>());
    let (mut out, mut twin) = (random::<R, C>(), random::<R, C>());
    let mut fast =
        || kernels::gated_product_with_transposed(black_box(&a), black_box(&b), &h, black_box(&mut out));
    Product {
        name: "A·Bᵀ",
        shape: [R, N, C],
        cost: cost(2 * R * N * C, &mut fast),
        schoolbook_over_this: ratio(
            || {
                schoolbook::gated_product_with_transposed(
                    black_box(&a),
                    black_box(&b),
                    &h,
                    black_box(&mut twin),
                )
            },
            &mut fast,
        ),
    }
}

/// The products at the shapes of the problems and some squares.
fn products() -> Vec<Product> {
    vec![
        affine::<10, 100, 100>(),
        affine::<100, 100, 100>(),
        affine::<110, 100, 100>(),
        affine::<32, 32, 32>(),
        affine::<64, 64, 64>(),
        affine::<128, 128, 128>(),
        affine::<256, 256, 256>(),
        affine::<512, 512, 512>(),
        affine::<20, 2, 100>(),
        affine::<300, 2, 100>(),
        affine::<10, 4, 100>(),
        affine::<20, 100, 3>(),
        affine::<10, 100, 3>(),
        transposed_product::<2, 20, 100>(),
        transposed_product::<100, 20, 3>(),
        transposed_product::<4, 10, 100>(),
        transposed_product::<100, 10, 3>(),
        transposed_product::<100, 10, 100>(),
        gated_product_with_transposed::<20, 3, 100>(),
        gated_product_with_transposed::<10, 3, 100>(),
        gated_product_with_transposed::<10, 100, 100>(),
        affine::<4, 2, 6>(),
        affine::<4, 6, 2>(),
    ]
}

/// All three products at every combination of rows, inner sizes and columns.
macro_rules! sweep {
    ([$($rows:literal)*] $inner:tt $columns:tt) => {{
        let mut products = Vec::new();
        $(sweep!(products, $rows, $inner, $columns);)*
        products
    }};
    ($products:ident, $rows:literal, [$($inner:literal)*], $columns:tt) => {
        $(sweep!($products, $rows, $inner, $columns);)*
    };
    ($products:ident, $rows:literal, $inner:literal, [$($columns:literal)*]) => {
        $(
            $products.extend([
                affine::<$rows, $inner, $columns>(),
                transposed_product::<$rows, $inner, $columns>(),
                gated_product_with_transposed::<$rows, $inner, $columns>(),
            ]);
        )*
    };
}

/// An epoch of problem 1d by the full batch, with H hidden units: the cost of its products' operations.
fn epoch<const H: usize>(data: &Dataset<2, 3>) -> Cost {
    let mut stepping = Stepping::<Mlp1<2, H, 3>, 2, 3, 20>::new();
    cost(operations(2, H, 3) * data.len(), || stepping.step(data, data.len()))
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn product_rows(products: &[Product], bandwidth: f64) -> String {
    let mut rows = String::from(
        "| product | rows × inner × columns | time | GFLOP/s | of peak | of ceiling | bytes, of L1 | schoolbook / this |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for Product { name, shape: [rows_, inner, columns], cost, schoolbook_over_this } in products {
        let _ = writeln!(
            rows,
            "| {name} | {rows_}×{inner}×{columns} | {} | {:.1} | {} | {} | {} | {:.1} |",
            time(cost.seconds),
            (2 * rows_ * inner * columns) as f64 / cost.seconds / 1e9,
            percent(cost.of_peak),
            percent(cost.of_ceiling),
            // Each matrix once: what a product must read and write at least.
            percent(
                (8 * (rows_ * inner + inner * columns + rows_ * columns)) as f64 / cost.seconds / bandwidth
            ),
            schoolbook_over_this
        );
    }
    rows
}

fn time(seconds: f64) -> String {
    if seconds < 1e-6 {
        format!("{:.0} ns", seconds * 1e9)
    } else if seconds < 1e-3 {
        format!("{:.2} µs", seconds * 1e6)
    } else {
        format!("{:.2} ms", seconds * 1e3)
    }
}

fn steps() -> String {
    let mut table = String::from("| step | time | of peak | of ceiling |\n|---|---|---|---|\n");
    measure::steps(|Step { name, operations, take, .. }| {
        let Cost { seconds, of_peak, of_ceiling } = cost(operations, take);
        let _ = writeln!(
            table,
            "| {name} | {} | {} | {} |",
            time(seconds),
            percent(of_peak),
            percent(of_ceiling)
        );
    });
    table
}

#[allow(clippy::disallowed_methods, reason = "std's functions are what ours are compared with")]
fn elementary_functions() -> String {
    let mut table = String::from("| function | ours | std's / ours |\n|---|---|---|\n");
    let mut row = |name: &str, ours: &mut dyn FnMut(), std: &mut dyn FnMut()| {
        let ratio = ratio(std, &mut *ours);
        // Nothing is counted here, so there is no share of the peak.
        let Cost { seconds, .. } = cost(0, ours);
        let _ = writeln!(table, "| {name} | {} | {ratio:.1} |", time(seconds));
    };
    let of = |x: [f64; COUNT], function: fn(&mut [f64; COUNT])| {
        move || {
            let mut values = *black_box(&x);
            function(&mut values);
            black_box(values);
        }
    };
    let (x, y) = (spread(-30.0, 0.0), spread(1.0, 3.0));
    row(
        "exp of 256 numbers, −30 … 0",
        &mut of(x, |values| exp_ln::exp_in_place(values)),
        &mut of(x, |values| values.iter_mut().for_each(|value| *value = value.exp())),
    );
    let ours = |values: &mut [f64; COUNT]| values.iter_mut().for_each(|value| *value = exp_ln::ln(*value));
    row(
        "ln of 256 numbers, 1 … 3",
        &mut of(y, ours),
        &mut of(y, |values| values.iter_mut().for_each(|value| *value = value.ln())),
    );
    let (scores, mut p, mut twin) = (random::<20, 3>(), random::<20, 3>(), random::<20, 3>());
    row("softmax, 20×3", &mut || softmax(black_box(&scores), black_box(&mut p)), &mut || {
        std_softmax(black_box(&scores), black_box(&mut twin))
    });
    table
}

fn scaling() -> String {
    let mut table =
        String::from("| epoch of 1d | time | time per sample and unit | of ceiling |\n|---|---|---|---|\n");
    let mut row = |name: String, Cost { seconds, of_ceiling, .. }: Cost, units: usize| {
        let each = 1e9 * seconds / units as f64;
        let _ = writeln!(table, "| {name} | {} | {each:.3} ns | {} |", time(seconds), percent(of_ceiling));
    };
    for samples in [300, 3_000, 30_000, 300_000] {
        let cost = epoch::<100>(&spiral(samples));
        row(format!("{samples} samples, 100 units"), cost, samples * 100);
    }
    let spiral = spiral(300);
    let mut width = |units: usize, cost: Cost| row(format!("300 samples, {units} units"), cost, 300 * units);
    width(16, epoch::<16>(&spiral));
    width(64, epoch::<64>(&spiral));
    width(256, epoch::<256>(&spiral));
    width(1024, epoch::<1024>(&spiral));
    table
}

/// The output of a command; empty if it cannot run.
fn output(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command).args(arguments).output();
    output.map_or(String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn processor() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.to_owned())
}

fn main() {
    let rods: Vec<Rod> = (0..101).map(|_| rod()).collect();
    let middle = |of: fn(&Rod) -> f64| {
        let mut values: Vec<f64> = rods.iter().map(of).collect();
        values.sort_by(ascending);
        values[50]
    };
    let bandwidth = middle(|rod| rod.bandwidth);
    let products = product_rows(&products(), bandwidth);
    let mut sweep = sweep!([1 4 7 10 33] [2 8 17 100] [3 6 8 31 127]);
    let shapes = sweep.len();
    sweep.sort_by(|a, b| ascending(&a.schoolbook_over_this, &b.schoolbook_over_this));
    sweep.truncate(10);
    let results = format!(
        "# Results\n\n\
         Written by `cargo bench -- results` on {}, {}, {}. One core, vectors of {} lanes (medians): peak {:.1} GFLOP/s \
         with fused multiply–adds; ceiling {:.1} GFLOP/s with multiplications and additions apart, as all products here \
         are computed; {:.0} GB/s loaded from the first-level cache. Shares are medians over pairs of measurements, of \
         these and of the kernel in turn. \"Bytes, of L1\" counts each matrix once.\n\n\
         ## Products\n\n{products}\n\
         ## Steps of gradient descent\n\nThe shares count the operations of the products alone.\n\n{}\n\
         ## Elementary functions\n\n{}\n\
         ## Scaling\n\nIn tiles of 20 rows.\n\n{}\n\
         ## The ten worst of {shapes} shapes against the schoolbook loop\n\n{}",
        output("date", &["+%Y-%m-%d"]),
        processor(),
        output("rustc", &["--version"]),
        rods[0].lanes,
        middle(|rod| rod.peak) / 1e9,
        middle(|rod| rod.ceiling) / 1e9,
        bandwidth / 1e9,
        steps(),
        elementary_functions(),
        scaling(),
        product_rows(&sweep, bandwidth),
    );
    fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/RESULTS.md"), &results).expect("benches/ can be written");
    println!("{results}");
}
