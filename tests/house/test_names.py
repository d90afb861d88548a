"""What files are called, how deep they lie, and what may not be written in them."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

EMPTY_NAMES = {"manager", "helper", "helpers", "util", "utils", "service", "base", "common", "handler", "misc", "core"}
DEEPEST = 3  # folders below src/mnesis

# Written in pieces, so that this file does not hold what it looks for.
PLACES = re.compile(r"(?<![\w.~-])/(?:root|work|home|Users)/" + r"\w")
REGISTRIES = re.compile(r"\bpy" + r"pi\.org|python" + r"hosted\.org|--(?:extra-)?index" + r"-url")


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    """Every file that is or will be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, so there is no list of committed files")
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


def offences(tracked: list[Path], root: Path, pattern: re.Pattern[str]) -> Iterator[str]:
    for path in tracked:
        raw = path.read_bytes()
        if b"\0" in raw[:4096]:
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), start=1):
            if pattern.search(line):
                yield f"{path.relative_to(root).as_posix()}:{number}"


def test_names_say_what_is_in_them(trees, settle) -> None:
    parts = {path: set(re.split(r"[/_.]", path)) for path in trees}
    settle("empty names", (path for path, words in parts.items() if words & EMPTY_NAMES))


def test_nothing_lies_too_deep(trees, settle) -> None:
    settle("too deep", (path for path in trees if path.count("/") > DEEPEST))


def test_no_path_of_one_machine(tracked, root, settle) -> None:
    settle("paths of a machine", offences(tracked, root, PLACES))


def test_no_address_of_a_registry(tracked, root, settle) -> None:
    settle("registries", offences(tracked, root, REGISTRIES))


def test_the_patterns_find_what_they_look_for() -> None:
    assert PLACES.search("see /" + "home/ana/notes")
    assert not PLACES.search("tests/home/x and ~/home/y")
    assert REGISTRIES.search("https://py" + "pi.org/simple")


def test_only_settings_reads_the_environment(trees, settle) -> None:
    def reads(tree: ast.Module) -> bool:
        names = {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
        names |= {a.name for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) for a in each.names}
        return bool(names & {"environ", "getenv", "environb", "expandvars"})

    assert reads(trees["settings.py"])
    settle("environment", (path for path, tree in trees.items() if path != "settings.py" and reads(tree)))


def test_no_broad_except(trees, settle) -> None:
    def broad(tree: ast.Module) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = [] if node.type is None else [e.id for e in ast.walk(node.type) if isinstance(e, ast.Name)]
                last = node.body[-1]
                passed_on = isinstance(last, ast.Raise) and last.exc is None  # tidies up and lets everything through
                if not passed_on and (node.type is None or {"Exception", "BaseException"} & set(caught)):
                    yield node.lineno

    assert list(broad(ast.parse("try: pass\nexcept (OSError, Exception): pass")))
    assert not list(broad(ast.parse("try: pass\nexcept BaseException:\n    close()\n    raise")))
    settle("broad except", (f"{path}:{line}" for path, tree in trees.items() for line in broad(tree)))


RIM = "text/read/"  # readers are handed a path: reading it is what they are for
IMPURE_MODULES = {"os", "time", "random", "secrets", "io", "socket", "urllib", "sqlite3", "subprocess", "threading"}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "read_text", "read_bytes", "write_text", "write_bytes", "random"}


def test_mechanisms_are_pure(trees, settle) -> None:
    """A mechanism of the text family reads no clock, no file and no chance."""

    def impure(tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names if each.name.split(".")[0] in IMPURE_MODULES)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in IMPURE_MODULES:
                yield str(node.module)
            elif isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in IMPURE_CALLS:
                    yield f"{name}()"

    assert list(impure(ast.parse("from datetime import datetime\ndatetime.now()"))) == ["now()"]
    parts = {path: tree for path, tree in trees.items() if path.startswith("text/") and not path.startswith(RIM)}
    found = {f"{path}: {what}" for path, tree in parts.items() for what in impure(tree)}
    settle("mechanisms are pure", found)
