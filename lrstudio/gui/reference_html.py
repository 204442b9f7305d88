"""A page of the reference as rich text with pictures of its formulas."""

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from lrstudio.core import formula
from lrstudio.core.reference import FrameworkRow, Page, ParameterRow
from lrstudio.storage import typesetting
from lrstudio.storage.typesetting import Picture

_FORMULA_SIZE = 1.5  # of the text's
_AFTER_TABLE = '<p style="margin: 0; line-height: 40%">&nbsp;</p>'
"""Qt gives a title no margin when it stands right below a table."""
_PRINTED = (
    (re.compile(r'"([^"]*)"'), r"“\1”"),
    (re.compile(r"(?<![\w`])-(?=\d)"), "−"),
    (re.compile(r"(?<=\w) ([=<≤>≥]) (?=\S)"), "\u00a0\\1\u00a0"),
)


class Look(NamedTuple):
    """Colours, and the measures of the text that the pictures stand in, in pixels."""

    text: str
    muted: str
    border: str
    size: float
    ascent: float
    descent: float
    formula_families: str
    """Fonts for formulas that could not be typeset, as CSS names them."""


class Written(NamedTuple):
    """Rich text, and the pictures that it names `picture:0`, `picture:1`, ..."""

    html: str
    pictures: tuple[Picture, ...]


def written(page: Page, look: Look) -> Written:
    """Write a page; everything that comes from a docstring is escaped."""
    writer = _Writer(look)
    parts = [
        f"<h1>{_escaped(page.title)}</h1>",
        f'<p class="summary">{_text(page.summary)}</p>',
        writer.formula(page.formula),
        writer.symbols(page),
        _facts(page.facts),
        _prose(page.notes_title, page.notes),
        _frameworks(page.frameworks),
        _prose("When it is used", (page.use,)),
        _prose("Source", (page.source,)),
        _papers(page.papers),
    ]
    return Written("".join(parts), tuple(writer.pictures))


BREAK = "\u200b"
"""Where a name may break; it is not copied."""


def style(look: Look) -> str:
    """The style sheet of all pages."""
    return f"""
        h1 {{ font-size: 18pt; font-weight: 600; margin: 0 0 4px 0; }}
        h2 {{ font-size: medium; font-weight: 600; color: {look.text}; margin: 24px 0 6px 0; }}
        p {{ margin: 0 0 8px 0; line-height: 135%; }}
        p.summary {{ color: {look.muted}; margin-bottom: 14px; }}
        p.formula {{ margin: 0; line-height: 100%; }}
        td, th {{ padding: 5px 12px 5px 0; border-bottom: 1px solid {look.border}; }}
        th {{ color: {look.muted}; font-weight: 400; text-align: left; }}
        .quiet {{ color: {look.muted}; }}
        code, pre {{ font-family: monospace; }}
    """


class _Writer:
    """Writes what holds pictures, and keeps them."""

    def __init__(self, look: Look) -> None:
        self.pictures: list[Picture] = []
        self._look = look

    def formula(self, text: str) -> str:
        """The formula as a picture; lines that could not be read stand as they were written."""
        look, parts = self._look, []
        try:
            for is_plain, lines in groupby(formula.read(text), _is_plain):
                if is_plain:
                    parts.append(self._plain("\n".join(line.cells[0].text for line in lines)))
                    continue
                picture = typesetting.formula_picture(
                    tuple(lines), _FORMULA_SIZE * look.size, look.text, look.muted
                )
                parts.append(f'<p class="formula">{self._image(picture)}</p>')
        except Exception:  # noqa: BLE001 - whatever a library stumbles over, the text is there
            return self._plain(text)
        return "".join(parts)

    def _plain(self, text: str) -> str:
        families = html.escape(self._look.formula_families, quote=False)
        return f'<pre style="font-family: {families}">{_escaped(text)}</pre>'

    def symbols(self, page: Page) -> str:
        """The tables of parameters and of the other letters."""
        return (
            self._parameters("Symbols", page.parameters)
            + self._letters("" if page.parameters else "Symbols", page.letters)
            + self._parameters("Warm-up, before any schedule", page.warmup)
        )

    def _parameters(self, title: str, rows: Sequence[ParameterRow]) -> str:
        if not rows:
            return ""
        lines = [("", "Name", "Default", "Allowed", "Meaning")]
        for row in rows:
            written = f'<span class="quiet"><code>{_breakable(row.name)}</code></span>'
            name = f"{_escaped(row.label)}<br>{written}"
            symbol = self._symbol(row.symbol)
            values = (_in_words(text, row.left_open) for text in (row.default, row.allowed))
            lines.append((symbol, name, *values, _text(row.help)))
        return _title(title) + _table(lines, (5, 22, 12, 17, 44), has_header=True)

    def _letters(self, title: str, rows: Sequence[tuple[str, str]]) -> str:
        if not rows:
            return ""
        lines = [(self._symbol(letter), _text(meaning)) for letter, meaning in rows]
        return _title(title) + _table(lines, (5, 95), align="bottom")

    def _symbol(self, text: str) -> str:
        """A symbol on the baseline of the words beside it."""
        if not text:
            return ""
        look = self._look
        try:
            tree = formula.parse(text)
            picture = typesetting.symbol_picture(
                tree, 1.25 * look.size, look.text, look.ascent, look.descent
            )
        except Exception:  # noqa: BLE001 - as for a formula
            return f"<i>{_escaped(text)}</i>"
        return self._image(picture)

    def _image(self, picture: Picture) -> str:
        self.pictures.append(picture)
        size = f'width="{picture.width:.0f}" height="{picture.height:.0f}"'
        return f'<img src="picture:{len(self.pictures) - 1}" {size}>'


