//! One step of gradient descent of each model on its problem's batch, for [`units`](units.rs) to compare. Prints
//! the least time of each in seconds, and its name.

fn main() {
    measure::steps(|step| println!("{:e} {}", measure::least(step.take), step.name));
}
