"""Named SQL: one `.sql` file an engine, each query under a line `-- name --`."""

from __future__ import annotations

from functools import cache
from importlib import resources


def schema(engine: str) -> str:
    """The statements that make a new space."""
    return (resources.files(__package__) / engine / "schema.sql").read_text(encoding="utf-8")


@cache
def queries(engine: str) -> dict[str, str]:
    """The queries of an engine by name."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (resources.files(__package__) / engine / "queries.sql").read_text(encoding="utf-8").splitlines():
        if line.startswith("-- ") and line.endswith(" --"):
            current = found.setdefault(line[3:-3], [])
        else:
            current.append(line)
    return {name: "\n".join(lines).strip().rstrip(";") for name, lines in found.items()}