def _is_plain(line: formula.Line) -> bool:
    return line.cells[0].part == "plain"


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    if not rows:
        return ""
    lines = [(f'<span class="quiet">{_escaped(name)}</span>', _text(says)) for name, says in rows]
    return _title("What is known") + _table(lines, (17, 83))


def _frameworks(rows: Sequence[FrameworkRow]) -> str:
    if not rows:
        return ""
    lines = [("Framework", "Call", "Defaults")]
    for row in rows:
        call = f"<code>{_breakable(row.call)}</code>"
        note = f'<br><span class="quiet">{_text(row.notes)}</span>' if row.notes else ""
        lines.append((_escaped(row.framework), call, _text(row.defaults) + note))
    title = _title("In the frameworks")
    return title + _table(lines, (16, 36, 48), has_header=True) + _AFTER_TABLE


def _breakable(call: str) -> str:
    """A name that may break after its dots and underscores, where the column is narrow."""
    return re.sub(r"(?<=[A-Za-z])([._])(?=[A-Za-z])", f"\\1{BREAK}", _escaped(call))


def _prose(title: str, paragraphs: Iterable[str]) -> str:
    texts = "".join(f"<p>{_text(paragraph)}</p>" for paragraph in paragraphs if paragraph)
    return _title(title) + texts if texts else ""


def _papers(papers: Iterable[str]) -> str:
    return "".join(
        f'<p>arXiv:{paper}&nbsp;&nbsp; <a href="copy:{paper}">Copy address</a>&nbsp;&nbsp; '
        f'<a href="open:{paper}">Open in the browser</a></p>'
        for paper in papers
    )


def _table(
    lines: Sequence[Sequence[str]],
    percents: Sequence[int],
    has_header: bool = False,
    align: str = "top",
) -> str:
    rows = []
    for number, line in enumerate(lines):
        tag = "th" if has_header and number == 0 else "td"
        cells = (
            f'<{tag} width="{percent}%" valign="{align}">{cell}</{tag}>'
            for cell, percent in zip(line, percents, strict=True)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table cellspacing="0" width="99%">{"".join(rows)}</table>'


def _title(text: str) -> str:
    return f"<h2>{_escaped(text)}</h2>" if text else ""


def _text(text: str) -> str:
    """Escaped; `code` in its own type, quotes, minus and equality as a printer sets them."""
    return "".join(
        f"<code>{_escaped(part)}</code>" if is_code else _escaped(_printed(part))
        for part, is_code in zip(text.split("`"), itertools.cycle((False, True)), strict=False)
    )


def _printed(text: str) -> str:
    for plain, printed in _PRINTED:
        text = plain.sub(printed, text)
    return text


def _in_words(value: str, left_open: str) -> str:
    """What a file calls null in its own words; a bound stays with its sign."""
    words = re.sub("([<>≤≥]) ", "\\1\u00a0", value.replace("null", left_open))
    return _breakable(words)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
