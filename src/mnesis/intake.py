"""What comes in on its way to becoming changes: told, let in by the guards, not known yet, parsed, linked, decided.

Nothing here writes; `memory.Space.remember` commits what comes out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from mnesis.drive import Answer, settled
from mnesis.errors import BadInput, Rejected
from mnesis.store import Store, View
from mnesis.store.marks import QUARANTINE
from mnesis.store.redact import tombs
from mnesis.text.guard import Guard
from mnesis.text.recipes import Recipe
from mnesis.walls import check_id
from mnesis.words import Add, Change, Connect, Event, Link, MemCube, Revise, digest, replace

Told = str | Event
FILLED = ("speaker", "source", "session", "role", "place", "at")


def admitted(told: Sequence[Told], given: Event, namespace: str, guards: Iterable[Guard]) -> list[Event]:
    """What was told as events with ids, as the guards let them in; `given` fills what an event leaves empty."""
    guards = list(guards)
    events = []
    for number, each in enumerate(told, 1):
        try:
            event = guarded(_filled(each, given), guards)
        except Rejected as err:
            if len(told) == 1:
                raise
            raise Rejected(f"Nothing was kept, because of event {number} of {len(told)}: {err}", err.event) from err
        events.append(_named(event, namespace))
    return events


def _filled(told: Told, given: Event) -> Event:
    if isinstance(told, Event):
        filled = {name: getattr(told, name) or getattr(given, name) for name in FILLED}
        trust = told.trust if told.trust != "unknown" else given.trust
        return replace(told, trust=trust, meta=dict(told.meta) or given.meta, **filled)
    if isinstance(told, str):
        return Event(
            told, given.speaker, given.at, given.source, given.session, given.role, given.trust, given.place, given.meta
        )
    raise BadInput(f"remember takes text or Event values, not {type(told).__name__}.")


def _named(event: Event, namespace: str) -> Event:
    """The event with its id: its own, or one made of what names it; without a source it is told anew every time."""
    if event.id:
        check_id(event.id)
        return event
    nonce = "" if event.source else secrets.token_hex(8)
    at = event.at.isoformat() if event.at else ""
    name = digest(namespace, event.source, event.session, event.speaker, at, event.text, nonce)
    object.__setattr__(event, "id", name)  # ours until it is returned
    return event


def guarded(event: Event, guards: Iterable[Guard]) -> Event:
    """The event as guards let it in."""
    try:
        for guard in guards:
            event = guard(event)
    except Rejected as err:
        err.event = err.event or event
        raise
    return event


def unknown(events: Sequence[Event], told: Sequence[Told], namespace: str, store: Store) -> list[Event]:
    """The events that were not taken in before, each once."""
    given = (isinstance(each, Event) and each.id != "" for each in told)
    pairs = zip(events, given, strict=True)
    named = list(dict.fromkeys(each.id for each, by_hand in pairs if each.source or by_hand))
    known = store.events_known(namespace, named) if named else set()
    fresh = {each.id: each for each in events if each.id not in known}
    return list(fresh.values())


def erased_before(events: Sequence[Event], namespace: str, store: Store) -> list[Event]:
    """The events that were erased from this namespace."""
    marks = {tomb: n for n, each in enumerate(events) for tomb in tombs(namespace, each.id, each.source, each.text)}
    return [events[n] for n in sorted({marks[tomb] for tomb in store.tombs(list(marks))})] if marks else []


def made_of(events: Sequence[Event], namespace: str, recipe: Recipe, view: View, answer: Answer) -> list[Change]:
    """What a recipe makes of events: its changes, and the links that are drawn."""
    cubes = _parsed(events, namespace, recipe, view, answer)
    links = [link for draw in recipe.link for link in settled(draw(cubes, view), answer)]
    changes = settled(recipe.decide(cubes, view), answer)
    links = _held(links, cubes, changes, view)
    return [*witnessed(changes, events), *map(Connect, links)]


def set_apart(events: Sequence[Event], namespace: str, recipe: Recipe, view: View, answer: Answer) -> list[Change]:
    """Events that a guard wants in quarantine, as memories that touch nothing that is there."""
    why = {event.id: event.meta[QUARANTINE] for event in events}
    cubes = _parsed(events, namespace, recipe, view, answer)
    apart = [Add(replace(each, meta={**each.meta, QUARANTINE: why[each.events[0]]})) for each in cubes]
    return witnessed(apart, events)


def _parsed(events: Sequence[Event], namespace: str, recipe: Recipe, view: View, answer: Answer) -> list[MemCube]:
    names = frozenset(view.speakers()) | {each.speaker for each in events if each.speaker}
    cubes = [cube for event in events for cube in settled(recipe.parse(event, namespace, names), answer)]
    return [cube if cube.session else _in_document(cube) for cube in cubes]


def witnessed(changes: Sequence[Change], events: Sequence[Event]) -> list[Change]:
    """The changes, with each event given to the first change made from it."""
    waiting = {event.id: event for event in events}
    out: list[Change] = []
    for change in changes:
        if isinstance(change, Add | Revise):
            for id in change.cube.events:
                if id in waiting and change.event is None:
                    change = type(change)(change.cube, waiting.pop(id), change.vectors, change.digests, change.model)
        out.append(change)
    return out


def _held(links: Sequence[Link], cubes: Sequence[MemCube], changes: Sequence[Change], view: View) -> list[Link]:
    """The links but those of new cubes that the decider did not keep: linkers draw before it decides."""
    if not links:
        return []
    kept = {each.cube.id for each in changes if isinstance(each, Add | Revise)}
    open = list({cube.id for cube in cubes} - kept)
    lost = {id for id, row in zip(open, view.rows(open).tolist(), strict=True) if row < 0}
    return [link for link in links if link.head not in lost and link.tail not in lost]


def _in_document(cube: MemCube) -> MemCube:
    """A cube without a session in the one that a source of the form ``document:part`` speaks of."""
    source = cube.sources[0] if cube.sources else ""
    head, colon, part = source.rpartition(":")
    return replace(cube, session=head) if colon and head and part.isdigit() else cube
