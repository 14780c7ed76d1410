#!/usr/bin/env bash
# pandas reads 0.3 from JSON as 0.30000000000000004, and writes 10 digits.
#
# read_json does not give the nearest double unless precise_float=True is said; read_csv does. Of 0.1, 0.2, … 9.9 it misses
# four. So 13 of the 150 flowers of vega_datasets, which is JSON, are not those of other Iris files: 1.7 becomes
# 1.7000000000000002. to_json turns 1/3 into 0.3333333333; to_csv writes all digits. Seen with pandas 3.1.1, vega_datasets 0.9.0.
# Guess before: 0.3 is read right by any reader, and JSON keeps what CSV keeps.
# Here: flowers written by `to_csv` from such a table train a network with other bits, and fingerprints do not agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check \
    pandas==3.1.1 numpy==2.4.6 vega_datasets==0.9.0 || exit 2
"$folder/bin/python" - <<'PYTHON'
import io, json, warnings
import pandas, vega_datasets
tenths = [i / 10 for i in range(1, 100)]
def read(values, **how):
    return pandas.read_json(io.StringIO(json.dumps(values)), typ="series", **how).tolist()
wrong = [(a, b) for a, b in zip(tenths, read(tenths)) if a != b]
flowers = vega_datasets.data.iris().select_dtypes("number")
other = int((flowers != flowers.round(1)).any(axis=1).sum())
print(f"pandas {pandas.__version__}: read_json turns", ", ".join(f"{a} into {b}" for a, b in wrong))
print(f"vega_datasets {vega_datasets.__version__}: {other} of {len(flowers)} flowers have more than one decimal")
third = pandas.DataFrame({"x": [1 / 3]})
print("1/3 is written", third.to_json(orient="values"), "and in CSV", third.to_csv(index=False, header=False).strip())
assert third.to_json(orient="values") == "[[0.3333333333]]" and third.to_csv(index=False, header=False) == f"{1 / 3}\n"
assert (0.3, 0.30000000000000004) in wrong and other == 13
assert read(tenths, precise_float=True) == tenths
PYTHON
