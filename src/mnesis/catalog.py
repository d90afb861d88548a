"""The catalog: folders read as lists, docstrings read as cards. It registers nothing and imports what is asked for.

A slot is a package whose docstring begins with "Slot:"; a mechanism is a module in it; its address is its import
path below `mnesis`. `text.rank.recency` is the import path, the command-line argument, the docs anchor, the
benchmark's name and the test's id.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mnesis.errors import BadInput, Unavailable, UnknownName

ROOT = Path(__file__).parent
FIELDS = ("Source", "Needs", "Cost", "Shapes", "Differs")
EXTRAS = {"torch": "torch", "httpx": "http", "openai": "openai", "sentence_transformers": "local"}


@dataclass(frozen=True, slots=True)
class Card:
    """What a mechanism says of itself: the fields of its module docstring."""

    address: str
    sentence: str
    source: str
    needs: str
    cost: str
    shapes: str
    differs: str
    about: str
    path: Path

    def as_dict(self) -> dict[str, str]:
        """The card as plain texts, the file left out."""
        names = ("address", "sentence", "source", "needs", "cost", "shapes", "differs", "about")
        return {name: getattr(self, name) for name in names}


@cache
def slots() -> tuple[str, ...]:
    """Addresses of every slot: the packages whose docstring begins with "Slot:"."""
    found = []
    for init in sorted(ROOT.rglob("__init__.py")):
        doc = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
        if doc.startswith("Slot:"):
            found.append(".".join(init.parent.relative_to(ROOT).parts))
    return tuple(found)


def names(slot: str = "") -> tuple[str, ...]:
    """Addresses of the mechanisms in a slot (``text.rank``), in a family (``text``) or, without one, of all.

    >>> "text.rank.recency" in names("text.rank")
    True
    """
    chosen = [each for each in slots() if not slot or each == slot or each.startswith(slot + ".")]
    if not chosen:
        raise UnknownName("slot", slot, slots())
    return tuple(
        f"{each}.{path.stem}"
        for each in chosen
        for path in sorted((ROOT / each.replace(".", "/")).glob("*.py"))
        if not path.stem.startswith("_")
    )


def card(address: str) -> Card:
    """The card of a mechanism, read from its file without importing it."""
    path = ROOT / (address.replace(".", "/") + ".py")
    if address not in names():
        raise UnknownName("mechanism", address, names())
    return parse_card(address, ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "", path)


def parse_card(address: str, doc: str, path: Path) -> Card:
    """The fields of one docstring: a sentence, `Source:` … lines (continued by indentation), then prose."""
    head, _, rest = doc.partition("\n")
    values = dict.fromkeys(FIELDS, "")
    prose: list[str] = []
    current = ""
    for line in rest.splitlines():
        name, colon, value = line.partition(":")
        if colon and name in FIELDS and not any(prose):
            current = name
            values[name] = value.strip()
        elif current and line.startswith(" ") and not any(prose):
            values[current] += " " + line.strip()
        else:
            current = ""
            prose.append(line)
    source, needs, cost, shapes, differs = (values[name] for name in FIELDS)
    return Card(address, head.strip(), source, needs, cost, shapes, differs, "\n".join(prose).strip(), path)


def maker(address: str) -> Callable[..., Any]:
    """The public function a mechanism's file is named after; also ``their_package:maker`` of anybody else."""
    if ":" in address:
        module_name, _, attribute = address.partition(":")
        try:
            return _callable(getattr(importlib.import_module(module_name), attribute), address)
        except (ImportError, AttributeError, ValueError) as err:
            raise BadInput(f"{address!r} cannot be imported: {err}. Write it as module:function.") from err
    if address not in names():
        raise UnknownName("mechanism", address, names())
    try:
        module = importlib.import_module(f"mnesis.{address}")
    except ModuleNotFoundError as err:
        if (err.name or "").startswith("mnesis"):
            raise
        extra = EXTRAS.get(err.name or "", "all")
        raise Unavailable(
            f"{address} needs {err.name}, which is not installed; install it with: pip install 'mnesis[{extra}]'"
        ) from err
    return _callable(getattr(module, address.rsplit(".", 1)[-1]), address)


def make(address: str, **options: Any) -> Any:
    """Import one mechanism and make it with these options.

    >>> make("text.rank.recency", half_life=30.0) is not None
    True
    """
    function = maker(address)
    try:
        known = inspect.signature(function).parameters
    except ValueError:  # some of what is written in C does not tell its options
        return function(**options)
    if not any(each.kind is inspect.Parameter.VAR_KEYWORD for each in known.values()):
        for option in options:
            if option not in known:
                raise UnknownName(f"option of {address}", option, known)
    return function(**options)


def find(name: str, slot: str) -> str:
    """The address of `name` in `slot`: a bare name, a whole address or ``module:maker`` are all accepted."""
    if ":" in name or name in names():
        return name
    address = f"{slot}.{name}"
    if address in names(slot):
        return address
    raise UnknownName(slot.rsplit(".", 1)[-1].rstrip("s"), name, [each.rsplit(".", 1)[-1] for each in names(slot)])


def _callable(value: Any, address: str) -> Callable[..., Any]:
    if not callable(value):
        raise BadInput(f"{address} is not a function; a mechanism's file gives one function named like the file.")
    return value  # type: ignore[no-any-return]
