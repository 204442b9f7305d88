"""What stands below the help of each command: how it is used, and what it gives back."""

EXAMPLES = """\b
Examples:
  lrstudio                          open the window
  lrstudio race.lrx                 open the window with an experiment
  lrstudio run                      race the default experiment into ./results
  lrstudio run race.lrx --steps 2000 --format csv,png
  lrstudio run --set problem=beale --set contenders.0.optimizer.lr=0.05
  lrstudio list optimizers          what there is to race
  lrstudio show adam                formula, parameters, bounds, source
  lrstudio code race.lrx --framework torch         the contenders as programs
  lrstudio new --out race.lrx       an experiment to start from

Results and lists go to stdout, with tabs when it is no terminal; progress, messages and errors go
to stderr.

Exit codes: 0 done, 1 a failure, 2 wrong usage, 130 stopped with Ctrl+C.
"""

RUN_EXAMPLES = """\b
Examples:
  lrstudio run race.lrx --out monday --format csv,svg,pdf
  lrstudio run race.lrx --format svg --x-axis evaluations --dark
  lrstudio run --set contenders.0.optimizer.lr=0.05 --set tolerance=1e-8
  lrstudio run --set problem=rastrigin --set problem.dim=10
  lrstudio run --set problem=perceptron --set problem.data=two_gaussians \\
               --set problem.data.examples=200
  lrstudio run --set contenders.1.optimizer=rmsprop
  lrstudio run --set contenders.1.schedule=cosine \\
               --set contenders.1.schedule.warmup.steps=50
  lrstudio run --set problem=softmax_regression --set epochs=20 \\
               --set "contenders.0.schedule.warmup.steps=2 epochs"
  lrstudio run --set noise=0.1 --seed 1 --seed 2 --seed 3
  lrstudio run --set disturbances.0=circle_drift \\
               --set disturbances.0.period=100
  lrstudio run race.lrx --format none | cut -f 1,4    names and best losses

Another optimizer, schedule or problem starts from its defaults; values for it may stand anywhere
on the line. A disturbance or a modifier is added at the place behind the last one. Start points do
not move to another problem, which begins at its own. What counts steps
may be given in epochs, where the problem has examples; epochs make the steps of the run follow.

Ctrl+C stops the race: what was computed until then is shown and written.

Exit codes: 0 done, also if runs diverge; 1 a file cannot be read or written; 2 wrong usage, also
a path or a value that does not fit; 130 stopped with Ctrl+C.
"""

LIST_EXAMPLES = """\b
Examples:
  lrstudio list optimizers --family adam
  lrstudio list schedules --search "cosine warm"
  lrstudio list --search momentum   in all kinds
  lrstudio list problems --trait convex --trait scalable
"""

CODE_EXAMPLES = """\b
Examples:
  lrstudio code race.lrx --framework torch
  lrstudio code race.lrx -f keras --contender Momentum
  lrstudio code -f optax --contender 1 --set contenders.1.schedule=cosine
  lrstudio code race.lrx -f torch --contender 0 --out train.py
  lrstudio code race.lrx | python -    run it at once

Each program is complete: a small problem that stands in for yours, the optimizer, the schedule over
the experiment's steps, the loop. Arguments that have the framework's default are left out. What the
framework has not is said in a comment; where it has no such rule, all there is is that comment.

Exit codes: 0 done; 1 a file cannot be read or written; 2 wrong usage.
"""

NEW_EXAMPLES = """\b
Examples:
  lrstudio new --out race.lrx
  lrstudio new schedules            the example of this name, as schedules.lrx
  lrstudio new --data iris.csv --target species
  lrstudio new --data iris.csv --features "petal length,petal width"
  lrstudio new --data measured.csv --decimal comma --missing drop --out my.lrx

What is recognised of a table (encoding, separator, decimal mark, header) is said; a line that
cannot be read is named. At most 50 MB, 1,000,000 rows and 1,000 columns.
"""
