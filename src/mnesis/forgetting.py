"""What an erasure takes with it, and whether a question says clearly enough what is to be forgotten.

Whatever was made only from what is erased goes too. What was made from several things is made again from those that
remain, where that leaves a text no word of which only the erased ones said; otherwise it goes as well. A memory cut
from the same event as an erased one stays when the two do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mnesis.errors import BadInput, NotFound
from mnesis.store import View
from mnesis.store.redact import MADE
from mnesis.store.terms import terms
from mnesis.text.question import content, weights
from mnesis.words import Add, Change, Erase, Hit, MemCube, replace

CLEAR = 0.5  # share of what a question says, weighed by how rare its words are, that a memory has to say too
NEXT = 0.8  # a second memory that says this share of what the best one says is meant just as well


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure will do: `asked` and what was made only from it (`derived`) go; `rederived` cubes are made
    again from what remains, `retired` ones cannot be."""

    asked: tuple[str, ...]
    derived: tuple[str, ...] = ()
    rederived: tuple[MemCube, ...] = ()
    retired: tuple[str, ...] = ()

    def changes(self) -> list[Change]:
        """The plan as changes of one commit."""
        gone = (*self.asked, *self.derived, *self.retired, *(cube.id for cube in self.rederived))
        return [*map(Erase, gone), *map(Add, self.rederived)]


def plan(view: View, asked: Sequence[str]) -> Plan:
    """What erasing these cubes of a view means for everything made from them."""
    return _Planning(view, tuple(dict.fromkeys(asked))).plan()


class _Planning:
    """One plan in the making: what is lost grows until nothing more follows from it."""

    def __init__(self, view: View, asked: tuple[str, ...]) -> None:
        self.view, self.asked = view, asked
        self.gone: dict[str, list[MemCube]] = {}
        self.events: set[str] = set()  # whose words are lost
        self.again: dict[str, MemCube | None] = {}  # made from several: made again, or None
        self._versions: dict[str, list[MemCube]] = {}

    def plan(self) -> Plan:
        for id in self.asked:
            self._take(id)
        while self._follow():
            pass
        return Plan(
            self.asked,
            tuple(id for id in self.gone if id not in self.asked),
            tuple(cube for cube in self.again.values() if cube is not None),
            tuple(id for id, cube in self.again.items() if cube is None),
        )

    def versions(self, id: str) -> list[MemCube]:
        if id not in self._versions:
            self._versions[id] = self.view.history(id)
        return self._versions[id]

    def _stands(self, id: str) -> bool:
        versions = self.versions(id)
        return bool(versions) and versions[-1].known_to is None

    def _take(self, id: str) -> None:
        """Let a cube go, the events only it was made from, and what was folded into it."""
        if id in self.gone:
            return
        self.gone[id] = self.versions(id)
        self.again.pop(id, None)
        for event in {id, *(event for cube in self.gone[id] for event in cube.events)}:
            if event == id or not self.versions(event):
                self.events.add(event)
            elif not self._stands(event):  # it was found to say the same, and its events went over
                self._take(event)

    def _lost(self) -> set[str]:
        return self.gone.keys() | self.events | {id for id, cube in self.again.items() if cube is None}

    def _follow(self) -> bool:
        """Look once at everything made from what is lost or made again; whether that changed anything."""
        before = (len(self.gone), dict(self.again))
        touched = dict.fromkeys(
            cube.id for source in sorted(self._lost() | self.again.keys()) for cube in self.view.made_from(source)
        )
        for id in touched:
            if id not in self.gone:
                self._judge(id)
        return before != (len(self.gone), dict(self.again))

    def _judge(self, id: str) -> None:
        versions, lost = self.versions(id), self._lost() - {id}
        own = any(id in cube.events for cube in versions)
        named = {source for cube in versions for source in (*cube.events, *cube.parents)} - {id}
        remaining = named - lost
        if not remaining and not own:
            if not all(self._apart(cube, lost) for cube in versions):
                self._take(id)
                return
            if all(MADE.fullmatch(each) for each in named & lost):
                return  # another part of the same event: it stays as it is
        self.again[id] = self._remade(versions, own, remaining, lost) if self._stands(id) else None

    def _apart(self, cube: MemCube, lost: set[str]) -> bool:
        """Whether a cube is a part of its events that no erased cube overlaps."""
        if lost & set(cube.parents):
            return False
        for name in lost & set(cube.events):
            event = self.view.event(name)
            whole = event.text if event is not None else ""
            mine = list(_spans(cube.text, whole))
            theirs = [
                list(_spans(each.text, whole))
                for versions in self.gone.values()
                for each in versions
                if name in each.events
            ]
            if not mine or not theirs or not all(theirs):
                return False
            if any(a < d and c < b for a, b in mine for spans in theirs for c, d in spans):
                return False
        return True

    def _remade(self, versions: list[MemCube], own: bool, remaining: set[str], lost: set[str]) -> MemCube | None:
        """A cube made from several things, from those that remain; None where that cannot be."""
        standing = versions[-1]
        said = [cube.text for id, each in self.gone.items() for cube in each]
        said += [event.text for id in sorted(self.events) if (event := self.view.event(id)) is not None]
        kept = [versions[0].text] if own else []
        for source in sorted(remaining):
            event = self.view.event(source)
            kept += [cube.text for cube in self.versions(source)[-1:]] + ([event.text] if event is not None else [])
        supported = {term for each in kept for term in terms(each)}
        supported |= set(terms(standing.speaker))
        only = {term for each in said for term in terms(each)} - supported  # what nobody else said
        text = standing.text
        if only & set(terms(text)):
            for each in sorted(set(said), key=len, reverse=True):
                text = text.replace(each, "")
            text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
            if not terms(text) or only & set(terms(text)):
                return None
        sources = {event.source for id in lost if (event := self.view.event(id)) is not None}
        sources -= {event.source for id in remaining if (event := self.view.event(id)) is not None}
        return replace(
            standing,
            text=text,
            version=1,
            known_from=None,
            known_to=None,
            vector=None,
            events=tuple(each for each in standing.events if each not in lost),
            parents=tuple(each for each in standing.parents if each not in lost),
            sources=tuple(each for each in standing.sources if each not in sources),
            meta=standing.meta if text == standing.text else {},
        )


