"""LR Studio: race optimizers and learning-rate schedules, and see why one wins.

The packages build on each other in this order and never the other way round:
`lrstudio.core` (what an optimizer, a schedule, a problem is), `lrstudio.engine` (how an
experiment becomes numbers), `lrstudio.storage` (files), `lrstudio.gui` (the window).
`lrstudio.cli` is the same engine without a window.
"""

__version__ = "0.1.0"
