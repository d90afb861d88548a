"""The words every room shares: frozen values, no behaviour beyond checking themselves.

    Event  --parse-->  MemCube  --link-->  Link  --decide-->  Change  ==commit==>  Commit
    Query  --find-->   Found    --rank-->  Found --(read)-->  Hit     --pack-->    Context

An Event is what happened, verbatim. A MemCube is one memory, and a new version is a new value. A Change is the
only way anything happens. Found is the candidates of a recall as columns (one row a candidate), so that ranking
hundreds of them is array arithmetic; Hit is one candidate read out for people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput

Kind = Literal["text", "kv", "weights"]
MemoryType = Literal["working", "episodic", "semantic", "procedural", "core", "resource", "vault"]
Trust = Literal["user", "agent", "tool", "web", "unknown"]
KINDS: tuple[str, ...] = ("text", "kv", "weights")
MEMORY_TYPES: tuple[str, ...] = ("working", "episodic", "semantic", "procedural", "core", "resource", "vault")
TRUSTS: tuple[str, ...] = ("unknown", "web", "tool", "agent", "user")  # least trusted first

Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
DEFAULT_NAMESPACE = "default"


def moment(value: datetime | date | str | None, what: str = "at") -> datetime | None:
    """A point in time from ISO 8601 text, a date or a datetime; without an offset it is read as UTC.

    >>> moment("2026-03-02")
    datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as err:
            raise BadInput(
                f"{what}={value!r} is not a date mnesis can read; write it as ISO 8601, "
                "for example 2026-03-02 or 2026-03-02T14:30:00+01:00."
            ) from err
    if isinstance(value, datetime):
        value = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        try:
            value.astimezone(UTC)
        except OverflowError as err:
            raise BadInput(f"{what}={value.isoformat()} lies outside the years 1 to 9999 (in UTC).") from err
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise BadInput(f"{what} must be ISO text, a date or a datetime, not {type(value).__name__}.")


def _unsettled(at: object) -> bool:
    """Whether a moment has to go through `moment`; most come from a clock and do not."""
    return type(at) is not datetime or at.tzinfo is None or not 1 < at.year < 9999


def digest(*parts: str, size: int = 10) -> str:
    """A stable hexadecimal name (2 * `size` characters) for a sequence of texts.

    >>> digest("a", "b") == digest("a", "b") != digest("ab")
    True
    """
    h = hashlib.blake2b(digest_size=size)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        h.update(len(raw).to_bytes(8, "little"))
        h.update(raw)
    return h.hexdigest()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, word for word: who said it, where it came from, when it happened, when we were told.

    `at` is when it happened (ISO text, date or datetime; None when unknown) and `told_at` when we learned of it.
    `source` names where it came from (a message id, a file and line, ``document:paragraph``); `session` the
    conversation or document it belongs to; `role` is ``user``, ``assistant``, ``tool`` … where there are roles.
    """

    text: str
    speaker: str = ""
    at: datetime | None = None
    source: str = ""
    session: str = ""
    role: str = ""
    trust: str = "unknown"
    place: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    told_at: datetime | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if self.at is not None and _unsettled(self.at):
            object.__setattr__(self, "at", moment(self.at, "at"))
        if self.told_at is not None and _unsettled(self.told_at):
            object.__setattr__(self, "told_at", moment(self.told_at, "told_at"))


@dataclass(frozen=True, slots=True)
class MemCube:
    """One memory. A value: a new version is a new MemCube under the same id.

    Bitemporal: `valid_from`/`valid_to` say when it was true, `known_from`/`known_to` when we believed it.
    `events` and `parents` are the events and cubes it was made from, `made_by` the mechanism that made it, and
    `sources` the Event.source names behind it, best first. `order` places it within its session.
    `keys` are further texts to find it by (they feed the indexes and are not kept as text).
    """

    id: str
    text: str
    namespace: str = DEFAULT_NAMESPACE
    kind: str = "text"
    type: str = "episodic"
    speaker: str = ""
    role: str = ""
    session: str = ""
    sources: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    made_by: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    known_from: datetime | None = None
    known_to: datetime | None = None
    version: int = 1
    order: int = 0
    strength: float = 1.0
    importance: float = 0.0
    mood: str = ""
    place: str = ""
    trust: str = "unknown"
    meta: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[str, ...] = field(default=(), compare=False)
    vector: Floats | None = field(default=None, compare=False, repr=False)

    @property
    def at(self) -> datetime | None:
        """When it happened: the start of its validity."""
        return self.valid_from


@dataclass(frozen=True, slots=True)
class Link:
    """A typed, weighted, time-bounded edge between two cubes or entities (`entity:<name>`)."""

    head: str
    tail: str
    kind: str
    weight: float = 1.0
    namespace: str = DEFAULT_NAMESPACE
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    made_by: str = ""


# ---------------------------------------------------------------------------------------------------- changes


@dataclass(frozen=True, slots=True)
class Add:
    """Keep a new cube. `event` is the event it was made from, given with the first cube made from it;
    `vectors` [V, D] are its embeddings, one for each key text, and `digests` [V] name the model and text of each;
    `model` is the one they were made with (see `View.model`), where that is to be checked."""

    cube: MemCube
    event: Event | None = None
    vectors: Floats | None = field(default=None, compare=False, repr=False)
    digests: tuple[int, ...] = field(default=(), compare=False, repr=False)
    model: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Revise:
    """Put a new version of a cube in place of the one that stands; the old one stays in its history. Without
    `vectors` those of the old version go with it. `reason` says why, where that is not plain."""

    cube: MemCube
    event: Event | None = None
    vectors: Floats | None = field(default=None, compare=False, repr=False)
    digests: tuple[int, ...] = field(default=(), compare=False, repr=False)
    model: str = field(default="", compare=False, repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Retire:
    """Stop recalling a cube; it stays in history and in as-of views."""

    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Connect:
    """Draw a link."""

    link: Link


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take a link away; it stays in as-of views."""

    link: Link


