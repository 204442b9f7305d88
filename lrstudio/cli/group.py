"""The program's own way with click: what is typed, how wrong usage is answered, exit codes."""

import difflib
import os
from collections.abc import Sequence
from typing import Any

import click

from lrstudio.cli import terminal
from lrstudio.resources import ResourceMissing
from lrstudio.storage.errors import StorageError, shown_path

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130
"""Exit codes; the last one is the shell's for a program that Ctrl+C has ended."""

PROGRAM = "lrstudio"


class Sectioned(click.Option):
    """An option that stands under a heading of its own in the help."""

    def __init__(self, *names: Any, section: str, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.section = section


class Command(click.Command):
    """A command whose options are grouped in its help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one list of options for each section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        is_sectioned = any(isinstance(p, Sectioned) for p in self.params)
        rest = "Other options" if is_sectioned else "Options"
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record and isinstance(parameter, click.Option):
                title = parameter.section if isinstance(parameter, Sectioned) else rest
                sections.setdefault(title, []).append(record)
        longest = max(len(name) for records in sections.values() for name, _ in records)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(longest), text) for name, text in records])


class Group(click.Group):
    """Commands in the order of their declaration; a first argument that is a file opens it."""

    command_class = Command
    opener: click.Command
    """The command that gets a first argument which is a file."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which one needs them."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, or the one that opens the file that is."""
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        if _exists(name) or _is_written_like_a_file(name):
            return self.opener.name, self.opener, args
        raise click.UsageError(_no_such(name, list(self.commands)), ctx)


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Obey the command line; whatever is wrong with it becomes one sentence and an exit code."""
    terminal.prepare()
    try:
        result = command.main(arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.UsageError as error:
        terminal.complain(_usage_sentence(error))
        return WRONG_USAGE
    except (click.ClickException, StorageError, ResourceMissing) as error:
        terminal.complain(str(error))
        return FAILED
    except MemoryError:
        terminal.complain("There is not enough memory; take fewer starts, seeds or contenders.")
        return FAILED
    except click.Abort:
        terminal.complain("Stopped.")
        return STOPPED
    except terminal.OutputClosed:
        return DONE
    return result if isinstance(result, int) else DONE


def near(name: str, known: Sequence[str]) -> str:
    """What was probably meant, as the end of a sentence, or nothing."""
    found = difflib.get_close_matches(name.lower(), known, n=1)
    return f"; did you mean {found[0]!r}?" if found else "."


def _exists(name: str) -> bool:
    try:
        return os.path.lexists(name)
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_written_like_a_file(name: str) -> bool:
    return any(sign in name for sign in (".", os.sep, os.altsep or os.sep))


def _no_such(name: str, commands: Sequence[str]) -> str:
    return f"There is no command and no file {shown_path(name)!r}{near(name, commands)}"


def _usage_sentence(error: click.UsageError) -> str:
    sentence = " ".join(error.format_message().split())
    end = "" if sentence.endswith((".", "?", "?)")) else "."
    path = error.ctx.command_path if error.ctx else PROGRAM
    return f"{sentence}{end} See '{path} --help'."
