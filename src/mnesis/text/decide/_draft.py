"""What a batch is going to change, as long as it is being decided: deciders compare against it and write into it.

Several new memories of one batch may touch the same standing one, and later ones are to be compared with earlier ones
of the batch that stand nowhere yet. A draft holds both, finds what shares words with a text, and says in the end what
changes, each cube once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

import numpy as np

from mnesis.store import View
from mnesis.store.terms import terms
from mnesis.text.alike import joined
from mnesis.words import Add, Change, Connect, Disconnect, Link, MemCube, Retire, Revise, Rows, replace

READ = 24  # standing cubes read for one question to the draft
WIDE = 8  # times as many are found by words, of which those of one speaker are read
TAIL = 64  # cubes of the batch looked at for one term
LEAST = 0.2  # share of terms below which two texts are not compared
LONG = 40  # terms of a text that are looked for
Fits = Callable[[MemCube], bool]


class Draft:
    """New cubes and new versions of standing ones, each once; compared by their text, or by what `by` makes of them."""

    def __init__(self, view: View, by: Callable[[MemCube], str] = attrgetter("text")) -> None:
        self._view = view
        self._by = by
        self._made: dict[str, MemCube] = {}
        self._grown: dict[str, MemCube] = {}
        self._retired: dict[str, str] = {}
        self._repeats: dict[str, list[str]] = {}  # a memory -> the turns of the batch that say the same
        self._links: list[Connect | Disconnect] = []
        self._known: dict[str, tuple[MemCube, frozenset[str]]] = {}
        self._held: dict[str, list[str]] = {}  # a term -> ids of the batch that hold it, in the order they came

    def add(self, cube: MemCube) -> MemCube:
        """A new cube; one that is drafted or stands already under this id is left as it is."""
        known = self.get(cube.id)
        if known is None:
            self._made[cube.id] = known = cube
            self._index(cube)
        return known

    def get(self, id: str) -> MemCube | None:
        """The cube under this id as it will stand."""
        found = self._made.get(id) or self._grown.get(id)
        return found if found is not None or not len(self._view) else self._view.get(id)

    def put(self, cube: MemCube) -> MemCube:
        """Another content for a cube that is drafted or stands."""
        if cube.id in self._made:
            before, self._made[cube.id] = self._made[cube.id], cube
        else:
            standing = self._view.get(cube.id)
            if standing is None or replace(cube, version=standing.version) == standing:
                return cube
            before = self._grown.get(cube.id, standing)
            cube = self._grown[cube.id] = replace(cube, version=standing.version + 1, known_from=None, known_to=None)
        if self._by(cube) != self._by(before):
            self._index(cube)
        return cube

    def witness(self, standing: MemCube, again: MemCube) -> MemCube:
        """What stands was said again: its events, sources and parents grow, the newest source first, since that is the
        best evidence that it still holds."""
        sources = tuple(dict.fromkeys((*again.sources, *standing.sources)))
        return self.put(replace(joined(standing, again), version=standing.version, sources=sources))

    def end(self, old: MemCube, by: MemCube, why: str = "supersedes") -> None:
        """Something is not true any more because of a newer cube: its validity ends when that one's begins. Where the
        moment is not known it is retired, so that it is gone from now and stays in history."""
        self.connect(Link(by.id, old.id, why, 1.0, by.namespace, by.valid_from, made_by=by.made_by))
        for each in (old, *self._repeating(old)):
            if each.id != by.id and self.holds(each):
                self._close(each, by, why)

    def _close(self, old: MemCube, by: MemCube, why: str) -> None:
        if by.valid_from is not None and (old.valid_from is None or old.valid_from < by.valid_from):
            self.put(replace(old, valid_to=by.valid_from))
        else:
            self._retired[old.id] = f"{why}: {by.id}"

    def repeat(self, turn: MemCube, memory: MemCube) -> None:
        """A turn that says nothing but what a memory says: it ends when that one does."""
        if turn.id != memory.id:
            self._repeats.setdefault(memory.id, []).append(turn.id)
            self.connect(Link(turn.id, memory.id, "repeats", 1.0, turn.namespace, made_by=memory.made_by))

    def _repeating(self, memory: MemCube) -> list[MemCube]:
        """The turns that say nothing but what a memory says."""
        ids = list(self._repeats.get(memory.id, ()))
        if len(self._view):
            ids += [each.head for each in self._view.linked([memory.id], ("repeats",)) if each.tail == memory.id]
        return [each for each in map(self.get, dict.fromkeys(ids)) if each is not None]

    def connect(self, link: Link) -> None:
        """A link to be drawn."""
        if not any(each.link == link for each in self._links[-8:]):
            self._links.append(Connect(link))

    def cut(self, link: Link) -> None:
        """A link to be taken away."""
        self._links.append(Disconnect(link))

    def alike(
        self, text: str, n: int, fits: Fits, speaker: str | None = None, also: Iterable[str] = ()
    ) -> list[MemCube]:
        """The `n` cubes that hold and share most with a text (or with one of the texts in `also`), best first; of one
        speaker where that is named. What shares next to nothing is not among them."""
        found: dict[str, tuple[float, MemCube]] = {}
        for look in (text, *also):
            wanted = list(dict.fromkeys(terms(look)))[:LONG]
            mine = frozenset(wanted)
            for cube in self._near(wanted, speaker):
                if self.holds(cube) and fits(cube):
                    share = _share(mine, self.terms_of(cube))
                    if share >= LEAST and share > found.get(cube.id, (0.0, cube))[0]:
                        found[cube.id] = share, cube
        order = {id: place for place, id in enumerate(found)}
        best = sorted(found.values(), key=lambda each: (-each[0], -order[each[1].id]))
        return [cube for _, cube in best[:n]]

    def _near(self, wanted: Sequence[str], speaker: str | None) -> list[MemCube]:
        """Cubes that share a term: standing ones, and those of the batch that share the rarest, later ones last."""
        out: dict[str, MemCube] = {}
        if wanted and len(self._view):
            rows: Rows = self._view.words(wanted).top(WIDE * READ)[0]
            if speaker is not None:
                rows = rows[self._view.column("speaker", rows) == self._view.code(speaker)]
            rows = np.sort(rows[:READ])
            out = {cube.id: self._grown.get(cube.id, cube) for cube in self._view.cubes(rows)}
        worth: Counter[str] = Counter()
        for term in wanted:
            held = self._held.get(term, ())
            for id in held[-TAIL:]:
                worth[id] += 1 / len(held)  # type: ignore[assignment]
        drafted = [self.get(id) for id, _ in worth.most_common(READ)]
        return [*out.values(), *(each for each in drafted if each is not None and each.id not in out)]

    def terms_of(self, cube: MemCube) -> frozenset[str]:
        """What a cube is compared by, as terms."""
        known = self._known.get(cube.id)
        if known is None or known[0] is not cube:
            known = self._known[cube.id] = cube, frozenset(terms(self._by(cube)))
        return known[1]

    def holds(self, cube: MemCube) -> bool:
        """Whether nothing has ended a cube yet."""
        return cube.valid_to is None and cube.id not in self._retired

    def _index(self, cube: MemCube) -> None:
        for term in self.terms_of(cube):
            self._held.setdefault(term, []).append(cube.id)

    def changes(self) -> list[Change]:
        """Everything, each cube once: what is new, what changes, what is retired, and the links."""
        out: list[Change] = [Add(cube) for cube in self._made.values()]
        out += [Revise(cube) for cube in self._grown.values()]
        out += [Retire(id, why) for id, why in self._retired.items()]
        return [*out, *self._links]


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Terms in common over the smaller number of them, a little less for what says much more."""
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / (min(len(mine), len(theirs)) + 0.1 * max(len(mine), len(theirs)))
