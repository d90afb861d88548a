"""The documentation is printed from the code, tells the truth about the tree, and its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SKIPPED = {"__pycache__", "data", "sql"}  # data and SQL lie beside what reads them


def test_generated_pages_are_fresh(root: Path) -> None:
    done = subprocess.run([sys.executable, root / "scripts/docs.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["README.md", "docs/quickstart.md", "docs/moving.md"])
def test_every_code_block_runs(page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = CODE.findall((root / page).read_text(encoding="utf-8"))
    assert blocks, f"{page} shows no Python"
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, page, "exec"), names)


def test_the_map_shows_the_tree(root: Path) -> None:
    page = (root / "docs/map.md").read_text(encoding="utf-8")
    drawn = drawn_paths(page)
    source = root / "src/mnesis"
    rooms = {
        f"src/mnesis/{path.relative_to(source).as_posix()}/"
        for path in source.rglob("*")
        if path.is_dir() and not SKIPPED & set(path.parts) and any(path.glob("*.py"))
    }
    families = [path for family in ("text", "neural") for path in source.glob(f"{family}/*.py")]
    shared = [path for path in (*source.glob("*.py"), *families) if path.stem != "__main__"]
    files = {f"src/mnesis/{path.relative_to(source).as_posix()}" for path in shared}
    files -= {"src/mnesis/text/__init__.py", "src/mnesis/neural/__init__.py"}
    assert not (missing := sorted((rooms | files) - drawn)), f"docs/map.md does not show {missing}"
    assert not (gone := sorted(path for path in drawn if not (root / path).exists())), f"docs/map.md shows {gone}"


def drawn_paths(page: str) -> set[str]:
    """Every path of the tree drawn in a page: a name first on its line, two spaces deeper than its folder."""
    tree = re.search(r"^```text\n(src/.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert tree, "docs/map.md draws the tree in a text block that begins with src/"
    found: set[str] = set()
    above: list[tuple[int, str]] = []
    for line in tree[1].splitlines():
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        above = [each for each in above if each[0] < indent]
        name = line.split()[0]
        path = "".join(part for _, part in above) + name
        found.add(path)
        if name.endswith("/"):
            above.append((indent, name))
    return found


def test_the_drawn_tree_is_read_as_meant() -> None:
    page = "```text\nsrc/mnesis/\n  a.py   what\n  text/   words\n    rank/   order\ntests/\n```\n"
    assert drawn_paths(page) == {
        "src/mnesis/",
        "src/mnesis/a.py",
        "src/mnesis/text/",
        "src/mnesis/text/rank/",
        "tests/",
    }


def test_every_direct_dependency_is_explained(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (root / "docs/dependencies.md").read_text(encoding="utf-8")
    listed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[\[<>=~! ]", each)[0] for each in listed} - {"mnesis"}
    assert not (missing := sorted(name for name in names if f"`{name}`" not in page)), f"not explained: {missing}"
