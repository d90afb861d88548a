"""The command line as a person or a program meets it: in an empty folder, with a space of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mnesis.commands.main import main


@dataclass(frozen=True)
class Ran:
    """What one call printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Call the command line in this process, its output piped: cli("recall", "Where?", code=0)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MNESIS_SPACE", raising=False)
    monkeypatch.setenv("MNESIS_EMBEDDER", "none")

    def call(*arguments: str, code: int = 0, input: str | bytes = "") -> Ran:
        done = CliRunner().invoke(main, list(arguments), input=input, prog_name="mnesis")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        ran = Ran(done.exit_code, done.stdout, done.stderr)
        assert ran.code == code, ran
        return ran

    return call


@pytest.fixture
def told(cli: Cli) -> Cli:
    """The same, with a few memories in the space."""
    cli("remember", "I moved to Lisbon.", "--speaker", "Ana", "--at", "2026-03-02", "--source", "chat:1")
    cli("remember", "I adopted a cat called Miso.", "--speaker", "Ana", "--at", "2026-04-11", "--source", "chat:2")
    cli("remember", "My bicycle was stolen in Berlin.", "--speaker", "Tom", "--at", "2026-04-12", "--source", "chat:3")
    return cli


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run a line of shell in an empty folder, with the installed `mnesis` first on the path."""
    bin_folder = tmp_path / ".bin"
    bin_folder.mkdir()
    script = bin_folder / "mnesis"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mnesis "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MNESIS_")}
    environment = {**kept, "PATH": f"{bin_folder}:{os.environ['PATH']}"}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-ec", line], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
        )

    return run
