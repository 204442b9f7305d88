"""What is said, and where: data on stdout, everything about it on stderr.

Every terminal gets text that it can show. Where its encoding lacks a sign (a code page of Windows,
POSIX's ASCII) the sign is spelled out, so that `f − f* ≤ 1e-6` is still read as what it says.
"""

import codecs
import contextlib
import errno
import io
import os
import shutil
import sys
import unicodedata
from typing import TextIO

import click

from lrstudio.cli.layout import paragraph

NARROWEST, WIDEST_PROSE = 40, 100

_SPELLED = dict(
    pair.split(" ", 1)
    for pair in (
        *("− -", "– -", "— -", "· *", "× x", "… ...", "⁄ /", "√ sqrt ", "≤ <=", "≥ >=", "≈ ~"),
        *("≠ !=", "← <-", "→ ->", "∞ inf", "‖ ||", "∇ grad ", "’ '", "‘ '", '“ "', '” "'),
        *("⌊ floor(", "⌋ )", "⌈ ceil(", "⌉ )"),
        *("\u0302 ^", "\u0304 _"),  # the hat and the bar over a letter
    )
)
_ERROR = "Error: "
_LEGIBLE = "lrstudio-legible"


class OutputClosed(Exception):
    """Whoever read our output has seen enough of it."""


def prepare() -> None:
    """Let the streams spell out what their encoding lacks; called once, before anything is said."""
    codecs.register_error(_LEGIBLE, legible)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_LEGIBLE)


def legible(error: UnicodeError) -> tuple[str, int]:
    """Handler of encoding errors: signs and Greek letters as words, the rest as "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, end = error.object, error.end
    words = [_spelled(text[i], text[i + 1 : i + 2]) for i in range(error.start, end)]
    return "".join(words), end


def _spelled(character: str, following: str) -> str:
    name = unicodedata.name(character, "")
    if character in _SPELLED:
        return _SPELLED[character]
    if name.startswith("GREEK") and " LETTER " in name:
        letter = name.split()[3].lower().replace("lamda", "lambda")
        gap = " " if following.isalpha() and unicodedata.category(following) != "Lm" else ""
        return (letter.capitalize() if "CAPITAL" in name else letter) + gap
    plain = unicodedata.normalize("NFKD", character)
    if plain == character:
        is_sign = unicodedata.category(character)[0] in "SP"
        return f"[{name.lower()}]" if is_sign and name else "?"
    text = "".join(c if c.isascii() else _spelled(c, "") for c in plain)
    return f"^{text}" if "SUPERSCRIPT" in name or "MODIFIER" in name else text


def out(text: str = "") -> None:
    """One or more lines of data on stdout."""
    if sys.stdout is None:  # started without a console, or with stdout closed
        return
    try:
        # Given as it is, because click would take a stream of its own, with other errors.
        click.echo(text, file=sys.stdout, color=_is_colourful(sys.stdout))
    except OSError as error:
        _silence(sys.stdout)
        # Windows says EINVAL where a pipe has been closed.
        if error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL):
            raise OutputClosed from None
        raise click.ClickException(f"Cannot write the output: {error.strerror}.") from None


def tell(text: str = "") -> None:
    """A line about what is going on, on stderr; nobody listening is no reason to stop."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            click.echo(text, file=sys.stderr, color=_is_colourful(sys.stderr))


def complain(sentence: str) -> None:
    """An error, on stderr."""
    if is_terminal(sys.stderr):
        sentence = "\n".join(
            line
            for part in sentence.splitlines()
            for line in paragraph(part, width() - len(_ERROR))
        )
    tell(f"{click.style(_ERROR.rstrip(), fg='red', bold=True)} {sentence}")


def heading(text: str) -> str:
    """A line that stands out where the terminal can do that."""
    return click.style(text, bold=True)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is looking, not a file or a program reading."""
    return stream is not None and stream.isatty()


def width() -> int:
    """Columns of the terminal; 80 where there is none."""
    return max(NARROWEST, shutil.get_terminal_size().columns)


def prose_width() -> int:
    """Columns for text that is read, not scanned."""
    return min(width(), WIDEST_PROSE)


def printable(text: str) -> str:
    """A text out of a file on one line, without what a terminal would obey instead of showing."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_colourful(stream: TextIO) -> bool | None:
    """None leaves it to click, which looks whether the stream is a terminal."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return False if is_plain and stream.isatty() else None


def _silence(stream: TextIO) -> None:
    """Keep Python from writing the rest at its end, which would fail again and say so."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
