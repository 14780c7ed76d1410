"""What the Python scripts share: this project's numbers, and the lines that are printed."""

import os

import numpy as np

LAMBDA = 0.01


def compare(loss_and_gradient):
    """The largest difference from this project's loss and gradient."""
    for problem in ("prob1b", "prob2a", "prob2b"):
        numbers = {"parameter": [], "gradient": []}
        for line in open(f"{os.environ['NUMBERS']}/{problem}.txt"):
            kind, rows, columns, *values = line.split()
            numbers.setdefault(kind, []).append(np.array(values, float).reshape(int(rows), int(columns)))
        [x], [y], [ours], start = numbers["x"], numbers["y"], numbers["loss"], numbers["parameter"]
        loss, gradient = loss_and_gradient(start, x, y[:, 0].astype(int))
        pairs = [*zip(numbers["gradient"], gradient, strict=True), (ours, loss)]
        print("difference", problem, max(np.abs(a - np.reshape(b, a.shape)).max() for a, b in pairs), sep="\t")


def compare_steps(train, penalty):
    """Compares a step of size 1 on the full batch of n rows, by a library that is given penalty(n)."""

    def loss_and_gradient(start, x, y):
        loss, after = train(start, x, y, penalty(len(x)), len(x), 1.0)
        return loss, [w - v.reshape(w.shape) for w, v in zip(start, after, strict=True)]

    compare(loss_and_gradient)


def cell(row, text):
    print("cell", row, text, sep="\t")


def spread(weights, biases):
    """How the first weights of a layer spread."""
    rows, columns = weights.shape
    name = "uniform" if np.abs(weights).max() < 1.8 * weights.std() else "normal"
    variances = {"1/in": 1 / rows, "2/in": 2 / rows, "1/(3 in)": 1 / (3 * rows), "2/(in + out)": 2 / (rows + columns)}
    variance = min(variances, key=lambda key: abs(variances[key] - weights.var()))
    cell("first", f"{name}, variance {variance}; {'biases too' if biases.any() else 'biases 0'}")


def deviation(square):
    cell("deviation", {1: "N", 2: "N − 1"}[round(float(square), 6)])


def describe(train):
    """Prints what an epoch shows. train(start, x, y, penalty, batch, size) gives the reported loss and the parameters after it."""
    ones = [np.array([[1.0, 0.0, 0.0]]), np.ones((1, 3))]

    def loss(n, penalty=0.0, batch=None, start=ones, size=1e-9):
        return train(start, np.ones((n, 1)), np.zeros(n, int), penalty, batch or n, size)[0]

    def moved(n, penalty=0.0):
        return train(ones, np.ones((n, 1)), np.zeros(n, int), penalty, min(n, 2), 1e-3)[1][1].flat[0] - 1

    one, two = (loss(n, 1.0) - loss(n) for n in (1, 2))
    cell("loss", {1: "mean", 2: "sum"}[round(loss(2) / loss(1), 6)])
    cell("penalty", f"{one:.3g} λΣW²" + ("" if abs(one - two) < 1e-6 else " / N"))
    cell("biases", "no" if moved(1, 1.0) == moved(1) else "yes")
    cell("batches", f"{(loss(2, 1.0, 1) - loss(2, 0.0, 1)) / two:.3g}")
    kink = [np.ones((1, 1)), np.zeros((1, 1)), np.array([[1.0, 0, 0]]), np.zeros((1, 3))]
    cell("kink", f"{abs(train(kink, np.zeros((1, 1)), np.zeros(1, int), 0.0, 1, 1.5)[1][1].flat[0]):.3g}")
    cell("last", f"{moved(5) / moved(1):.2g}")
    cell("report", "before" if abs(loss(1, size=1.0) - loss(1)) < 1e-6 else "after")
    cell("certain", f"{loss(1, start=[np.array([[0.0, 1000, 0]]), np.zeros((1, 3))]):.4g}")
