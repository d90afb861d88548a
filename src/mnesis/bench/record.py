"""What every line of the results says of itself: the commit, the versions, the machine; and how it is written."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from mnesis import catalog
from mnesis.models import Embedder

Record = dict[str, Any]
Progress = Callable[[str, int, int], None]
PACKAGES = ("numpy", "simsimd", "PyStemmer", "sentence-transformers", "torch")


def silent(what: str, done: int, total: int) -> None:
    """Progress where nobody asked for it: nothing is shown."""


def embedder_of(wanted: str | Embedder) -> Embedder:
    """The embedder of a name, or the object itself."""
    if not isinstance(wanted, str):
        return wanted
    embedder: Embedder = catalog.make(catalog.find(wanted, "models"))
    return embedder


def circumstances() -> Record:
    """What a line of results must say of where and on what it was made; no names and no paths."""
    return {
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--", "src", "pyproject.toml")),
        "versions": versions(),
        "machine": {"cpus": os.cpu_count() or 0, "system": platform.system(), "arch": platform.machine()},
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@cache
def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    out = {"mnesis": importlib.metadata.version("mnesis"), "python": platform.python_version()}
    out["sqlite"] = sqlite3.sqlite_version
    for package in PACKAGES:
        try:
            out[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {name: version for name, version in out.items() if name != "torch" or "torch" in sys.modules}


def _git(*arguments: str) -> str:
    """What git says of this source tree; nothing when mnesis is installed from somewhere else."""
    tree = catalog.ROOT.parent.parent
    if not (tree / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            ["git", "-C", str(tree), *arguments], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def append(path: Path, record: Mapping[str, Any]) -> None:
    """Add one JSON line to a file, making its folder when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(record, ensure_ascii=False) + "\n")