@dataclass(frozen=True, slots=True)
class Touch:
    """Note that a cube was used or change how strongly it is held, without making a new version.

    `used` is the moment it was used at; a commit notes one use of a cube. `gain` is added to whatever its strength is
    when the change is applied, so that of two who strengthen it at once neither is lost.
    """

    id: str
    strength: float | None = None
    importance: float | None = None
    used: datetime | None = None
    gain: float = 0.0

    def held(self, strength: float) -> dict[str, Any]:
        """What becomes of a cube held with this `strength`, and what a journal says of it."""
        given = {"strength": self.strength, "importance": self.importance}
        if self.gain:
            given["strength"] = (strength if self.strength is None else self.strength) + self.gain
        return {name: value for name, value in given.items() if value is not None}

    def told(self) -> dict[str, str]:
        """The moment of use as a journal says it."""
        return {} if self.used is None else {"used": self.used.isoformat()}


@dataclass(frozen=True, slots=True)
class Move:
    """Carry a cube to another memory type or kind (tier)."""

    id: str
    type: str | None = None
    kind: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Erase:
    """Remove a cube, all its versions and what the indexes hold of it, for good."""

    id: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Let an earlier version of a cube stand again, with its vectors, as a new version after the last; whether the
    cube stands or was retired."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Once:
    """Commit only if nobody committed under this key before. `key` and `said` are digests: of the caller's key, and of
    what was told under it."""

    key: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What making a commit has cost: questions a language model was asked, the tokens it read and wrote, and how many
    more were answered from what it had said before (`cached`), by rules, or not at all (`unanswered`, `malformed`)."""

    mind: str = ""
    questions: int = 0
    read: int = 0
    written: int = 0
    cached: int = 0
    rules: int = 0
    unanswered: int = 0
    malformed: int = 0


Change: TypeAlias = Add | Revise | Retire | Connect | Disconnect | Touch | Move | Erase | Restore | Once | Asked


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the journal: everything in it happened together, in one namespace."""

    seq: int
    at: datetime
    author: str
    reason: str
    changes: tuple[Mapping[str, Any], ...]
    hash: str = ""
    namespace: str = DEFAULT_NAMESPACE


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a space and its hash, written ``SEQ:HASH``: keep it elsewhere, and `verify` can tell later
    whether anything up to it was rewritten. A space without commits has number 0."""

    seq: int = 0
    hash: str = ""

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure removed: ids, versions, bytes of text, and the commit that records it, with its hash.

    `derived` were made only from what was erased and went with it; `rederived` were made from other things too and
    made again from those; `retired` could not be made again, so their words went as well. Where several namespaces
    were emptied, `commits` names the commit of each and `commit` the last. `purged` is False while somebody still
    reads pages as they were before, or there is no room to write the file anew; the next commit or opening does it.
    """

    erased: tuple[str, ...]
    versions: int
    bytes: int
    commit: int
    digest: str
    derived: tuple[str, ...] = ()
    rederived: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    commits: tuple[int, ...] = ()
    purged: bool = True


@dataclass(frozen=True, slots=True)
class Rewound:
    """What a rollback or an undo did. `to` is the commit that stands again, `commits` the journal entries that brought
    it about (visible together; none when nothing had changed since), `restored` the cubes that stand again as they
    did, `retired` those that did not stand then, `links` how many were drawn or cut. `erased` were there then and were
    erased since: nothing brings them back."""

    to: int
    commits: tuple[int, ...] = ()
    restored: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    links: int = 0
    erased: tuple[str, ...] = ()


