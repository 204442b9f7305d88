"""Formulas that people type: read by a grammar of their own, computed with their derivatives.

    f(x, y) = x**2 + a*y**2 + sin(b*x)
    f(x) = sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)

`read` turns a text into a list of operations or says which character is wrong; nothing of the text
is ever handed to Python. `program` makes of it NumPy operations for the loss and for its gradient,
which a tape can record like those of any other problem.
"""

from lrstudio.core.typed_formula.errors import FormulaError
from lrstudio.core.typed_formula.functions import FUNCTIONS, RESERVED
from lrstudio.core.typed_formula.program import Program, program
from lrstudio.core.typed_formula.reading import Formula, read
from lrstudio.core.typed_formula.survey import Survey, survey

__all__ = [
    "FUNCTIONS",
    "RESERVED",
    "Formula",
    "FormulaError",
    "Program",
    "Survey",
    "program",
    "read",
    "survey",
]
