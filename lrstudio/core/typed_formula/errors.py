"""What is wrong with a formula, and where."""

_SHOWN = 24
"""Characters of the formula that a sentence shows around the mistake."""


class FormulaError(ValueError):
    """A text that is no formula: one sentence, and the characters that it is about."""

    def __init__(self, sentence: str, position: int, length: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.position = position
        """Number of the first character that is meant, from 0; the text's length at its end."""
        self.length = max(length, 1)

    def located(self, text: str) -> str:
        """The sentence with the place, for where nothing can be underlined."""
        if self.position >= len(text):
            return f"{self.sentence}, at the end"
        first = max(0, self.position - _SHOWN // 2)
        last = min(len(text), self.position + _SHOWN // 2)
        here = ascii(text[self.position])[1:-1]
        before, after = text[first : self.position], text[self.position + 1 : last]
        shown = ascii(before)[1:-1] + f"»{here}«" + ascii(after)[1:-1]
        dots = "…" if first else "", "…" if last < len(text) else ""
        return f"{self.sentence}, at character {self.position + 1}: {dots[0]}{shown}{dots[1]}"
