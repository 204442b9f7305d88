"""What went wrong with a file, as one sentence for the person in front of the screen."""

import errno
from pathlib import Path

# name of the errno (not every system knows each) -> what is wrong, what to do
_REASONS = {
    "ENOSPC": ("the disk is full", "free some space or choose another folder"),
    "EDQUOT": ("your share of the disk is used up", "free some space or choose another folder"),
    "EFBIG": ("the file is larger than this disk allows", "choose another folder or less data"),
    "EROFS": ("the disk is read-only", "choose another folder"),
    "EACCES": ("permission is denied", "choose another folder or ask for access"),
    "EPERM": ("permission is denied", "choose another folder or ask for access"),
    "ENAMETOOLONG": ("the name is too long", "choose a shorter one"),
    "EISDIR": ("this is a folder", "choose a file name"),
    "ENOTDIR": ("a part of the path is a file, not a folder", "check the path"),
    "ENOENT": ("it does not exist", "check the path"),
    "EEXIST": ("a file of this name is in the way", "choose another name"),
    "EINVAL": ("the name is not allowed here", "choose another one"),
    "ELOOP": ("links point at each other in a circle", "check the path"),
    "EIO": ("the disk reports a fault", "save to another one now"),
    "EBUSY": ("another program is using it", "close it there and try again"),
    "ETXTBSY": ("another program is using it", "close it there and try again"),
    "EMFILE": ("too many files are open", "close some windows and try again"),
}


class StorageError(Exception):
    """A file could not be read or written; the message is one readable sentence."""


def explained(attempt: str, path: str | Path, error: OSError) -> StorageError:
    """The error of the operating system as a sentence: `attempt` is "save", "open", ..."""
    name = errno.errorcode.get(error.errno or 0, "")
    if getattr(error, "winerror", None) == _SHARING_VIOLATION:
        name = "EBUSY"
    unknown = (error.strerror or type(error).__name__, "try again or choose another folder")
    return refused(attempt, path, *_REASONS.get(name, unknown))


_SHARING_VIOLATION = 32  # Windows says EACCES for it, but the cause is another program


def refused(attempt: str, path: str | Path, reason: str, advice: str) -> StorageError:
    """The error that reads `Cannot <attempt> <path>: <reason>; <advice>`, with its full stop."""
    return StorageError(f"Cannot {attempt} {shown_path(path)}: {reason}; {advice}.")


def shown_path(path: str | Path) -> str:
    """The path as text that any terminal can print, shortened in the middle where it is endless."""
    text = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) or "''"
    return text if len(text) <= _LONGEST else f"{text[:100]}…{text[-100:]}"


_LONGEST = 240
