"""From tokens to a tree; the notation is described in the package."""

from collections.abc import Sequence

from lrstudio.core.formula.tokens import Token, Unreadable, tokens
from lrstudio.core.formula.tree import (
    Accent,
    Call,
    Fraction,
    Gap,
    Group,
    Leaf,
    Node,
    Root,
    Row,
    Scripted,
)

RELATIONS = frozenset("=←→↦≤≥<>≈≠∝∼~∈≡≪≫")
SUMS = frozenset("+−-±∓")
SEPARATORS = frozenset(",;:")
_TIMES = frozenset("·×⊙∘∗⊗")
_BETWEEN = RELATIONS | SUMS | SEPARATORS
_BRACKETS = {"(": ")]", "[": "])", "{": "}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩", "|": "|", "‖": "‖"}
_CLOSING = frozenset("".join(_BRACKETS.values()))
_OPERATORS = {"Σ": "∑", "∑": "∑", "Π": "∏", "∏": "∏"}
LARGE = tuple(Leaf("mo", sign) for sign in ("∑", "∏"))
_SIGNS = {"∞": "mi", "…": "mo", "⊤": "mo", "∅": "mi"}
PREFIXES = frozenset("∇∂#")  # belong to the factor that stands tight behind them
_AFTER = frozenset("!′'%°*")
FUNCTIONS = frozenset(
    (
        *("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan"),
        *("exp", "log", "max", "min", "argmin", "argmax", "sign"),
    )
)
_WORD_GAP = Gap(0.28)
_COMMA_GAP = Gap(0.24)
_WIDE_GAP = Gap(1.2)


def parse(text: str) -> Row:
    """The tree of one expression, equation or remark; raises `Unreadable`."""
    return parse_tokens(tokens(text))


def parse_tokens(found: Sequence[Token]) -> Row:
    """The tree of tokens that belong together."""
    reader = _Reader(found)
    row = reader.row()
    if reader.rest:
        raise Unreadable(f"{reader.rest[0].text!r} closes what was not opened")
    return row


def is_plain_word(found: Sequence[Token], place: int) -> bool:
    """Whether a token is a word of a sentence, not the name of a function."""
    token = found[place]
    return token.kind == "word" and not _is_function(token, found[place + 1 : place + 2])


def _is_function(token: Token, following: Sequence[Token]) -> bool:
    is_before_bracket = bool(following) and following[0].text == "(" and not following[0].gap
    return token.text in FUNCTIONS or is_before_bracket


