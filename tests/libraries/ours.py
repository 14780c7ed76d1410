"""This project: what its programs do, seen from their files."""

import os
import subprocess

import numpy as np
from saved import cell, deviation, spread

print("library", "here", sep="\t")
REPOSITORY, PROGRAMS, NUMBERS = (os.environ[name] for name in ("REPOSITORY", "PROGRAMS", "NUMBERS"))
os.makedirs(NUMBERS, exist_ok=True)
os.chdir(NUMBERS)


def run(program, data, *flags, size=1e-300, epochs=1, bias=0):
    """The losses of a run, and the lines of its saved parameters as a function of their names."""
    if not isinstance(data, str):
        rows = [",".join(map(str, row)) + "\n" for row in data]
        data = "data.csv"
        open(data, "w").writelines(rows)
    command = [f"{PROGRAMS}/{program}", "--data", data, "--quiet", "--save", "w.txt", "--step-size", size, "--epochs", epochs]
    command += flags if "--load" in flags else ["--bias", bias, *flags]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    saved = [line.split(" ", 1) for line in open("w.txt").read().splitlines()]
    losses = np.loadtxt(f"out/{program}/history.csv", delimiter=",", skiprows=1)
    losses = losses[:, 1] + losses[:, 2]  # J: the penalty and the data loss
    return losses, lambda name: [value for key, value in saved if key == name]


def matrix(rows):
    return np.array([row.split() for row in rows], float)


def write_numbers(problem, data, names, *flags):
    """Writes the data, the loss, and each parameter with its gradient, W − W′ of a step of size 1, for the other scripts."""
    _, start = run(problem, data, "--reg", 0.01, *flags, size=0.01, bias=0.1)
    losses, step = run(problem, data, "--reg", 0.01, "--load", "w.txt", *flags, size=1)
    rows = np.loadtxt(data, delimiter=",")
    numbers = [("x", rows[:, :-1]), ("y", rows[:, -1:]), ("loss", losses[:1, None])]
    for before, after in ((matrix(start(name)), matrix(step(name))) for name in names.split()):
        numbers += [("parameter", before), ("gradient", before - after)]
    with open(f"{problem}.txt", "w") as file:
        for kind, values in numbers:
            print(kind, *values.shape, *map(repr, values.ravel().tolist()), file=file)


flowers = ["--batch", 110, "--no-comparisons", "--validation", f"{REPOSITORY}/data/iris_test.dat"]
write_numbers("prob1b", f"{REPOSITORY}/data/spiral_train.dat", "W b")
write_numbers("prob2a", f"{REPOSITORY}/data/iris_train.dat", "W1 b1 W2 b2", *flowers)
write_numbers("prob2b", f"{REPOSITORY}/data/iris_train.dat", "W1 b1 W2 b2 W3 b3", *flowers)

xor = [[0, 0, 0], [1, 0, 1], [0, 1, 1], [1, 1, 0]]
(j, w), (doubled, _) = (run("prob1a", xor * n, "--init", 1, bias=1) for n in (1, 2))
cell("loss", "mean" if j[0] == doubled[0] else "sum")
cell("precision", "float64" if (matrix(w("W")) != np.float32(matrix(w("W")))).all() else "float32")
one, two = (run("prob1a", xor * n, "--init", 1, "--reg", 1, bias=1)[0][0] - j[0] for n in (1, 2))
factor = one / (matrix(w("W")) ** 2).sum()
cell("penalty", f"{factor:.3g} λΣW²" + ("" if one == two else " / N"))
cell("biases", "no" if abs(factor - 0.5) < 1e-9 else "yes")
j, w = run("prob1a", xor, "--reg", 1, size=1.0, epochs=99)
cell("report", "before and after" if j.size == 100 and j[1] < j[0] else "?")

# Without inputs and biases only the penalty moves W: by half in a step of ½ at λ = 1.
still = [[0, 0, 0, 0, n % 3] for n in range(5)]
flags = ["--reg", 1, "--validation", "data.csv", "--no-comparisons", "--batch"]
(two, w), (five, _) = (run("prob2a", still, *flags, batch) for batch in (2, 5))
cell("batches", f"{(two[0] - np.log(3)) / (five[0] - np.log(3)):.3g}")
spread(matrix(w("W1")), matrix(w("b1")))
once, twice = (run("prob2a", still, *flags, 2, size=0.5, epochs=epochs)[1] for epochs in (1, 2))
cell("last", f"{np.log2(matrix(once('W1')) / matrix(twice('W1'))).mean():.2g}")
cell("kink", f"{np.abs(matrix(once('b1'))).max():g}")

named, numbered = (run("prob1a", [[0, 0, a], [2, 2, b]], "--standardize")[1] for a, b in ("bB", (10, 9)))
cell("classes", "; ".join(" ".join(saved("class")).replace("class ", "") for saved in (named, numbered)))
deviation(matrix(numbered("deviation"))[0, 0] ** 2)
files = [open(f"{REPOSITORY}/data/iris_{part}.dat") for part in ("train", "test")]
flowers = [files[4 * n % 15 < 4].readline().strip() for n in range(1, 151)]
cell("iris", "; ".join(flowers[n - 1].removesuffix(",0") for n in (35, 38)))

j, w = run("prob1a", [[1, 0, 0], [0, 0, 1]], "--init", 1, size=5e-324)  # equal scores at (0, 0)
command = [f"{PROGRAMS}/prob1a", "--load", "w.txt", "--predict", "-"]
cell("ties", subprocess.run(command, input="0,0", capture_output=True, text=True).stdout.split()[1][0])
difference = matrix(w("W"))[0] @ [1, -1]
x = 1000 / abs(difference)
wrong = int(difference > 0)
far = run("prob1a", [[x, 0, wrong], [-x, 0, 1 - wrong]], "--init", 1, size=5e-324)[0]
cell("certain", f"{far[0]:.4g}")
