#!/usr/bin/env bash
# The derivative of max(x, 0) at 0 is 0, ½ or 1: by library, and by the order of the arguments.
#
# tfjs: maximum(x, 0) has 1, maximum(0, x) has 0. JAX, autograd, SymPy: ½ for both orders. With `where`, or relu, it is 0. Other
# spellings differ further: (x + |x|)/2 has 1 in JAX and ½ in autograd, clip ½ and 0, and |x| itself 1 in JAX, -1 in
# tfjs and 0 in autograd. Seen with JAX 0.10.2, autograd 1.9.1, SymPy 1.14.0, tfjs 4.22.0.
# Guess before: 0 in all but JAX, which halves ties; the order of the arguments of a maximum does not matter.
# Here: XOR has an input (0, 0), so with biases of 0 each hidden unit is at this point, and gradients are compared there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python" && "$folder/python/bin/pip" install -q --disable-pip-version-check \
    jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 autograd==1.9.1 sympy==1.14.0 || exit 2
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" @tensorflow/tfjs@4.22.0 || exit 2
cat > "$folder/relu.js" <<'JS'
console.warn = console.log = () => {};
const tf = require('@tensorflow/tfjs');
tf.setBackend('cpu').then(() => {
  const functions = [x => tf.maximum(x, 0), x => tf.maximum(0, x), tf.relu, tf.abs];
  const slopes = functions.map(f => tf.grad(f)(tf.scalar(0)).dataSync()[0]);
  process.stdout.write('tfjs ' + tf.version.tfjs + ': ' + slopes.join(' ') + '\n');
});
JS
cat > "$folder/relu.py" <<'PYTHON'
import autograd, autograd.numpy, jax, sympy
from importlib.metadata import version
for library, np in ((jax, jax.numpy), (autograd, autograd.numpy)):
    of = lambda f: float(library.grad(f)(0.0))
    print(f"{library.__name__} {version(library.__name__)}:", of(lambda x: np.maximum(x, 0.0)), of(lambda x: np.maximum(0.0, x)),
          of(lambda x: np.where(x > 0, x, 0.0)), of(np.abs), of(lambda x: (x + np.abs(x)) / 2), of(lambda x: np.clip(x, 0.0, 9.0)))
x = sympy.Symbol("x", real=True)
print(f"sympy {sympy.__version__}:", float(sympy.diff(sympy.Max(x, 0), x).subs(x, 0)))
PYTHON
echo "at 0: max(x, 0), max(0, x), relu or where, |x|, (x + |x|)/2, clip(x, 0, 9)"
seen=$(node "$folder/relu.js" && "$folder/python/bin/python" "$folder/relu.py")
echo "$seen"
[ "$seen" = "tfjs 4.22.0: 1 0 0 -1
jax 0.10.2: 0.5 0.5 0.0 1.0 1.0 0.5
autograd 1.9.1: 0.5 0.5 0.0 0.0 0.5 0.0
sympy 1.14.0: 0.5" ]
