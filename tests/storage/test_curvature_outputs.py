"""The curvature in files: in the experiment, the table and the picture."""

import csv
import io

import numpy as np
import pytest

from lrstudio.core import OPTIMIZERS, PROBLEMS
from lrstudio.engine import CURVATURE, Contender, Experiment, run
from lrstudio.storage import experiments
from lrstudio.storage.figure import Line
from lrstudio.storage.series_figure import series_figure
from lrstudio.storage.tables import csv_blocks
from lrstudio.storage.view import View

RATE = 0.002
EXPERIMENT = Experiment(
    problem=PROBLEMS["rosenbrock"](),
    contenders=(Contender(name="SGD", optimizer=OPTIMIZERS["sgd"](lr=RATE)),),
    steps=10,
    curvature_every=4,
)


def test_a_file_says_how_often_it_is_measured():
    data = experiments.encode(EXPERIMENT)
    assert b'"curvature_every": 4' in data
    assert experiments.decode(data) == EXPERIMENT


def test_a_table_has_it_at_the_steps_at_which_it_was_measured():
    trajectory = run(EXPERIMENT)
    text = b"".join(csv_blocks(trajectory)).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    found = {int(r["step"]): r["largest_curvature"] for r in rows if r["largest_curvature"]}
    assert list(found) == [0, 4, 8, 10]
    for step, value in found.items():
        hessian = EXPERIMENT.problem.hessian(tuple(trajectory.position[step, :, 0]))
        assert float(value) == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-6)


def test_a_picture_compares_it_with_two_over_the_rate():
    figure = series_figure(run(EXPERIMENT), CURVATURE, View(is_log=False))
    lines = [m for m in figure.marks if isinstance(m, Line)]
    assert [np.unique(line.points[:, 1]).tolist() for line in lines[:1]] == [[2 / RATE]]
    assert figure.y.low < 2 / RATE < figure.y.high
    assert "2/η" in figure.y.label
