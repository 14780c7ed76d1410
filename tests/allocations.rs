//! No heap allocation inside a training step.
//!
//! The one place in the project with `unsafe`: a global allocator is an unsafe trait, and only one that counts can tell.
#![allow(unsafe_code, reason = "GlobalAlloc is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::convert::Infallible;

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::training::dataset::{Dataset, IRIS_TRAIN, SPIRAL_TRAIN};
use backprop::training::train::{Batches, Hyperparameters, Split, Trainer};

struct Counting;

thread_local! {
    /// Allocations of this thread: the test runner has threads of its own.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is passed on to the system's allocator as it came; a reallocation goes through `alloc`.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `alloc` above, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// How often 100 steps of a model allocate, on batches that fill their tiles and on ones that do not.
fn allocations_of_100_steps<M: Model<D, K>, const D: usize, const K: usize>(data: &Dataset<D, K>) -> usize {
    let hyper = Hyperparameters { epochs: 1, step_size: 0.01, lambda: 1e-3 };
    let mut model = M::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut Rng::new(0));
    let mut trainer = Trainer::<M, D, K, 10>::new();
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut rng = Rng::new(1);
    let before = ALLOCATIONS.get();
    for step in 0..100 {
        rng.shuffle(&mut order);
        let batch = 1 + step % data.len().min(25);
        trainer.step(&mut model, data, order[..batch].iter().copied(), &hyper);
    }
    ALLOCATIONS.get() - before
}

#[test]
fn a_training_step_never_allocates() {
    let spiral = SPIRAL_TRAIN.load::<2, 3>(None).expect("the file inside");
    let iris = IRIS_TRAIN.load::<4, 3>(None).expect("the file inside");
    assert_eq!(allocations_of_100_steps::<SoftmaxRegression<2, 3>, 2, 3>(&spiral), 0);
    assert_eq!(allocations_of_100_steps::<Mlp1<4, 16, 3>, 4, 3>(&iris), 0);
    assert_eq!(allocations_of_100_steps::<Mlp2<4, 100, 100, 3>, 4, 3>(&iris), 0);
}

/// A run allocates its history and the order of its samples, once; not a thing for each epoch.
#[test]
fn fifty_epochs_allocate_no_more_often_than_one() {
    let iris = IRIS_TRAIN.load::<4, 3>(None).expect("the file inside");
    let split = Split { training: &iris, validation: Some(&iris) };
    let mut trainer = Trainer::<Mlp1<4, 16, 3>, 4, 3, 10>::new();
    let no_watch = |_: &_, _: &_, _: Option<&_>| Ok::<(), Infallible>(());
    let mut allocations = |epochs| {
        let hyper = Hyperparameters { epochs, step_size: 0.01, lambda: 1e-3 };
        let mut rng = Rng::new(0);
        let mut model = Mlp1::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut rng);
        let before = ALLOCATIONS.get();
        let Ok(_) = trainer.train(&mut model, Split::training(&iris), Batches::Full, &hyper, no_watch);
        let full = ALLOCATIONS.get();
        let batches = Batches::Shuffled { size: 10, rng: &mut rng };
        let Ok(_) = trainer.train(&mut model, split, batches, &hyper, no_watch);
        [full - before, ALLOCATIONS.get() - full]
    };
    assert_eq!(allocations(1), [1, 2]);
    assert_eq!(allocations(50), [1, 2]);
}

#[test]
fn the_counter_counts() {
    let before = ALLOCATIONS.get();
    std::hint::black_box(vec![1, 2, 3]);
    assert_eq!(ALLOCATIONS.get() - before, 1);
}
