"""Qt's system libraries: found by loading, installed where that is allowed, named elsewhere."""

import pytest
import system_libraries

from lrstudio.gui import preflight

INVENTED = {"libno-such-thing.so.9": "libno-such-thing9"}


@pytest.fixture
def on_linux(monkeypatch):
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    monkeypatch.setattr(preflight, "PACKAGES", INVENTED)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def apt_get(monkeypatch):
    """The calls of apt-get, on a Debian where this process is root."""
    calls = []
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(system_libraries, "_apt_get", lambda *arguments: calls.append(arguments))
    return calls


def test_what_cannot_be_loaded_is_missing(on_linux):
    assert system_libraries.missing() == INVENTED


def test_a_display_asks_for_its_own_libraries(on_linux, monkeypatch):
    assert set(system_libraries.required()) == set(INVENTED)
    monkeypatch.setenv("DISPLAY", ":0")
    assert set(system_libraries.required()) == {*INVENTED, *preflight.X11_PACKAGES}
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert set(system_libraries.required()) == {*INVENTED, *preflight.WAYLAND_PACKAGES}


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_need_nothing_and_have_a_display(on_linux, monkeypatch, platform):
    monkeypatch.setattr(system_libraries.sys, "platform", platform)
    assert system_libraries.missing() == {}
    assert system_libraries.has_display()


def test_root_on_debian_installs_what_is_missing(on_linux, apt_get):
    said = []
    assert system_libraries.install_missing(said.append) == INVENTED  # apt-get was not real
    assert apt_get[0][0] == "update"
    assert apt_get[1][0] == "install"
    assert apt_get[1][-1] == "libno-such-thing9"
    assert "apt-get: libno-such-thing9" in said[0]


def test_anybody_else_is_told_the_command(on_linux, apt_get, monkeypatch):
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: 1000, raising=False)
    said = []
    absent = system_libraries.install_missing(said.append)
    assert (apt_get, said) == ([], [])
    sentence = system_libraries.advice(absent)
    assert "libno-such-thing.so.9" in sentence
    assert sentence.endswith("sudo apt-get install libno-such-thing9")


def test_without_apt_get_libraries_and_packages_are_named(on_linux, monkeypatch):
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: None)
    sentence = system_libraries.advice(INVENTED)
    assert "sudo" not in sentence
    assert "libno-such-thing.so.9" in sentence


def test_nothing_is_installed_when_nothing_is_missing(on_linux, apt_get, monkeypatch):
    monkeypatch.setattr(preflight, "PACKAGES", {})
    assert system_libraries.install_missing(pytest.fail) == {}
    assert apt_get == []
