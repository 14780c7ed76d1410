//! One step of gradient descent of each model on its problem's batch.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    measure::steps(|step| {
        group.throughput(Throughput::Elements(step.batch as u64));
        group.bench_function(step.name, |bencher| bencher.iter(&mut *step.take));
    });
}

criterion_group!(benches, steps);
criterion_main!(benches);
