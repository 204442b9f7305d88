"""The old file stays whole whatever happens, and every refusal is one sentence."""

import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrstudio.storage import saver
from lrstudio.storage.errors import StorageError, explained

REPOSITORY = Path(__file__).parents[2]
KILLS = 30
SIZE = 200_000


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def temporaries(folder: Path) -> list[Path]:
    return list(folder.glob(f"{saver.PREFIX}*{saver.SUFFIX}"))


def python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    start = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n"
    command = [sys.executable, "-I", "-S", "-c", start + code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_new_file_and_replaced_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    saver.save_bytes(file, b"first")
    assert file.read_bytes() == b"first"
    saver.save_stream(file, (b"one,", b"", b"two"))
    assert file.read_bytes() == b"one,two"
    assert names(tmp_path) == ["a.csv"]


def test_empty_file(tmp_path: Path) -> None:
    saver.save_stream(tmp_path / "empty", ())
    assert (tmp_path / "empty").read_bytes() == b""


SAVE_FOREVER = f"""
from lrstudio.storage.saver import save_bytes
n = 0
while True:
    save_bytes(sys.argv[1], b"ab"[n % 2 : n % 2 + 1] * {SIZE})
    n += 1
    if n == 1:
        print("saving", flush=True)
"""


def test_killed_in_the_middle_of_saving(tmp_path: Path) -> None:
    file = tmp_path / "experiment.lrx"
    chance = random.Random(7)
    left_behind = 0
    for _ in range(KILLS):
        process = python(SAVE_FOREVER, str(file))
        assert process.stdout is not None
        assert process.stdout.readline() == b"saving\n"
        time.sleep(chance.uniform(0.0, 0.04))
        process.kill()
        process.communicate()
        data = file.read_bytes()
        assert data in (b"a" * SIZE, b"b" * SIZE)
        left_behind = len(temporaries(tmp_path))
    assert left_behind > 0, "no kill hit a save in the middle: the test proves nothing"

    for stale in temporaries(tmp_path):
        os.utime(stale, (0, 0))
    saver.save_bytes(file, b"new")
    assert names(tmp_path) == [file.name]


def test_temporary_of_another_save_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f"{saver.PREFIX}0123{saver.SUFFIX}"
    other.write_bytes(b"being written")
    saver.save_bytes(tmp_path / "a", b"x")
    assert other.exists()


SAVE_OVER_THE_LIMIT = """
import resource
from lrstudio.storage.errors import StorageError
from lrstudio.storage.saver import save_bytes
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save_bytes(sys.argv[1], b"x" * 250_000)
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_file_larger_than_allowed(tmp_path: Path) -> None:
    # A real short write: the system takes 100 000 bytes of the first call, then refuses.
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    output, errors = python(SAVE_OVER_THE_LIMIT, str(file)).communicate()
    assert errors == b""
    assert f"Cannot save {file}: the file is larger than this disk allows" in output.decode()
    assert file.read_bytes() == b"old"
    assert temporaries(tmp_path) == []


def test_disk_that_fills_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    room = 1000
    write = os.write

    def nearly_full(handle: int, data: bytes | memoryview) -> int:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(handle, data[:room])
        room -= written
        return written

    monkeypatch.setattr(os, "write", nearly_full)
    with pytest.raises(StorageError, match=r"Cannot save .*a\.csv: the disk is full; free some"):
        saver.save_stream(file, (b"x" * 400 for _ in range(9)))
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("most", [1, 7, 999])
def test_short_writes_are_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:most]))
    saver.save_bytes(tmp_path / "a", bytes(range(256)) * 8)
    assert (tmp_path / "a").read_bytes() == bytes(range(256)) * 8


def test_disk_that_takes_nothing_without_saying_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda handle, data: 0)
    with pytest.raises(StorageError, match="the disk is full"):
        saver.save_bytes(tmp_path / "a", b"x")


def test_disk_that_loses_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "write", lambda handle, data: len(data))
    with pytest.raises(StorageError, match="the disk reports a fault"):
        saver.save_bytes(file, b"x" * 10)
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, 9999])
def test_every_step_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def fails(*arguments: object, **options: object) -> int:
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(Path if call == "replace" else os, call, fails)
    with pytest.raises(StorageError, match=rf"Cannot save {file}: .*; .*\."):
        saver.save_bytes(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere"
)
def test_read_only_folder(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="permission is denied"):
            saver.save_bytes(file, b"new")
        assert file.read_bytes() == b"old"
    finally:
        tmp_path.chmod(0o700)


def test_read_only_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everything
    with pytest.raises(StorageError, match="the file is read-only"):
        saver.save_bytes(file, b"new")
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (".", "this is a folder"),
        ("missing/a.csv", "its folder does not exist"),
        ("file/a.csv", "its folder does not exist"),
        ("n" * 300, "the name is too long"),
        ("a\0b", "no file can have this name"),
        ("a\ud800b", "no file can have this name"),
    ],
)
def test_names_that_cannot_be(tmp_path: Path, path: str, sentence: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match=sentence) as caught:
        saver.save_bytes(f"{tmp_path}/{path}", b"x")
    assert str(caught.value).isprintable()


def test_longest_possible_name(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 251 + ".csv")
    saver.save_bytes(file, b"x")
    assert file.read_bytes() == b"x"


def test_chunks_that_fail_pass_through(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saver.save_stream(file, chunks())
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o640)
    saver.save_bytes(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        saver.save_bytes(tmp_path / "b", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a"
    target.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(target)
    saver.save_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"

    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "real" / "b")
    saver.save_bytes(dangling, b"new")
    assert (tmp_path / "real" / "b").read_bytes() == b"new"

    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    with pytest.raises(StorageError, match="circle"):
        saver.save_bytes(circle, b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX")
def test_devices_and_pipes_are_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StorageError, match="not an ordinary file"):
        saver.save_bytes(pipe, b"x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_file_that_another_program_holds_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a virus scanner on Windows does to a file that was just written.
    replace, refusals = Path.replace, 3

    def held(self: Path, target: Path) -> Path:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(saver, "_RETRY_SECONDS", 2.0)
    monkeypatch.setattr(saver, "_RETRY_PAUSE_SECONDS", 0.001)
    saver.save_bytes(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert refusals == 0


def test_sharing_violation_of_windows_names_the_cause() -> None:
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = 32  # type: ignore[attr-defined]
    assert "another program is using it" in str(explained("save", "a.csv", error))


def test_make_folder(tmp_path: Path) -> None:
    saver.make_folder(tmp_path / "a" / "b")
    saver.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="Cannot create the folder"):
        saver.make_folder(tmp_path / "file")
