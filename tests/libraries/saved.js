// What the scripts in JavaScript share: this project's numbers, and the lines that are printed.
const fs = require("fs");
const cell = (row, text) => console.log(`cell\t${row}\t${text}`);
const digits = (number) => +number.toPrecision(3);

// The largest difference from this project's loss and gradient, of a step of size 1 on the full batch of n rows. train is as below.
async function compareSteps(train, penalty) {
  for (const problem of ["prob1b", "prob2a", "prob2b"]) {
    const numbers = { parameter: [], gradient: [] };
    for (const line of fs.readFileSync(`${process.env.NUMBERS}/${problem}.txt`, "utf8").trim().split("\n")) {
      const [kind, rows, columns, ...values] = line.split(" ");
      const row = (_, n) => values.slice(n * columns, (n + 1) * columns).map(Number);
      (numbers[kind] ??= []).push(Array.from({ length: rows }, row));
    }
    const { x: [x], y: [y], parameter } = numbers;
    const [loss, after] = await train(parameter, x, y.flat(), penalty(x.length), x.length, 1);
    const [start, end, gradient] = [parameter, after, numbers.gradient].map((arrays) => arrays.flat(3));
    const differences = gradient.map((g, i) => Math.abs(start[i] - end[i] - g));
    console.log(`difference\t${problem}\t${Math.max(Math.abs(loss - numbers.loss), ...differences)}`);
  }
}

// How the first weights of 100 × 300 spread.
function spread(weights, biases) {
  const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  const name = Math.max(...weights) < 1.8 * Math.sqrt(variance) ? "uniform" : "normal";
  cell("first", `${name}, variance ${(variance * 100).toFixed(1)}/in = ${(variance * 200).toFixed(1)} · 2/(in + out); biases ${biases[0]}`);
}

// Prints what an epoch shows. train(start, x, y, penalty, batch, size) gives the reported loss and the parameters after it.
async function describe(train) {
  const ones = [[[1, 0, 0]], [[1, 1, 1]]];
  const loss = async (n, penalty = 0, batch = n, start = ones, size = 1e-9) =>
    (await train(start, Array(n).fill([1]), Array(n).fill(0), penalty, batch, size))[0];
  const moved = async (n, penalty = 0) =>
    (await train(ones, Array(n).fill([1]), Array(n).fill(0), penalty, Math.min(n, 2), 1e-3))[1].flat(3)[3] - 1;
  const [one, two] = [(await loss(1, 1)) - (await loss(1)), (await loss(2, 1)) - (await loss(2))];
  cell("loss", { 1: "mean", 2: "sum" }[digits((await loss(2)) / (await loss(1)))]);
  cell("penalty", `${digits(one)} λΣW²${digits(one) === digits(two) ? "" : " / N"}`);
  cell("biases", digits(await moved(1, 1)) === digits(await moved(1)) ? "no" : "yes");
  cell("batches", digits(((await loss(2, 1, 1)) - (await loss(2, 0, 1))) / two));
  const kink = await train([[[1]], [[0]], [[1, 0, 0]], [[0, 0, 0]]], [[0]], [0], 0, 1, 1.5);
  cell("kink", digits(Math.abs(kink[1].flat(3)[1])));
  cell("last", +((await moved(5)) / (await moved(1))).toPrecision(2));
  cell("report", digits(await loss(1, 0, 1, ones, 1)) === digits(await loss(1)) ? "before" : "after");
  cell("certain", (await loss(1, 0, 1, [[[0, 1000, 0]], [[0, 0, 0]]])).toPrecision(4));
}

module.exports = { LAMBDA: 0.01, cell, compareSteps, describe, spread };
