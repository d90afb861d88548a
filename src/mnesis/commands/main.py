"""The door of the command line: it lists the folder and imports one verb when that verb is used."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import click

import mnesis
from mnesis.errors import BadInput, MnesisError, UnknownName

FOLDER = Path(__file__).parent


def verbs() -> dict[str, Path]:
    """Every verb and its file, by name."""
    files = (path for path in FOLDER.glob("*.py") if not path.stem.startswith("_") and path.stem != "main")
    return {path.stem.rstrip("_"): path for path in sorted(files)}


def sentence(verb: str) -> str:
    """The first line of a verb's help, read without importing it."""
    doc = ast.get_docstring(ast.parse(verbs()[verb].read_text(encoding="utf-8"))) or ""
    return doc.partition("\n")[0]


class Failed(click.ClickException):
    """One of our errors on its way out: its sentence on stderr, exit code 1."""


class AskedWrongly(Failed):
    """The same for what cannot be done as written: exit code 2."""

    exit_code = 2


class Verbs(click.Group):
    """A group whose commands are the files of a folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(verbs())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        path = verbs().get(cmd_name)
        if path is None:
            return None
        command = getattr(importlib.import_module(f"mnesis.commands.{path.stem}"), path.stem)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in verbs():
            raise AskedWrongly(f"{UnknownName('command', name, verbs())} See mnesis --help.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, sentence(verb)) for verb in verbs()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadInput as err:
            raise AskedWrongly(str(err)) from err
        except MnesisError as err:
            raise Failed(str(err)) from err
        except BrokenPipeError:
            raise  # click ends quietly when the reader of a pipe goes away
        except OSError as err:
            raise Failed(f"{err.filename or 'A file'}: {err.strerror or err}.") from err


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(mnesis.__version__, prog_name="mnesis")
def main() -> None:
    """A memory for AI: it keeps what happened, finds it, revises it and forgets it.

    Every verb works on the space named by --space (or $MNESIS_SPACE, or ./memory.mnesis). Results are a table on a
    terminal and JSON when piped or with --json; messages go to stderr. Exit codes: 0 done, 1 failed, 2 asked wrongly.
    """
