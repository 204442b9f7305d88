"""Where the files of `resources/` are: icons, examples, data; never code.

A wheel and a frozen program carry them inside the package, a checkout (and so an editable
install) keeps them beside it. The first of the two folders that exists is used.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


class ResourceMissing(FileNotFoundError):
    """A file that belongs to the program is not where it was installed."""


def path(*parts: str) -> Path:
    """Return the existing file or folder `resources/<parts>`.

    Raises `ResourceMissing` with the resource's name and the folders that were looked at.
    """
    for place in _PLACES:
        found = place.joinpath(*parts)
        if found.exists():
            return found
    places = " and ".join(str(place) for place in _PLACES)
    raise ResourceMissing(
        f"The resource {'/'.join(parts)!r} is missing; looked in {places}. "
        "The installation is incomplete: install LR Studio again."
    )