# ----------------------------------------------------------------------------------------------------- recall


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the memory: its words, its embedding when there is an embedder, and its moment.

    `now` is the moment relative dates are resolved against; `limit` how many candidates each finder may bring;
    `reliance` how far the embedding is to be relied on (see `models.Embedder`).
    """

    text: str
    vector: Floats | None = field(default=None, compare=False, repr=False)
    now: datetime | None = None
    k: int = 10
    limit: int = 200
    reliance: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates as columns: `rows` [N] are unique row numbers of a view, `score` [N] their standing and `why`
    one column [N] for each finder or ranker that spoke (NaN where it said nothing of that candidate). `paths` says of
    some rows, in words, how they were reached."""

    rows: Rows
    score: Floats
    why: Mapping[str, Floats] = field(default_factory=dict)
    paths: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, index: NDArray[Any] | slice) -> Found:
        """The candidates at these positions (or under this mask), in this order."""
        why = {name: column[index] for name, column in self.why.items()}
        return Found(self.rows[index], self.score[index], why, self.paths)

    def best(self, n: int | None = None) -> Found:
        """Sorted by score, best first; ties by row, so the order is always the same."""
        if (self.score[1:] < self.score[:-1]).all():
            return self.take(slice(n))
        order = np.lexsort((self.rows, -self.score))
        return self.take(order if n is None else order[:n])

    def column(self, name: str, missing: float = 0.0) -> Floats:
        """What `name` said of each candidate, `missing` where it said nothing."""
        if name not in self.why:
            return np.full(len(self.rows), missing, np.float32)
        column = self.why[name]
        return np.where(np.isnan(column), np.float32(missing), column)

    def scored(self, score: Floats, **why: Floats) -> Found:
        """The same candidates under a new score, with further columns of reasons."""
        return Found(self.rows, score.astype(np.float32), {**self.why, **why}, self.paths)


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0, np.float32))


def union(*found: Found) -> Found:
    """All candidates of several finders; each keeps its own column, the score is left at zero.

    >>> a = Found(np.array([1, 2]), np.array([.5, .1], np.float32), {"words": np.array([.5, .1], np.float32)})
    >>> b = Found(np.array([2, 3]), np.array([.9, .2], np.float32), {"vectors": np.array([.9, .2], np.float32)})
    >>> union(a, b).rows.tolist()
    [1, 2, 3]
    """
    found = tuple(each for each in found if len(each) or each.why)
    if not found:
        return NOTHING
    if len(found) == 1:
        return found[0]
    rows = distinct(np.concatenate([each.rows for each in found]))
    why: dict[str, Floats] = {}
    for each in found:
        at = np.searchsorted(rows, each.rows)
        for name, column in each.why.items():
            if name not in why:
                why[name] = np.full(len(rows), np.nan, np.float32)
                why[name][at] = column
            else:
                why[name][at] = np.fmax(why[name][at], column)
    paths = {row: path for each in found for row, path in each.paths.items()}
    return Found(rows, np.zeros(len(rows), np.float32), why, paths)


def distinct(rows: Rows) -> Rows:
    """Each of these rows once, ascending; for a few thousand it is quicker than `numpy.unique`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(rows)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


@dataclass(frozen=True, slots=True)
class Hit:
    """A recalled cube with its score, the reasons for it, finder by finder, and how it was reached if from another."""

    cube: MemCube
    score: float
    why: Mapping[str, float] = field(default_factory=dict)
    path: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The Event.source names this memory came from, best first."""
        return self.cube.sources

    @property
    def text(self) -> str:
        return self.cube.text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a context and the cubes and events it can be traced to."""

    text: str
    cubes: tuple[str, ...]
    events: tuple[str, ...]
    sources: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Context:
    """Text within a budget of tokens, where every line can be traced to cubes and events."""

    lines: tuple[Line, ...]
    budget: int
    tokens: int
    left_out: int = 0

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def __str__(self) -> str:
        return self.text

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


def as_dict(value: Any) -> dict[str, Any]:
    """A plain dictionary of a word, with defaults left out, dates as ISO text and no vectors."""
    out: dict[str, Any] = {}
    for name, default in _shape(value.__class__):
        item = getattr(value, name)
        if item is None or item == default or (name == "meta" and not item):
            continue
        if isinstance(item, datetime):
            item = item.isoformat()
        elif isinstance(item, tuple):
            item = list(item)
        elif isinstance(item, Mapping):
            item = dict(item)
        out[name] = item
    return out


@cache
def _shape(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a word that are written down, and their defaults."""
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in ("vector", "vectors", "keys"))


def cube_from(record: Mapping[str, Any]) -> MemCube:
    """The MemCube of a dictionary that `as_dict` wrote."""
    known = {name: record[name] for name in _CUBE_FIELDS if name in record}
    for name in ("valid_from", "valid_to", "known_from", "known_to"):
        if isinstance(known.get(name), str):
            known[name] = datetime.fromisoformat(known[name])
    for name in ("sources", "events", "parents"):
        if name in known:
            known[name] = tuple(known[name])
    return MemCube(**known)


_CUBE_FIELDS = tuple(each.name for each in fields(MemCube) if each.name not in ("keys", "vector"))

__all__ = [
    "Add", "Asked", "Change", "Commit", "Connect", "Context", "Disconnect", "Erase", "Event", "Found", "Head", "Hit",
    "Line", "Link", "MemCube", "Move", "NOTHING", "Once", "Query", "Receipt", "Restore", "Retire", "Revise",
    "Rewound", "Touch", "as_dict", "cube_from", "digest", "moment", "replace", "union",
]  # fmt: skip
