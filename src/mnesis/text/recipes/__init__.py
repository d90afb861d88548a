"""Slot: published systems as compositions of parts, one file each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from mnesis.text.decide import Decide
from mnesis.text.find import Find
from mnesis.text.guard import Guard
from mnesis.text.link import Linker
from mnesis.text.pack import Pack
from mnesis.text.parse import Parse
from mnesis.text.rank import Rank
from mnesis.text.tend import Tend
from mnesis.text.use import Use
from mnesis.words import Event


@dataclass(frozen=True, slots=True)
class Recipe:
    """What happens to a memory in this system, slot by slot."""

    name: str
    parse: Parse
    decide: Decide
    find: tuple[Find, ...]
    rank: Rank
    pack: Pack
    guard: tuple[Guard, ...] = ()
    link: tuple[Linker, ...] = ()
    tend: tuple[Tend, ...] = field(default=())
    use: tuple[Use, ...] = ()  # none: a recall leaves no trace
    secret: Callable[[Event], bool] | None = None  # what goes to the vault where the space has its key


class MakeRecipe(Protocol):
    def __call__(self) -> Recipe: ...
