"""Formulas as docstrings write them, read so that they can be typeset.

The notation is what one would type into a plain-text message, and reads well as it is. Here it is
described for authors, once.

**Lines and columns.** Two or more spaces begin a new column; after a comma they only widen the
gap. A column holds an equation (the relation signs of a column are aligned), an expression, or a
remark in words. A first column `AMSGrad: v̂ = ...` is an equation with `AMSGrad` as its remark. A
line that begins with spaces goes on with the right side of the line above.

**Letters and words.** Single letters are variables, set in italics, and may carry a hat, bar or
tilde (`m̂`, `x̄`); tight letters are a product (`xy`). Three or more Latin letters are a word, and
so are the two-letter words of English and names as choices have them (`exp_range`, `triangular2`,
`1-sqrt`). `sin`, `exp`, `max` and their like, and any word that stands tight before a bracket, are
functions.

**Sub- and superscripts** are Unicode's own (`β₁ᵗ`, `xᵢ₊₁`, `g²`), or `v_t`, `γ^p`, and with
brackets that are not shown `γ^(k/T)`, `x_{t−1}`; a word or ∞ tight behind a Greek letter is a
subscript (`λmax`, `ρ∞`), a star a superscript (`f*`), and `yᵀ` is a transpose. `Σᵢ` and `Πᵢ` are
large operators, `∇f`, `∂x` and `#{...}` are one factor.

**Fractions.** A slash without spaces divides what stands tight before it by the one factor behind
it: `η g/√v`, `m/(1−β₁ᵗ)`. A slash with spaces divides the whole product before it, back to a `·`,
by what stands tight behind it: `η m̂ / (√v̂ + ε)`. Brackets around the whole of a numerator or
denominator are dropped. `½` and its like are fractions.

**Roots** reach over one factor: `√v + ε`, `√(v + ε)`. **Brackets** are `( ) [ ] { } ⌊ ⌋ ⌈ ⌉ ⟨ ⟩`
and `| ‖`; `min(k, T)` and `0, 1, …, N` are lists. Minus is `−`; between factors may stand `·`, `×`,
`⊙`.

What could be meant in two ways (`1/2x`, `a /b`) is refused rather than guessed: `Unreadable`. A
line that cannot be read is shown as it was written.
"""

from lrstudio.core.formula.lines import Cell, Formula, Line, letters, read
from lrstudio.core.formula.markup import mathml
from lrstudio.core.formula.parsing import parse
from lrstudio.core.formula.tokens import Unreadable

__all__ = ["Cell", "Formula", "Line", "Unreadable", "letters", "mathml", "parse", "read"]
