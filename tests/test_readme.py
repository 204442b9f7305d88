"""What the README shows works as shown."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

USE_POWER_SIGN = """
from lrstudio.core import OPTIMIZERS, describe, parameters
from lrstudio.engine import experiment_from, replay
rule = OPTIMIZERS["power_sign"]
assert describe(rule).title == "PowerSign"
assert parameters(rule)[0].label == "Learning rate"
end = replay(rule(lr=0.5), [[3.0, -2.0]], [0.0, 0.0])[1]
assert abs(end[0] + 0.5 * 3.0 * 2.718281828459045) < 1e-12
entry = {"name": "a", "optimizer": {"rule": "power_sign", "lr": 0.1}}
experiment_from({"problem": {"function": "sphere"}, "contenders": [entry]})
"""


_REPLAY = "from lrstudio.engine import replay\n"


def block(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return next(b for b in blocks if containing in b)


def test_the_experiment_file_of_the_readme_opens():
    from lrstudio.storage import experiments

    experiment = experiments.decode(block("json", "lrstudio-experiment").encode())

    assert [c.name for c in experiment.contenders] == ["Adam"]
    assert experiment.contenders[0].schedule.warmup.steps == 50


def test_the_python_example_of_the_readme_runs():
    done = python(block("python", "trajectory = run(race)"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Adam ")


def test_a_model_learns_as_the_readme_says():
    race, model = block("python", "trajectory = run(race)"), block("python", "learning = run(")
    done = python(f"{race}{model}assert learning.measures.shape == (6, 6, 4)")

    assert done.returncode == 0, done.stderr


def test_what_a_framework_calls_it_is_understood_as_the_readme_says():
    done = python("import numpy as np\n" + _REPLAY + block("python", "one_cycle"))

    assert done.returncode == 0, done.stderr


def test_the_optimizer_of_the_readme_needs_nothing_but_its_module(tmp_path):
    for part in ("core", "engine"):
        shutil.copytree(ROOT / "lrstudio" / part, tmp_path / "lrstudio" / part)
    shutil.copy(ROOT / "lrstudio" / "resources.py", tmp_path / "lrstudio")
    module = tmp_path / "lrstudio" / "core" / "optimizers" / "power_sign.py"
    module.write_text(block("python", "class PowerSign"), encoding="utf-8")
    (tmp_path / "lrstudio" / "__init__.py").touch()

    done = python(USE_POWER_SIGN, PYTHONPATH=str(tmp_path))

    assert done.returncode == 0, done.stderr


def python(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        cwd=variables.get("PYTHONPATH"),
    )
