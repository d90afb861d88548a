"""What can still be read of a damaged space, told anew to an empty one.

The rows are gathered page by page (`store.pages`), names are resolved, and every version of a cube is held against its
digest. Then all of it is committed again in the order it happened, under the times, authors and reasons of the commits
that can still be read: history, as-of views and links are what they were. Where all cubes of an event are lost, the
event's own words become a cube. What was altered by the damage is kept and marked (``meta["damaged"]``); what is lost
is counted. The damaged file is only read.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from mnesis.errors import MnesisError, SpaceError
from mnesis.store import Store, seal
from mnesis.store.audit import BROKEN, Told
from mnesis.store.checks import VAULT
from mnesis.store.pages import Found, read_rows, shapes
from mnesis.store.sql import schema
from mnesis.words import (
    DEFAULT_NAMESPACE,
    Add,
    Change,
    Connect,
    Disconnect,
    Event,
    Floats,
    Link,
    MemCube,
    Once,
    Retire,
    Revise,
    Touch,
    cube_from,
    replace,
)

KEYS = 4_096  # vectors a cube may own; part of a vector's key
SAID = ("embedder", "dim", "mind", "recipe")  # facts that a new space takes over
SEALED = ("vault_salt", "vault_check")  # and those without which its vault does not open
AUTHOR = "salvage"
Embed = Callable[[Sequence[str]], Floats]
Place = tuple[float, float]  # where a change stands in its commit
first = itemgetter(0)


@dataclass(slots=True)
class Rescue:
    """What was rescued, and what was not."""

    cubes: int = 0
    versions: int = 0
    events: int = 0
    links: int = 0
    vectors: int = 0
    damaged: list[str] = field(default_factory=list)  # ids of cubes whose words may be altered
    from_events: list[str] = field(default_factory=list)  # ids of cubes made of events that had lost theirs
    without_vectors: list[str] = field(default_factory=list)  # ids of cubes that have lost their vectors
    embedded_again: int = 0  # of them, those whose vectors were made anew
    lost_versions: int = 0
    lost_events: int = 0
    lost_links: int = 0
    lost_commits: int = 0
    lost_keys: int = 0  # memories of the vault that open no more, since what its key was made with is lost
    lost_tombs: int = 0  # erased events that the new space would take in again
    torn_pages: int = 0
    torn_rows: int = 0
    missing_pages: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was lost or altered."""
        lost = (self.lost_versions, self.lost_events, self.lost_links, self.lost_commits, self.lost_keys)
        return not (any(lost) or self.torn_rows or self.damaged or self.from_events or self.without_vectors)


def damaged_rows(path: Path) -> Found:
    """Every row of a space's file that can still be read."""
    found = read_rows(path, shapes(schema("sqlite")))
    if not found.rows.get("cubes") and not found.rows.get("events"):
        raise SpaceError(f"Nothing of a mnesis space can be read in {path}; look for a backup copy of it.")
    return found


def facts_of(found: Found) -> dict[str, str]:
    """What the space recorded of itself, as far as it is there."""
    kept = {row["name"]: row["value"] for row in found.rows.get("facts", ())}
    for name in seal.facts_altered(kept):
        kept.pop(name, None)
    usable = "embedder" in kept and kept.get("dim", "").isdecimal()
    return {name: kept[name] for name in (*(SAID if usable else ()), *SEALED) if name in kept}


def salvage(found: Found, into: Store, embed: Embed | None = None) -> Rescue:
    """Commit what was found to an empty store; `embed` makes vectors anew for cubes that have lost theirs."""
    if into.head().seq:
        raise SpaceError("What is rescued is written to a new space; name a file that is not there yet.")
    facts = facts_of(found)
    if facts:
        into.record(**facts)
    rescue = Rescue(torn_pages=found.torn_pages, torn_rows=found.torn_rows, missing_pages=found.missing_pages)
    _Telling(found, into, rescue, int(facts.get("dim", 0)), embed).tell()
    if not all(name in facts for name in SEALED):
        rescue.lost_keys = sum(count for name, count in into.namespaces().items() if name.startswith(VAULT))
    return rescue


@dataclass(slots=True)
class _Version:
    """A version of a cube as it was found."""

    cube: MemCube
    row: int
    born: int
    died: int | None
    vectors: Floats | None
    digests: tuple[int, ...]
    uses: list[tuple[int, datetime]] = field(default_factory=list)


