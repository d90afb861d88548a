"""mnesis: a memory operating system for AI.

    import mnesis
    space = mnesis.open("agent.mnesis")
    space.remember("I moved to Lisbon.", namespace="ana", speaker="Ana", at="2026-03-02")
    space.recall("Where does Ana live?", namespace="ana")

Importing it loads the standard library and numpy; everything else waits until it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mnesis.words import Context, Event, Found, Head, Hit, Link, MemCube, Query, Receipt

if TYPE_CHECKING:
    from mnesis.memory import Space

__version__ = "0.1.0"

__all__ = ["Context", "Event", "Found", "Head", "Hit", "Link", "MemCube", "Query", "Receipt", "Space", "open"]


def open(path: str = ":memory:", recipe: Any = "default", embedder: Any = None, **options: Any) -> Space:
    """Open a memory space, making it when it is not there; see `mnesis.memory.Space`."""
    from mnesis.memory import Space

    return Space(path, recipe=recipe, embedder=embedder, **options)


def restore(source: Any, path: str = ":memory:", **options: Any) -> Space:
    """Make a space of an export, of the file of a space or of an open one; see `mnesis.moving.restore`."""
    from mnesis.moving import restore as restored

    return restored(source, path, **options)


def __getattr__(name: str) -> Any:
    if name == "Space":
        from mnesis.memory import Space

        return Space
    raise AttributeError(f"module 'mnesis' has no attribute {name!r}")
