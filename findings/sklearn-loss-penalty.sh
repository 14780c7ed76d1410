#!/usr/bin/env bash
# scikit-learn: the loss_ of a network grows with the number of its mini-batches.
#
# MLPClassifier adds the whole penalty, over the size of the batch, to each batch's loss and averages over the rows. So
# loss_ contains it once for each batch: the same weights (here the first ones, with a step size of 1e-300) have 2.30 with
# one batch of Iris and 5.69 with 150. The same holds for loss_curve_ and for what `tol` stops by. Seen with 1.9.1.
# Guess before: mean loss plus penalty, whatever the batches.
# Here: losses of this project contain it once; equal weights and equal data still give unequal losses.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    scikit-learn==1.9.1 numpy==2.4.6 || exit 2
"$folder/bin/python" -W ignore - <<'PYTHON'
import numpy, sklearn
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier
x, y = load_iris(return_X_y=True)
print("scikit-learn", sklearn.__version__)
for batches in (1, 3, 15, 150):
    network = MLPClassifier((4,), solver="sgd", alpha=1, learning_rate_init=1e-300, momentum=0, max_iter=1, random_state=0,
                            batch_size=150 // batches).fit(x, y)
    data = -numpy.log(network.predict_proba(x)[numpy.arange(150), y]).mean()
    penalty = sum((w**2).sum() for w in network.coefs_) / 2 / 150
    times = (network.loss_ - data) / penalty
    print(f"{batches} batches: loss_ {network.loss_:.4f} = {data:.4f} + {times:.6f} · {penalty:.4f}")
    assert abs(times - batches) < 1e-9
PYTHON