class _Telling:
    """The rows of a damaged space on their way into a new one."""

    def __init__(self, found: Found, into: Store, rescue: Rescue, dim: int, embed: Embed | None) -> None:
        self.rows, self.into, self.rescue, self.dim, self.embed = found.rows, into, rescue, dim, embed
        self.names = {row["id"]: row["name"] for row in self.rows.get("names", ())}
        self.erased = {row["row"] for row in self.rows.get("erased", ())}
        most = 2 * sum(map(len, self.rows.values())) + 1_000  # a number above it is damage
        self.commits = {row["seq"]: row for row in self.rows.get("commits", ()) if 0 < row["seq"] <= most}
        self.last: int = max(
            [0, *self.commits, *(row["born"] for row in self.rows.get("cubes", ()) if 0 < row["born"] <= most)]
        )
        self.changes: dict[tuple[int, str], dict[Place, Change]] = defaultdict(dict)  # (commit, namespace) -> by place
        self.waiting: dict[tuple[str, str], tuple[int, Event]] = {}  # (namespace, id) -> commit that told it, event
        self.told = Told()  # what the journal says, as far as it can be read

    def tell(self) -> None:
        """Everything, in the order it happened."""
        self._read_journal()
        self._read_events()
        versions = self._versions()
        named = {(id[0], event) for id, story in versions.items() for each in story for event in each.cube.events}
        self.rescue.lost_events += len(named - self.waiting.keys() - versions.keys())
        for story in versions.values():
            self._tell_cube(story)
        self._tell_events({(namespace, id) for namespace, id in versions})
        self._tell_links()
        self._commit()
        planned = {row for start, end, _ in self.told.spans for row in range(start, end + 1)}
        here = {each.row for story in versions.values() for each in story}
        self.rescue.lost_versions = len(planned - self.erased - here)
        drawn = sum(each is not None for each in self.told.links)
        self.rescue.lost_links = max(0, drawn - self.rescue.links)
        self.rescue.lost_tombs = len(self.rows.get("tombs", ()))
        self.rescue.cubes = sum(self.into.namespaces().values())

    def _commit_no(self, number: int, first: int = 1) -> int:
        """A commit number that may be damaged, brought between `first` and the last there is."""
        return max(first, min(number, max(self.last, 1)))

    def _name(self, number: int | None, missing: str = "") -> str:
        return "" if number is None else str(self.names.get(number, missing))

    def _space(self, number: int) -> str:
        """The name of a namespace; one whose name is lost is told apart by its number."""
        return self._name(number, f"lost/{number}") or DEFAULT_NAMESPACE

    def _read_journal(self) -> None:
        for seq, row in sorted(self.commits.items()):
            try:
                body = json.loads(zlib.decompress(row["body"]))
                self.told.note(seq, self._space(row["ns"]), body)
            except (zlib.error, *BROKEN):
                self.rescue.lost_commits += 1
        for namespace, key, seq, _, said in self.told.once:
            self.changes[seq, namespace][(0, len(self.changes[seq, namespace]))] = Once(key, said)
        self.rescue.lost_commits += len(set(range(1, self.last + 1)) - self.commits.keys())

    def _read_events(self) -> None:
        for row in self.rows.get("events", ()):
            namespace = self._space(row["ns"])
            try:
                event = Event(**_parsed(row["body"]))
            except (ValueError, TypeError, MnesisError):
                self.rescue.lost_events += 1
                continue
            self.waiting[namespace, event.id] = self._commit_no(row["born"]), event

    def _versions(self) -> dict[tuple[str, str], list[_Version]]:
        """Every version that was found, by namespace and id, oldest first."""
        vectors = self._vectors()
        resealed = {row["row"]: row["digest"] for row in self.rows.get("resealed", ())}  # after a change of model
        found: dict[tuple[str, str], dict[int, _Version]] = defaultdict(dict)
        uses: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for row in self.rows.get("touches", ()):
            used = row.get("used")  # spaces of the first schema have none
            if isinstance(used, float) and (at := _moment(used)) is not None:
                uses[row["row"]].append((row["seq"], at))
        bare: list[_Version] = []
        for row in sorted(self.rows.get("cubes", ()), key=lambda each: each["row"]):
            if row["row"] in self.erased:
                continue
            cube, fits = self._cube(row)
            held, names = vectors.get(row["row"], (None, ()))
            sealed = resealed.get(row["row"], row["vectors"]) or None
            if held is not None and seal.vectors_digest(names, held.tobytes()) != sealed:
                held = None
            usable = held is not None and self.dim and held.shape[1] == self.dim
            lost = sealed is not None and not usable and row["died"] is None
            if lost:
                self.rescue.without_vectors.append(cube.id)
            if not fits:
                self.rescue.damaged.append(cube.id)
                cube = replace(cube, meta={**cube.meta, "damaged": True})
            self.rescue.vectors += len(held) if usable and held is not None else 0
            born = self._commit_no(self.told.commit_of(row["row"]) or row["born"])
            died = None if row["died"] is None else self._commit_no(row["died"], born)
            version = _Version(
                cube, row["row"], born, died,
                held.astype(np.float32) if usable and held is not None else None, names if usable else (),
                [(self._commit_no(seq, born), at) for seq, at in uses.get(row["row"], ())],
            )  # fmt: skip
            if lost:
                bare.append(version)
            if fits or cube.version not in found[cube.namespace, cube.id]:
                found[cube.namespace, cube.id][cube.version] = version
        if bare and self.embed is not None and self.dim:
            made = self.embed([each.cube.text for each in bare])
            for version, vector in zip(bare, made, strict=True):
                version.vectors = vector[None]
            self.rescue.embedded_again = len(bare)
        return {id: [each for _, each in sorted(versions.items())] for id, versions in found.items()}

    def _vectors(self) -> dict[int, tuple[Any, tuple[int, ...]]]:
        """The vectors of each row in half precision, with their names; only whole sets of one length."""
        held: dict[int, dict[int, tuple[int, bytes]]] = defaultdict(dict)
        for row in self.rows.get("vectors", ()):
            held[row["pk"] // KEYS][row["pk"] % KEYS] = (row["digest"], row["vector"])
        found = {}
        for owner, parts in held.items():
            raws = [parts[at][1] for at in sorted(parts)]
            if sorted(parts) == list(range(len(parts))) and len({len(each) for each in raws}) == 1 and raws[0]:
                array = np.frombuffer(b"".join(raws), np.float16).reshape(len(raws), -1)
                found[owner] = (array, tuple(parts[at][0] for at in sorted(parts)))
        return found

    def _cube(self, row: Mapping[str, Any]) -> tuple[MemCube, bool]:
        """A version as far as it can be read, and whether it is as it was written."""
        named = [row[each] for each in ("ns", "speaker", "session", "role", "made")]
        known = all(each is None or each in self.names for each in named)
        kept = (row["text"], row["at"], row["until"], row["source"], row["body"], row["vectors"])
        try:
            fits = known and row["digest"] == seal.row_digest(
                row["id"], row["version"], [self._name(each) for each in named], *kept
            )
        except (TypeError, ValueError):
            fits = False
        try:
            said = _parsed(row["body"]) if row["body"] else {}
            cube = cube_from({"events": [row["id"]], **said, "id": row["id"], "text": row["text"]})
        except (ValueError, TypeError, AttributeError):
            cube, fits = MemCube(row["id"], row["text"]), False
        strength, importance = row["strength"], row["importance"]
        return replace(
            cube,
            version=row["version"],
            namespace=self._space(row["ns"]),
            sources=(row["source"],) if row["source"] is not None else cube.sources,
            speaker=self._name(row["speaker"]),
            session=self._name(row["session"]),
            role=self._name(row["role"]),
            made_by=self._name(row["made"]),
            valid_from=_moment(row["at"]),
            valid_to=_moment(row["until"]),
            strength=1.0 if strength is None else strength,
            importance=0.0 if importance is None else importance,
        ), fits

    def _tell_cube(self, story: Sequence[_Version]) -> None:
        """All versions of one cube."""
        standing: _Version | None = None
        for at, version in enumerate(story):
            if at:  # whatever was damaged, versions come one after the other
                version.born = max(version.born, story[at - 1].born)
                version.row = max(version.row, story[at - 1].row + 1)
            cube = version.cube
            changes = self.changes[version.born, cube.namespace]
            if standing is not None and standing.cube.version + 1 != cube.version:  # one between them is lost
                changes[(1, version.row - 0.5)] = Retire(cube.id, "the version after it is lost")
                standing = None
            event = self._event_for(version)
            made = Add if standing is None else Revise
            changes[(1, version.row)] = made(cube, event, version.vectors, version.digests)
            self.rescue.versions += 1
            standing = version
            for seq, used in version.uses:
                if version.died is None or seq <= version.died:
                    self.changes[seq, cube.namespace][(1, version.row + 0.25)] = Touch(cube.id, used=used)
            following = story[at + 1].born if at + 1 < len(story) else None
            if version.died is not None and (following is None or version.died < following):
                died = max(version.died, version.born)
                self.changes[died, cube.namespace][(1, version.row + 0.5)] = Retire(cube.id, self._reason(died))
                standing = None

    def _reason(self, commit: int) -> str:
        return str(self.commits[commit]["reason"]) if commit in self.commits else ""

    def _event_for(self, version: _Version) -> Event | None:
        for id in version.cube.events:
            born, event = self.waiting.get((version.cube.namespace, id), (0, None))
            if event is not None and born == version.born:
                del self.waiting[version.cube.namespace, id]
                self.rescue.events += 1
                return event
        return None

    def _tell_events(self, standing: set[tuple[str, str]]) -> None:
        """Events that no version took with it: with a later one of the same cube, or as cubes of their own."""
        takers: dict[tuple[str, str], list[tuple[int, Place]]] = defaultdict(list)
        for (commit, namespace), changes in self.changes.items():
            for place, change in changes.items():
                if isinstance(change, Add | Revise) and change.event is None:
                    for id in change.cube.events:
                        takers[namespace, id].append((commit, place))
        for (namespace, id), (born, event) in sorted(self.waiting.items()):
            self.rescue.events += 1
            for commit, place in sorted(takers[namespace, id]):
                change = self.changes[commit, namespace][place]
                if isinstance(change, Add | Revise) and change.event is None:
                    self.changes[commit, namespace][place] = replace(change, event=event)
                    break
            else:
                self._tell_event(namespace, id, born, event, standing)

    def _tell_event(self, namespace: str, id: str, born: int, event: Event, standing: set[tuple[str, str]]) -> None:
        """An event whose cubes are all lost becomes one itself."""
        if (namespace, id) in standing:
            self.rescue.lost_events += 1  # its cube has another event to tell of
            self.rescue.events -= 1
            return
        cube = MemCube(
            id, event.text, namespace, speaker=event.speaker, role=event.role, session=event.session,
            sources=(event.source,) if event.source else (), events=(id,), made_by=AUTHOR, valid_from=event.at,
            place=event.place, trust=event.trust, meta=dict(event.meta),
        )  # fmt: skip
        self.changes[born, namespace][(1.5, len(self.rescue.from_events))] = Add(cube, event)
        self.rescue.from_events.append(id)

    def _tell_links(self) -> None:
        for row in sorted(self.rows.get("links", ()), key=lambda each: each["pk"]):
            namespace = self._space(row["ns"])
            made_by = self._name(row["made"])
            times = (_moment(row["since"]), _moment(row["until"]))
            link = Link(row["head"], row["tail"], row["kind"], row["weight"], namespace, *times, made_by)
            born = self._commit_no(row["born"])
            self.changes[born, namespace][(3, row["pk"])] = Connect(link)
            if row["died"] is not None:  # before other links are drawn, unless it was drawn and cut in one commit
                died = self._commit_no(row["died"], born)
                place = (3, row["pk"] + 0.5) if died == born else (2, row["pk"])
                self.changes[died, namespace][place] = Disconnect(link)
            self.rescue.links += 1

    def _commit(self) -> None:
        """Commit by commit, under the numbers they had; one of which nothing is left says nothing."""
        at = datetime.fromtimestamp(0, UTC)
        groups: dict[int, list[tuple[str, list[Change]]]] = defaultdict(list)
        for (seq, namespace), changes in sorted(self.changes.items(), key=first):
            if changes:
                groups[seq].append((namespace, [change for _, change in sorted(changes.items(), key=first)]))
        for seq in range(1, self.last + 1):
            told = self.commits.get(seq, {})
            at = max(at, _moment(told.get("at")) or at)
            said = {"author": told.get("author", AUTHOR), "reason": told.get("reason", AUTHOR)}
            empty: list[tuple[str, list[Change]]] = [(self._space(told["ns"]) if told else DEFAULT_NAMESPACE, [])]
            for namespace, ordered in groups[seq] or empty:
                self.into.commit(ordered, at=at, namespace=namespace, **said)


def _parsed(raw: str) -> Any:
    """JSON that can be written again; a ValueError where it cannot."""
    value = json.loads(raw)
    json.dumps(value, ensure_ascii=False).encode()  # no halves of characters
    return value


def _moment(at: float | None) -> datetime | None:
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None