def _spans(part: str, whole: str) -> Iterator[tuple[int, int]]:
    at = whole.find(part)
    while part and at >= 0:
        yield at, at + len(part)
        at = whole.find(part, at + 1)


def meant(question: str, hits: Sequence[Hit], view: View, names: Iterable[str]) -> MemCube:
    """The one memory a question names clearly enough to be forgotten; an error that says what to do otherwise."""
    asked = content(question, frozenset(names))
    heard = set(terms(question)) - set(asked)  # the people it is about
    weight = weights(asked, view.words(asked).idf)
    scored = []
    for hit in hits:
        said = set(terms(f"{hit.text} {hit.cube.meta.get('image_caption', '')}"))
        share = sum(float(w) for term, w in zip(asked, weight, strict=True) if term in said) / max(
            1e-9, float(weight.sum())
        )
        if not heard or heard & {*said, *terms(hit.cube.speaker)}:
            scored.append((share, hit.cube))
    scored.sort(key=lambda each: -each[0])
    if not scored or scored[0][0] < CLEAR:
        near = f" The nearest is {hits[0].cube.id}: {_short(hits[0].text)!r}." if hits else ""
        raise NotFound(
            f"No memory clearly says {question!r}, so nothing was forgotten.{near} Name what to forget by its id, or "
            "give k=1 to take the best match whatever it is."
        )
    alike = [cube for share, cube in scored if share >= NEXT * scored[0][0]]
    if len(alike) > 1:
        listed = "; ".join(f"{cube.id}: {_short(cube.text)!r}" for cube in alike[:5])
        raise BadInput(
            f"{len(alike)} memories say {question!r} about as clearly, so nothing was forgotten: {listed}. Name one by "
            "its id, or say with k= how many of the best to take."
        )
    return alike[0]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
