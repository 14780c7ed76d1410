//! candle: its tensors on the processor in 64 bits, its cross-entropy; the penalty is written out, since its SGD has none.
use candle_core::{D, DType, Device, Result, Tensor, Var};
use candle_nn::{VarBuilder, VarMap, linear, loss::cross_entropy};

/// The matrices of this kind in a file of numbers.
fn read(text: &str, kind: &str) -> Result<Vec<Var>> {
    let matrix = |line: &str| {
        let [_, rows, columns, values @ ..] = &line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let values: Vec<f64> = values.iter().map(|value| value.parse().expect("a number")).collect();
        let shape = (rows.parse::<usize>().expect("rows"), columns.parse::<usize>().expect("columns"));
        Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu)?)
    };
    text.lines().filter(|line| line.split(' ').next() == Some(kind)).map(matrix).collect()
}

fn main() -> Result<()> {
    let folder = std::env::var("NUMBERS").expect("the folder of numbers");
    println!("library\tcandle 0.11.1");
    for problem in ["prob1b", "prob2a", "prob2b"] {
        let text = std::fs::read_to_string(format!("{folder}/{problem}.txt")).expect("readable");
        let (mut f, y) = (read(&text, "x")?[0].as_tensor().clone(), read(&text, "y")?[0].flatten_all()?.to_dtype(DType::U32)?);
        let start = read(&text, "parameter")?;
        let mut penalty = Tensor::new(0.0, &Device::Cpu)?;
        for (i, layer) in start.chunks(2).enumerate() {
            f = if i == 0 { f } else { f.relu()? }.matmul(&layer[0])?.broadcast_add(&layer[1])?;
            penalty = (penalty + layer[0].sqr()?.sum_all()? * 0.005)?;
        }
        let loss = (cross_entropy(&f, &y)? + penalty)?;
        let gradients = loss.backward()?;
        let mut pairs = vec![(loss.reshape((1, 1))?, read(&text, "loss")?[0].clone())];
        for (w, ours) in start.iter().zip(read(&text, "gradient")?) {
            pairs.push((gradients.get(w).expect("a gradient").clone(), ours));
        }
        let differences = pairs.iter().map(|(theirs, ours)| (theirs - ours.as_tensor())?.abs()?.max_all()?.to_scalar());
        let differences: Vec<f64> = differences.collect::<Result<_>>()?;
        println!("difference\t{problem}\t{}", differences.into_iter().fold(0.0, f64::max));
    }
    let zero = Var::new(0.0, &Device::Cpu)?;
    let slope = |f: Tensor| -> Result<f64> { f.backward()?.get(&zero).expect("a gradient").to_scalar() };
    println!("cell\tkink\t{}; maximum {}", slope(zero.relu()?)?, slope(zero.maximum(&zero.zeros_like()?)?)?);
    let loss = |f: Vec<Vec<f64>>| {
        let y = Tensor::zeros(f.len(), DType::U32, &Device::Cpu)?;
        cross_entropy(&Tensor::new(f, &Device::Cpu)?, &y)?.to_scalar::<f64>()
    };
    println!("cell\tloss\t{}", if loss(vec![vec![0.0; 2]; 2])? == loss(vec![vec![0.0; 2]])? { "mean" } else { "sum" });
    println!("cell\tcertain\t{}", loss(vec![vec![0.0, 1000.0]])?);
    let layer = linear(100, 300, VarBuilder::from_varmap(&VarMap::new(), DType::F64, &Device::Cpu))?;
    let (w, biases) = (layer.weight().flatten_all()?, layer.bias().expect("biases").abs()?.max_all()?.to_scalar::<f64>()?);
    let (largest, square) = (w.max_all()?.to_scalar::<f64>()?, w.sqr()?.mean_all()?.to_scalar::<f64>()?);
    let kind = if largest < 1.8 * square.sqrt() { "uniform" } else { "normal" };
    println!("cell\tfirst\t{kind}, variance {:.1}/in; biases {}", square * 100.0, if biases > 0.0 { "too" } else { "0" });
    let variance = Tensor::new(&[0.0, 2.0], &Device::Cpu)?.var(0)?.to_scalar::<f64>()?;
    println!("cell\tdeviation\t{}", if variance == 1.0 { "N" } else { "N − 1" });
    let ties = Tensor::zeros(3, DType::F64, &Device::Cpu)?.argmax(D::Minus1)?.to_scalar::<u32>()?;
    println!("cell\tties\t{ties}");
    Ok(())
}