class _Reader:
    """Reads tokens from the left; `rest` is what it has not read."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.rest = list(found)

    def row(self, closing: str = "") -> Row:
        """Products with relations, sums and separators between them."""
        parts: list[Node] = []
        while self.rest and self.rest[0].text not in (closing or _CLOSING - {"|", "‖"}):
            if self.rest[0].text in _BETWEEN:
                parts.extend(self._between(parts[-1] if parts else None))
            else:
                parts.extend(self._product(closing))
        return Row(tuple(parts))

    def _between(self, before: Node | None) -> list[Node]:
        sign = self.rest.pop(0).text
        following = self.rest[0].gap if self.rest else 0
        if sign not in SEPARATORS:
            is_of_number = before is not None and _is_words(before) and sign in SUMS
            gap: list[Node] = [_WORD_GAP] if is_of_number and not following else []
            return [*gap, Leaf("mo", "−" if sign == "-" else sign)]
        return [Leaf("mtext", sign), _WIDE_GAP if following > 1 else _COMMA_GAP]

    def _product(self, closing: str) -> list[Node]:
        parts: list[Node] = []
        whole = tight = 0  # where the numerators of the two kinds of slash begin
        while self.rest and not self._is_over(closing):
            token = self.rest[0]
            if token.text in _TIMES:
                parts.append(Leaf("mo", self.rest.pop(0).text))
                whole = tight = len(parts)
            elif token.text == "/":
                begin = tight if self._is_tight_slash() else whole
                parts[begin:] = [self._fraction(parts[begin:])]
            else:
                tight = len(parts) if token.gap else tight
                parts.append(self._factor())
                if _is_words(parts[-1]):
                    whole = tight = len(parts)
        return _spaced(parts)

    def _is_over(self, closing: str) -> bool:
        text = self.rest[0].text
        return text in _BETWEEN or text in (closing or _CLOSING - {"|", "‖"})

    def _is_tight_slash(self) -> bool:
        gaps = [bool(token.gap) for token in self.rest[:2]]
        if len(gaps) < 2 or gaps[0] != gaps[1]:
            raise Unreadable("a slash has spaces on both sides, or on neither")
        return not gaps[0]

    def _fraction(self, numerator: list[Node]) -> Fraction:
        is_tight = self._is_tight_slash()
        if not numerator or isinstance(numerator[-1], Fraction):
            raise Unreadable("a slash needs one numerator before it")
        self.rest.pop(0)
        denominator = [self._factor()]
        while self._goes_on():
            if is_tight:
                raise Unreadable("what stands tight behind a denominator could belong to it")
            denominator.append(self._factor())
        return Fraction(Row(tuple(_spaced(numerator))), Row(tuple(_spaced(denominator))))

    def _goes_on(self) -> bool:
        """Whether another factor stands tight behind the last one."""
        if not self.rest or self.rest[0].gap:
            return False
        ends = _BETWEEN | _TIMES | _CLOSING | {"/"}
        return self.rest[0].text not in ends

    def _factor(self) -> Node:
        if not self.rest:
            raise Unreadable("it ends where a factor is expected")
        token = self.rest[0]
        if token.text == "√":
            self.rest.pop(0)
            return Root(_inside(self._factor()))
        if token.text in PREFIXES:
            return self._prefixed()
        if token.kind == "word" and _is_function(token, self.rest[1:2]):
            return self._function()
        return self._scripted(self._atom())

    def _prefixed(self) -> Node:
        prefix = self._scripted(Leaf("mo", self.rest.pop(0).text))
        return Row((prefix, self._factor())) if self._goes_on() else prefix

    def _function(self) -> Node:
        name = self._scripted(Leaf("mi", self.rest.pop(0).text))
        if self.rest and self.rest[0].text == "(" and not self.rest[0].gap:
            arguments = self._group()
            return self._scripted(Call(name, arguments))
        return name

    def _atom(self) -> Node:
        token = self.rest[0]
        if token.text in _BRACKETS:
            return self._group()
        if token.kind == "word":
            return self._words()
        self.rest.pop(0)
        if token.text in _OPERATORS:
            return Leaf("mo", _OPERATORS[token.text])
        match token.kind:
            case "number":
                return _number(token.text)
            case "fraction":
                above, _, below = token.text.partition("⁄")
                return Fraction(Row((Leaf("mn", above),)), Row((Leaf("mn", below),)))
            case "letter":
                return _letter(token.text)
        if token.text in _SIGNS:
            return Leaf(_SIGNS[token.text], token.text)
        raise Unreadable(f"{token.text!r} is not expected here")

    def _words(self) -> Leaf:
        """Words in a row, as one text."""
        words = [self.rest.pop(0).text]
        while self.rest and is_plain_word(self.rest, 0):
            words.append(self.rest.pop(0).text)
        return Leaf("mtext", " ".join(words))

    def _group(self) -> Group:
        opening = self.rest.pop(0).text
        content = self.row(_BRACKETS[opening])
        if not self.rest:
            raise Unreadable(f"{opening!r} is not closed")
        return Group(opening, content, self.rest.pop(0).text)

    def _scripted(self, base: Node) -> Node:
        scripts: dict[str, Row] = {}
        while self.rest and not self.rest[0].gap:
            place = {"_": "sub", "^": "super"}.get(self.rest[0].text, self.rest[0].kind)
            if self.rest[0].text in _AFTER:
                place, row = "super", Row((Leaf("mo", self.rest.pop(0).text),))
            elif _is_index(self.rest[0]) and _is_variable(base):
                place, row = "sub", Row((Leaf("mtext", self.rest.pop(0).text),))
            elif place in ("sub", "super"):
                row = self._script()
            else:
                break
            if place in scripts:
                raise Unreadable(f"there are two {place}scripts at one letter")
            scripts[place] = row
        return Scripted(base, scripts.get("sub"), scripts.get("super")) if scripts else base

    def _script(self) -> Row:
        token = self.rest.pop(0)
        if token.kind in ("sub", "super"):
            return parse(token.text)
        if not self.rest:
            raise Unreadable(f"nothing stands behind {token.text!r}")
        if self.rest[0].text in "({":
            return self._group().content
        parts: list[Node] = []
        if self.rest[0].text in SUMS:
            sign = self.rest.pop(0).text
            if not self.rest:
                raise Unreadable(f"nothing stands behind {sign!r}")
            parts.append(Leaf("mo", sign))
        is_prefixed = bool(self.rest) and self.rest[0].text in PREFIXES
        parts.append(self._factor() if is_prefixed else self._atom())
        return Row(tuple(parts))


def _letter(text: str) -> Node:
    base = Leaf("mi", text[0])
    if len(text) > 2:
        raise Unreadable(f"{text!r} has more than one mark")
    return Accent(base, text[1]) if text[1:] else base


def _number(text: str) -> Node:
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return Leaf("mn", text)
    sign = (Leaf("mo", "−"),) if exponent[0] in "−-" else ()
    power = Scripted(Leaf("mn", "10"), None, Row((*sign, Leaf("mn", exponent.lstrip("−-")))))
    return power if mantissa == "1" else Row((Leaf("mn", mantissa), Leaf("mo", "·"), power))


def _inside(node: Node) -> Row:
    """A factor without the round brackets that only held it together."""
    if isinstance(node, Group) and (node.opening, node.closing) == ("(", ")"):
        return node.content
    return node if isinstance(node, Row) else Row((node,))


def unwrapped(row: Row) -> Row:
    """A numerator or denominator without brackets around the whole of it."""
    return _inside(row.parts[0]) if len(row.parts) == 1 else row


def _is_words(node: Node) -> bool:
    return isinstance(node, Leaf) and node.tag == "mtext"


def _is_variable(node: Node) -> bool:
    return isinstance(node, Accent) or (isinstance(node, Leaf) and node.tag == "mi")


def _is_index(token: Token) -> bool:
    """Whether this is a subscript where it stands tight behind a variable: λmax, ρ∞."""
    return token.kind == "word" or token.text == "∞"


def _is_name(node: Node) -> bool:
    """Whether this is the name of a function, set upright and apart."""
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Leaf) and base.tag == "mi" and len(base.text) > 1


def _spaced(parts: Sequence[Node]) -> list[Node]:
    """Factors with the room that words and functions need around them."""
    spaced: list[Node] = []
    for before, part in zip([None, *parts], parts, strict=False):
        if before is not None:
            spaced.extend(_room(before, part))
        spaced.append(part)
    return spaced


def _room(before: Node, after: Node) -> list[Node]:
    if _is_words(before) or _is_words(after):
        return [_WORD_GAP]
    if Leaf("mo", "…") in (before, after):
        return [_WORD_GAP]
    if isinstance(before, Leaf) and before.tag == "mo":
        return []
    is_apart = isinstance(before, Fraction) and isinstance(after, Fraction)
    if _is_name(before) or _is_name(after) or isinstance(after, Call) or is_apart:
        return [Gap(0.17)]
    return []
