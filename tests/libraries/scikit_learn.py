"""scikit-learn's MLPClassifier."""

import warnings

import numpy as np
import sklearn
from saved import LAMBDA, cell, compare_steps, describe, deviation, spread
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelEncoder, StandardScaler

warnings.simplefilter("ignore")
print("library", f"scikit-learn {sklearn.__version__}", sep="\t")


def network(start, x, y, alpha, batch, size):
    hidden = [b.size for b in start[1:-1:2]]
    net = MLPClassifier(hidden, solver="sgd", alpha=alpha, learning_rate_init=size, momentum=0.0, batch_size=batch, shuffle=False)
    net.partial_fit(x[:1], y[:1], classes=np.arange(start[-1].size))  # makes the arrays
    for array, values in zip([*net.coefs_, *net.intercepts_], [*start[::2], *start[1::2]], strict=True):
        array[:] = values.reshape(array.shape)
    return net.partial_fit(x, y)


def train(*arguments):
    net = network(*arguments)
    return net.loss_, [array for layer in zip(net.coefs_, net.intercepts_, strict=True) for array in layer]


compare_steps(train, lambda n: LAMBDA * n)  # its penalty is divided by the batch
describe(train)
fresh = MLPClassifier([300], max_iter=1).fit(np.random.rand(5, 100), [0, 1, 2, 0, 1])
spread(fresh.coefs_[0], fresh.intercepts_[0])
cell("classes", "; ".join(" ".join(LabelEncoder().fit(names).classes_) for names in (["b", "B"], ["10", "9"])))
deviation(StandardScaler().fit([[0], [2]]).scale_[0] ** 2)
cell("iris", "; ".join(",".join(map(str, load_iris().data[n - 1])) for n in (35, 38)))
nothing = [np.zeros((1, 3)), np.zeros((1, 3))]
cell("ties", network(nothing, np.ones((1, 1)), np.zeros(1, int), 0.0, 1, 1e-99).predict([[0.0]])[0])
cell("precision", fresh.coefs_[0].dtype)
