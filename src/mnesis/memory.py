"""The front door: a memory space and its verbs. Everything a user does goes through here.

space = Space("agent.mnesis")
space.remember("I moved to Lisbon.", namespace="ana", speaker="Ana", at="2026-03-02")
space.recall("Where does Ana live?", namespace="ana")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np

from mnesis import catalog, explaining, settings, tending
from mnesis.asking import Asker, Sitting, mind_of, ruled
from mnesis.drive import Account, Answer, settled
from mnesis.errors import BadInput, Conflict, NotFound, Superseded, UnknownName
from mnesis.exporting import Exported, export
from mnesis.forgetting import Plan, meant, plan
from mnesis.intake import Told, admitted, erased_before, guarded, made_of, set_apart, unknown
from mnesis.minds import Minds, embedder_of
from mnesis.models import Embedder
from mnesis.reembedding import Progress, Reembedded, chosen, reembed
from mnesis.retention import Rule, Span, due, rule_of, rules, setting, span
from mnesis.store import Store, View
from mnesis.store.checks import RULES, lost
from mnesis.store.heads import rewritten
from mnesis.store.marks import QUARANTINE, lowered, rests_on
from mnesis.store.once import once, told_before
from mnesis.store.rewind import rollback, undo
from mnesis.text.lines import estimate
from mnesis.text.recipes import Recipe
from mnesis.using import ids_of, leave
from mnesis.vault import Vault, room, rooms
from mnesis.walls import OURS, check_namespace, check_words, inside, is_clean
from mnesis.words import (
    DEFAULT_NAMESPACE,
    MEMORY_TYPES,
    NOTHING,
    Add,
    Asked,
    Change,
    Commit,
    Context,
    Event,
    Head,
    Hit,
    MemCube,
    Query,
    Receipt,
    Retire,
    Revise,
    Rewound,
    digest,
    moment,
    replace,
    union,
)

LONGEST_QUESTION = 100_000  # characters
When = datetime | date | str | None
Forgettable = str | Hit | MemCube | Query


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify` found: `ok`, and every problem as a sentence."""

    ok: bool
    problems: tuple[str, ...]


class Space:
    """A memory space: one file, or ``:memory:``.

    `recipe` is the address (or bare name) of a recipe or a `Recipe`; `embedder` one of ``none``, ``static``,
    ``local``, an address or an object of the `models.Embedder` protocol. A space remembers which embedder wrote its
    vectors and refuses another. `language` names the Snowball stemmer for Latin script (fixed when the space is
    made). `clock` tells the time; the default is the system's. `mind` answers what recipes ask: ``rules`` (offline,
    the default), ``http``, an address or an object with a method `answer`; it is asked within the budget of a call.
    """

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        recipe: str | Recipe = "default",
        embedder: str | Embedder | None = None,
        language: str = "english",
        clock: Callable[[], datetime] | None = None,
        key: str | bytes | None = None,
        mind: str | Any | None = None,
    ) -> None:
        self._recipe: Recipe = _recipe(recipe)
        self._clock = clock or (lambda: datetime.now(UTC))
        # Whatever can be refused is refused before there is a file.
        asked = mind_of(mind)
        wanted = settings.embedder() if embedder is None and not _is_kept(path) else embedder
        made = None if wanted is None else embedder_of(wanted)
        self._store: Store = _store(str(path), language)
        try:
            self._asker = Asker(asked, self._store)
            self._vault = Vault(self._store, key)
            self._minds = Minds(self._store, self._recipe.name, wanted, made)
        except BaseException:
            self._store.close()
            raise

    # --------------------------------------------------------------------------------------------- remembering

    def remember(
        self,
        what: Told | Sequence[Told],
        *,
        namespace: str = DEFAULT_NAMESPACE,
        speaker: str = "",
        at: When = None,
        source: str = "",
        session: str = "",
        role: str = "",
        trust: str = "unknown",
        place: str = "",
        meta: Mapping[str, Any] | None = None,
        key: str | None = None,
        again: bool = False,
        type: str = "",
        questions: int = 0,
        tokens: int | None = None,
        author: str = "",
        reason: str = "remember",
    ) -> list[MemCube]:
        """Keep what happened: a text, an Event or a list of either, in one commit. Returns the cubes it became.

        The keywords fill what an Event leaves empty. An event that names its `source` (or brings an `id`) and was taken
        in before, word for word, is not taken in again (so an import can be repeated); it then adds nothing to the
        list returned. Nor is one that was erased, unless `again` asks for it. With a `key` the call happens once: told
        again under it, in this namespace, whoever asks, nothing is kept and the cubes of the first call are returned;
        under the same key something else is a `Conflict`. `type` is the memory type, where it is not what the recipe
        makes of it; of type ``vault`` it is sealed with the key of the space, see `mnesis.vault`. The recipe may ask
        the space's language model so many `questions` (and, where they are bounded, so many `tokens`); rules answer
        the rest.
        """
        if type and type not in MEMORY_TYPES:
            raise UnknownName("memory type", str(type), MEMORY_TYPES)
        check_namespace(namespace)
        if isinstance(what, bytes | Mapping) or not isinstance(what, Iterable | Event):
            raise BadInput(f"remember takes text, an Event or a list of them, not {what.__class__.__name__}.")
        if meta is not None and not isinstance(meta, Mapping):
            raise BadInput(f"meta is a mapping of names to values, not {meta.__class__.__name__}.")
        told: Sequence[Told] = [what] if isinstance(what, str | Event) else list(what)
        given = Event("", speaker, moment(at, "at"), source, session, role, trust, place, dict(meta or {}))
        events = admitted(told, given, namespace, self._recipe.guard)
        if type == "vault":
            return self._lock_up(events, key, namespace, author, reason)
        secret = self._recipe.secret if self._vault.open_to_us and not type else None
        if secret and (apart := [event for event in events if secret(event)]):
            sealed = self._lock_up(apart, key, namespace, author, reason)
            same: dict[str, Any] = {"namespace": namespace, "again": again, "author": author, "reason": reason}
            others = [event for event in events if event not in apart]
            return sealed + (self.remember(others, questions=questions, tokens=tokens, **same) if others else [])
        asked = None if key is None else once(key, events, namespace)
        if asked and key and (kept := told_before(self._store, asked, key, namespace)) is not None:
            return kept
        events = unknown(events, told, namespace, self._store)
        if not again and (buried := {each.id for each in erased_before(events, namespace, self._store)}):
            events = [event for event in events if event.id not in buried]
        held = [event for event in events if QUARANTINE in event.meta]
        events = [event for event in events if QUARANTINE not in event.meta]
        changes: list[Change] = []
        with self._asker.sitting(questions, tokens) as sitting:
            # What waits in quarantine may be an order to a machine, so no language model is shown it.
            for some, turn, answer in ((events, made_of, sitting.of(namespace)), (held, set_apart, ruled())):
                if some:
                    view = self._store.glance(namespace)
                    changes += self._embedded(turn(some, namespace, self._recipe, view, answer), view)
        if type:
            typed = (each for each in changes if isinstance(each, Add | Revise))
            changes = [replace(each, cube=replace(each.cube, type=type)) for each in typed] + [
                each for each in changes if not isinstance(each, Add | Revise)
            ]
        try:
            if changes or asked:
                self._commit([*([asked] if asked else []), *changes, *sitting.entry()], author, reason, namespace)
        except Conflict:  # somebody else may have told it under this key while we were reading
            if asked and key and (kept := told_before(self._store, asked, key, namespace)) is not None:
                return kept
            raise
        return [each.cube for each in changes if isinstance(each, Add | Revise)]

    def _lock_up(
        self, events: Sequence[Event], key: str | None, namespace: str, author: str, reason: str
    ) -> list[MemCube]:
        """Seal events into the vault; those that name a source or an id, each once."""
        if key is not None:
            raise BadInput("key= notes a digest of what is told, by which it could be guessed; give source= instead.")
        made = {each.id: each for each in (self._vault.cube(event, namespace) for event in events)}
        known = self._store.events_known(room(namespace), list(made))
        fresh = [cube for id, cube in made.items() if id not in known]
        if fresh:
            self._commit([Add(self._vault.seal(cube, namespace)) for cube in fresh], author, reason, room(namespace))
        return fresh

    def erased_before(self, events: Sequence[Event], *, namespace: str = DEFAULT_NAMESPACE) -> list[Event]:
        """Which of these events were erased once, so that `remember` leaves them out unless told `again`."""
        check_namespace(namespace)
        return erased_before(events, namespace, self._store)

    def _embedded(self, changes: Sequence[Change], view: View) -> list[Change]:
        """The changes, with vectors for every cube that brings text to be found by, and trusted no more than what
        they were made from."""
        if asked := rests_on(changes):
            changes = lowered(changes, self._store.read_trusts(view.namespace, asked))
        return self._minds.of(view.model).embedded(changes, view, self._store)

    def _commit(self, changes: Sequence[Change], author: str, reason: str, namespace: str) -> Commit:
        by = self._signed(author, reason)
        while True:
            at = self._clock()
            try:
                commit: Commit = self._store.commit(changes, author=by, reason=reason, at=at, namespace=namespace)
                return commit
            except Superseded:  # the model was changed since these were embedded
                fresh: dict[str, Any] = {"vectors": None, "digests": (), "model": ""}
                bare = [replace(e, **fresh) if isinstance(e, Add | Revise) else e for e in changes]
                changes = self._embedded(bare, self._view(namespace))

    # ------------------------------------------------------------------------------------------------ recalling

    def recall(
        self,
        query: str,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        k: int = 10,
        as_of: int | When = None,
        valid_at: When = None,
        now: When = None,
        within: bool = False,
        min_trust: str = "unknown",
        types: Sequence[str] = (),
        touch: bool = True,
        questions: int = 0,
        tokens: int | None = None,
    ) -> list[Hit]:
        """The `k` memories that answer `query` best, best first, each with the reasons it was found.

        `as_of` (a commit number or a moment) asks what was known then: the answer is what this would have returned
        then. `valid_at` asks what was true at a moment. `now` is the moment words like "last week" are read from; it is
        the present, or the moment of `as_of`.

        `within` asks the namespaces beneath this one too, each by itself, and puts their hits together. `min_trust`
        leaves out what is trusted less (``web`` < ``tool`` < ``agent`` < ``user``), `types` what is of another memory
        type; what is in quarantine never comes. Where the recipe has parts in `use`, a recall at the present leaves a
        trace (what is recalled grows stronger, for example); with `touch` False it does not. The recipe may ask so many
        `questions`, see `remember`.
        """
        with self._asker.sitting(questions, tokens) as sitting:
            ask = partial(self._recalled, sitting, namespace=namespace, k=k, as_of=as_of, valid_at=valid_at, now=now)
            return ask(query, within=within, min_trust=min_trust, types=types, touch=touch)

    def _recalled(
        self,
        sitting: Sitting,
        query: str,
        *,
        namespace: str,
        k: int,
        as_of: int | When,
        valid_at: When,
        now: When,
        within: bool = False,
        min_trust: str = "unknown",
        types: Sequence[str] = (),
        touch: bool = True,
    ) -> list[Hit]:
        check_namespace(namespace)
        _check_count("k", k)
        query = _question(query)
        ask = partial(self._recalled, sitting, query, k=k, as_of=as_of, valid_at=valid_at, now=now)
        if "vault" in types:
            others = tuple(each for each in types if each != "vault")
            hits = self._unlocked(query, self._spread(namespace, within), k, as_of, valid_at, now, min_trust)
            if others:
                hits += ask(namespace=namespace, within=within, min_trust=min_trust, types=others, touch=touch)
            return sorted(hits, key=lambda hit: -hit.score)[:k]
        if within:
            rooms = self._spread(namespace, within)
            each = partial(ask, min_trust=min_trust, types=types, touch=False)
            hits = [hit for room in rooms for hit in each(namespace=room)]
            hits = sorted(hits, key=lambda hit: -hit.score)[:k]
            for room in dict.fromkeys(hit.cube.namespace for hit in hits if touch):
                mine = [hit.cube for hit in hits if hit.cube.namespace == room]
                self._trace(sitting, query, mine, room, k, as_of, valid_at, now)
            return hits
        answer = sitting.of(namespace)
        whole = self._view(namespace, as_of, valid_at)
        view = whole.sieved(min_trust, types)
        moment_asked = moment(now, "now") or self._then(as_of)
        asked = self._asked(query, view, moment_asked, k)
        found = NOTHING
        for find in self._recipe.find:
            found = union(found, settled(find(asked, view, found), answer))
        found = settled(self._recipe.rank(asked, found, view), answer).best(k)
        cubes = view.cubes(found.rows)
        if len(cubes) < len(found):  # one of them was erased since this view was taken
            return ask(namespace=namespace, min_trust=min_trust, types=types, touch=touch)
        if touch:
            self._trace(sitting, query, cubes, namespace, k, as_of, valid_at, now)
        names = list(found.why)
        columns = np.stack([found.why[name] for name in names], axis=1) if names else np.zeros((len(found), 0))
        why = [{n: float(v) for n, v in zip(names, row, strict=True) if v == v and v != 0} for row in columns.tolist()]
        ways = [found.paths.get(row, "") for row in found.rows.tolist()]
        return [Hit(*each) for each in zip(cubes, found.score.tolist(), why, ways, strict=True)]

    def _asked(self, query: str, view: View, now: datetime, k: int) -> Query:
        mind = self._minds.of(view.model)
        return Query(query, mind.asked(query, frozenset(view.speakers())), now, k, reliance=mind.reliance)

    def cite(
        self,
        query: str,
        cited: Sequence[str | Hit | MemCube],
        *,
        namespace: str = DEFAULT_NAMESPACE,
        k: int = 10,
        now: When = None,
        author: str = "",
        reason: str = "cite",
    ) -> Commit | None:
        """Say which memories (hits, cubes or ids) the answer to a question rested on, out of the `k` it recalls.

        The parts of the recipe that learn from it do: a cited hit may come first next time. Returns the commit this
        led to, None where the recipe learns nothing from it.
        """
        query, ids = _question(query), ids_of([cited] if isinstance(cited, str | Hit | MemCube) else cited)
        named = [self.get(id, namespace=namespace) for id in ids]
        at = moment(now, "now") or self._clock()
        hits = self.recall(query, namespace=namespace, k=k, now=at, touch=False)
        asked = self._asked(query, self._view(namespace), at, k)
        return self._leave(ruled(), asked, [*(hit.cube for hit in hits), *named], ids, namespace, at, author, reason)

    def _trace(
        self,
        sitting: Sitting,
        query: str,
        cubes: Sequence[MemCube],
        namespace: str,
        k: int,
        as_of: int | When,
        valid_at: When,
        now: When,
    ) -> None:
        """Leave behind what a recall leaves: nothing where the recipe has no `use`, or it asks for another time."""
        if self._recipe.use and cubes and as_of is None and valid_at is None:
            at = moment(now, "now") or self._clock()
            asked = self._asked(query, self._view(namespace), at, k)
            answer = sitting.of(namespace)
            self._leave(answer, asked, cubes, None, namespace, at, "", "recall", sitting.entry)

    def _leave(
        self,
        answer: Answer,
        asked: Query,
        cubes: Sequence[MemCube],
        cited: Sequence[str] | None,
        namespace: str,
        now: datetime,
        author: str,
        reason: str,
        cost: Callable[[], list[Asked]] = list,
    ) -> Commit | None:
        """Commit what the `use` parts of the recipe make of a recall, with what its questions cost."""
        spent: list[Asked] = []

        def kept(changes: Sequence[Change], view: View) -> Commit:
            spent.extend(cost())  # once, however often somebody else comes between
            return self._commit([*self._embedded(changes, view), *spent], author, reason, namespace)

        return leave(self._recipe.use, answer, asked, cubes, cited, now, lambda: self._view(namespace).sieved(), kept)

    def _unlocked(
        self,
        query: str,
        rooms: Sequence[str],
        k: int,
        as_of: int | When,
        valid_at: When,
        now: When,
        min_trust: str,
    ) -> list[Hit]:
        """What the vaults of these namespaces say to a question: opened for the length of a call, searched by words."""
        known = as_of if isinstance(as_of, int) else moment(as_of, "as_of")
        hits: list[Hit] = []
        for name in rooms:
            cubes = self._vault.standing(name, known)
            with Space(recipe=self._recipe, embedder="none", clock=lambda: self._then(as_of)) as opened:
                if cubes:
                    plain = [replace(cube, version=1, known_from=None, type="episodic") for cube in cubes]
                    opened._commit([Add(cube) for cube in plain], "", "open", name)
                by_id = {cube.id: cube for cube in cubes}
                ask = partial(opened.recall, query, namespace=name, k=k, valid_at=valid_at, now=now, touch=False)
                found = ask(min_trust=min_trust)
                hits += [replace(hit, cube=by_id[hit.cube.id]) for hit in found]
        return hits

    def _view(self, namespace: str, as_of: int | When = None, valid_at: When = None) -> View:
        if isinstance(as_of, bool) or (isinstance(as_of, int) and as_of < 0):
            raise BadInput(f"as_of={as_of!r} is no commit; give a number from 0 on, or a moment.")
        known = as_of if isinstance(as_of, int) else moment(as_of, "as_of")
        view: View = self._store.view(namespace, known, moment(valid_at, "valid_at"))
        return view

    def _then(self, as_of: int | When) -> datetime:
        """The present as of a commit or a moment."""
        present = self._clock()
        if not isinstance(as_of, int):
            return min(moment(as_of, "as_of") or present, present)
        entry = next(iter(self._store.journal(as_of - 1)), None) if as_of else None
        return present if entry is None else entry.at

    def context(
        self,
        query: str,
        *,
        namespace: str = DEFAULT_NAMESPACE,
        budget: int = 1200,
        k: int = 50,
        as_of: int | When = None,
        valid_at: When = None,
        now: When = None,
        within: bool = False,
        min_trust: str = "unknown",
        types: Sequence[str] = (),
        touch: bool = True,
        count: Callable[[str], int] = estimate,
        questions: int = 0,
        tokens: int | None = None,
    ) -> Context:
        """Text of at most `budget` tokens (as `count` counts them) to put before a question, every line traceable.

        `questions` and `tokens` bound what the recipe may ask, see `remember`.
        """
        _check_count("budget", budget)
        with self._asker.sitting(questions, tokens) as sitting:
            ask = partial(self._recalled, sitting, query, k=k, as_of=as_of, valid_at=valid_at, now=now, touch=touch)
            hits = ask(namespace=namespace, within=within, min_trust=min_trust, types=types)
            return settled(self._recipe.pack(hits, budget, count), sitting.of(namespace))

    @property
    def account(self) -> Account:
        """What answering the recipe's questions has cost since this space was opened."""
        return self._asker.account

    def explain(self, what: Hit | Commit) -> str:
        """Why a memory was recalled and where it came from, or what a commit did and why, in plain lines."""
        return (
            explaining.of_hit(what) if isinstance(what, Hit) else "\n".join(explaining.lines(what, self.accounts(what)))
        )

    def accounts(self, commit: Commit) -> list[tuple[str, str, str]]:
        """(what was done, the memory, why) for every change of a commit, as far as it is still there to be told."""
        return list(explaining.accounts(commit, self._store.view(commit.namespace, commit.seq)))

    def get(
        self, cube_id: str, *, namespace: str | None = None, as_of: int | When = None, valid_at: When = None
    ) -> MemCube:
        """The cube that stands (or stood) under this id; with `valid_at` only if it was true at that moment."""
        space = self._where(cube_id, namespace)
        view = self._view(space, as_of, valid_at)
        cube = view.get(cube_id)
        if cube is not None and cube.type == "vault":
            return self._vault.open(cube)
        if cube is None:
            when = "does not stand any more" if as_of is None else f"did not stand as of {as_of}"
            if valid_at is not None and self._view(space, as_of).get(cube_id) is not None:
                when = f"was not true at {valid_at}"
            raise NotFound(f"Cube {cube_id!r} {when}; its history may tell why.")
        vector = view.vector(cube_id)
        return cube if vector is None else replace(cube, vector=vector)

    def cubes(
        self, *, namespace: str = DEFAULT_NAMESPACE, as_of: int | When = None, valid_at: When = None
    ) -> Iterator[MemCube]:
        """Every cube that stands in a namespace, or stood then, oldest first, with its vector."""
        check_namespace(namespace)
        view = self._view(namespace, as_of, valid_at)
        rows = view.alive()
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            cubes = view.cubes(part)
            if len(cubes) < len(part):  # some were erased since this view was taken
                vectors = [view.vector(cube.id) for cube in cubes]
            else:
                vectors = view.vectors(part)
            for cube, vector in zip(cubes, vectors, strict=True):
                yield cube if vector is None else replace(cube, vector=vector)

    def namespaces(self, within: str | None = None) -> dict[str, int]:
        """Every namespace and how many cubes stand in it; with `within`, that one and those beneath it."""
        if within is not None:
            check_namespace(within)
        counted = {name: n for name, n in self._store.namespaces().items() if not name.startswith(OURS)}
        return {name: n for name, n in counted.items() if within is None or inside(name, within)}

    def _spread(self, namespace: str, within: bool) -> list[str]:
        """The namespace, or with `within` that and every namespace beneath it that holds or held a cube."""
        check_namespace(namespace)
        return [namespace] if not within else [name for name in self._store.inhabited() if inside(name, namespace)]

    def history(
        self, cube_id: str, *, namespace: str | None = None, as_of: int | When = None, valid_at: When = None
    ) -> list[MemCube]:
        """Every version of a cube, oldest first, with the times it was believed (`known_from`, `known_to`).

        With `as_of` it is the history as it was known then, with `valid_at` only the versions true at that moment.
        """
        versions = self._view(self._where(cube_id, namespace), as_of, valid_at).history(cube_id)
        return [self._vault.open(each) if each.type == "vault" else each for each in versions]

    def event(self, event_id: str, *, namespace: str = DEFAULT_NAMESPACE) -> Event:
        """What happened, word for word."""
        check_namespace(namespace)
        event = self._view(namespace).event(event_id) if isinstance(event_id, str) and is_clean(event_id) else None
        if event is None:
            raise NotFound(f"There is no event {event_id!r} in namespace {namespace!r}.")
        return event

    def journal(self, since: int = 0, *, namespace: str | None = None, within: bool = False) -> Iterator[Commit]:
        """The commits after `since`, oldest first; of one namespace when it is named."""
        if namespace is None:
            return iter(self._store.journal(since))
        check_namespace(namespace)
        told = self._store.journal(since)
        return (each for each in told if each.namespace == namespace or (within and inside(each.namespace, namespace)))

    # ------------------------------------------------------------------------------------- revising, forgetting

    def revise(
        self,
        cube_id: str,
        text: str,
        *,
        expected_version: int | None = None,
        at: When = None,
        namespace: str | None = None,
        author: str = "",
        reason: str = "revise",
    ) -> MemCube:
        """Put a new text in place of what a cube says; the old version stays in its history.

        With `expected_version` it is a compare-and-swap: when somebody revised it first a `Conflict` is raised, which
        carries the cube that stands and the one the caller knew.
        `at` says from when the new text is true.
        """
        space = self._where(cube_id, namespace)
        if not isinstance(text, str) or not text.strip():
            raise BadInput("The new text is empty; to take a memory away use forget.")
        view = self._view(space)
        standing = view.get(cube_id)
        if standing is None:
            raise NotFound(f"Cube {cube_id!r} does not stand any more; its history may tell why.")
        standing = self._vault.open(standing) if standing.type == "vault" else standing
        if expected_version is not None and standing.version != expected_version:
            known = next((each for each in view.history(cube_id) if each.version == expected_version), None)
            raise lost(cube_id, expected_version, standing, known)
        event = Event(text, standing.speaker, moment(at, "at") or standing.at, role=standing.role, trust=standing.trust)
        event = guarded(event, self._recipe.guard)
        if standing.type == "vault":
            at = moment(at, "at") or standing.valid_from
            cube = replace(standing, text=text, version=standing.version + 1, valid_from=at, known_from=None)
            self._commit([Revise(self._vault.seal(cube, cube.namespace))], author, reason, space)
            return cube
        event = replace(event, id=digest(space, cube_id, str(standing.version + 1), text))
        parsed = settled(self._recipe.parse(event, space, frozenset(view.speakers())), ruled())
        whole = parsed[0] if len(parsed) == 1 else replace(standing, keys=(), text=text)
        meta = {name: value for name, value in standing.meta.items() if name != "dates"}
        meta |= {name: value for name, value in whole.meta.items() if name == "dates"}
        cube = replace(
            standing,
            text=text,
            version=standing.version + 1,
            valid_from=moment(at, "at") or standing.valid_from,
            known_from=None,
            events=(*standing.events, event.id),
            keys=whole.keys,
            meta=meta,
            vector=None,
        )
        changes = self._embedded([Revise(cube, event)], view)
        self._commit(changes, author, reason, space)
        return replace(cube, keys=())

    def forget(
        self,
        what: Forgettable | Sequence[Forgettable] | None = None,
        *,
        erase: bool = False,
        k: int | None = None,
        namespace: str | None = None,
        within: bool = False,
        author: str = "",
        reason: str = "forget",
    ) -> list[MemCube] | Receipt:
        """Stop recalling memories, named by an id, a hit or a cube (or a list of them), or by a question.

        A question has to name one memory clearly; with `k` its `k` best matches are taken, whatever they are. Without
        `what` everything in `namespace` is forgotten, and with `within` also everything in the namespaces beneath it.
        What is forgotten stays in history and as-of views unless `erase` is set: then every version of it goes, what
        was made only from it, its vectors, index terms and what the journal said of it, and a `Receipt` tells.
        """
        if what is not None and within:
            raise BadInput("within=True goes with a namespace alone: to forget everything there, name no memory.")
        chosen = self._everything(namespace, within) if what is None else self._chosen(what, k, namespace, erase)
        if what is None and not erase:
            chosen = [cube for cube in chosen if cube.known_to is None]
        spaces = dict.fromkeys(cube.namespace for cube in chosen)
        parts = [(space, [cube for cube in chosen if cube.namespace == space]) for space in spaces]
        if erase:
            return self._erase(parts, what is None, author, reason)
        for space, cubes in parts:
            self._commit([Retire(cube.id, reason) for cube in cubes], author, reason, space)
        return chosen

    def _erase(self, parts: Sequence[tuple[str, list[MemCube]]], whole: bool, author: str, reason: str) -> Receipt:
        plans: list[Plan] = []

        def planned() -> Iterator[tuple[str, list[Change]]]:
            for space, cubes in parts:
                view, ids = self._view(space), [cube.id for cube in cubes]
                plans.append(Plan(tuple(ids)) if whole else plan(view, ids))
                yield space, self._embedded(plans[-1].changes(), view)

        by = self._signed(author, reason)
        commits = self._store.together(planned, author=by, reason=reason, at=self._clock())
        changes = [change for commit in commits for change in commit.changes]
        return Receipt(
            tuple(id for each in plans for id in each.asked),
            sum(int(each.get("versions", 0)) for each in changes),
            sum(int(each.get("bytes", 0)) for each in changes),
            commits[-1].seq,
            commits[-1].hash,
            derived=tuple(id for each in plans for id in each.derived),
            rederived=tuple(cube.id for each in plans for cube in each.rederived),
            retired=tuple(id for each in plans for id in each.retired),
            commits=tuple(each.seq for each in commits),
            purged=self._store.purge(),
        )

    def _everything(self, namespace: str | None, within: bool) -> list[MemCube]:
        """Every cube of a namespace (and those beneath it) that stands or stood."""
        if namespace is None:
            raise BadInput("Say what to forget, or name the namespace of which everything is to be forgotten.")
        spaces = self._spread(namespace, within)
        vaults = [
            room(name)
            for name in rooms(self._store.inhabited())
            if name in spaces or (within and inside(name, namespace))
        ]
        chosen = [cube for space in [*spaces, *vaults] for cube in self._view(space).ever()]
        if not chosen:
            raise NotFound(f"There is nothing in namespace {namespace!r}, so nothing was forgotten.")
        return chosen

    def _chosen(
        self, what: Forgettable | Sequence[Forgettable], k: int | None, namespace: str | None, retired: bool
    ) -> list[MemCube]:
        """The cubes meant; with `retired` also one that does not stand any more, if it is named."""
        if namespace is not None:
            check_namespace(namespace)
        if isinstance(what, Sequence) and not isinstance(what, str | bytes):
            found = [cube for each in what for cube in self._chosen(each, k, namespace, retired)]
            if not found:
                raise BadInput("The list of what to forget is empty.")
            return list({(cube.namespace, cube.id): cube for cube in found}.values())
        cube = what.cube if isinstance(what, Hit) else what
        if isinstance(cube, MemCube):
            return [self._named(cube.id, namespace or cube.namespace, retired)]
        if isinstance(cube, str) and (self._spaces(cube) or _like_id(cube)):
            return [self._named(cube, namespace, retired)]
        if not isinstance(cube, str | Query):
            raise BadInput(f"forget takes an id, a hit, a cube or a question, not {type(what).__name__}.")
        text = cube.text if isinstance(cube, Query) else cube
        space = namespace or DEFAULT_NAMESPACE
        hits = self.recall(text, namespace=space, k=5 if k is None else k, touch=False)
        if k is None:
            view = self._view(space)
            return [meant(text, hits, view, view.speakers())]
        if not hits:
            raise NotFound(f"Nothing was found for {text!r}, so nothing was forgotten.")
        return [hit.cube for hit in hits]

    def _named(self, cube_id: str, namespace: str | None, retired: bool) -> MemCube:
        space = self._where(cube_id, namespace)
        standing = self._view(space).get(cube_id)
        if space.startswith(OURS) and standing is not None:
            return standing  # of the vault: to be let go of it need not be opened
        return self._view(space).history(cube_id)[-1] if retired else self.get(cube_id, namespace=space)

    def quarantine(
        self, cube_id: str, *, reason: str = "quarantine", namespace: str | None = None, author: str = ""
    ) -> MemCube:
        """Hold a memory out of recall, for a reason, until it is released; `get` and `history` still show it."""
        check_words(author=author, reason=reason)
        standing = self.get(cube_id, namespace=namespace)
        if standing.type == "vault":
            raise BadInput("What lies in the vault never comes by itself, so there is nothing to hold it out of.")
        if QUARANTINE in standing.meta:
            raise BadInput(f"Cube {cube_id!r} is in quarantine already: {standing.meta[QUARANTINE]}.")
        return self._set_meta(standing, {**standing.meta, QUARANTINE: reason}, author, "quarantine")

    def release(self, cube_id: str, *, namespace: str | None = None, author: str = "") -> MemCube:
        """Let a memory out of quarantine."""
        standing = self.get(cube_id, namespace=namespace)
        if QUARANTINE not in standing.meta:
            raise BadInput(f"Cube {cube_id!r} is not in quarantine; quarantined() lists what is.")
        meta = {name: value for name, value in standing.meta.items() if name != QUARANTINE}
        return self._set_meta(standing, meta, author, "release")

    def quarantined(self, *, namespace: str = DEFAULT_NAMESPACE, within: bool = False) -> list[MemCube]:
        """What is in quarantine, oldest first; ``meta["quarantine"]`` says why."""
        views = map(self._view, self._spread(namespace, within))
        return [cube for view in views for cube in view.cubes(view.quarantined())]

    def _set_meta(self, standing: MemCube, meta: Mapping[str, Any], author: str, reason: str) -> MemCube:
        cube = replace(standing, meta=meta, version=standing.version + 1, known_from=None, vector=None)
        self._commit([Revise(cube)], author, reason, standing.namespace)
        return self.get(cube.id, namespace=cube.namespace)

    def tend(
        self,
        now: When = None,
        *,
        namespace: str | None = None,
        again: bool = False,
        questions: int = 0,
        tokens: int | None = None,
        author: str = "",
    ) -> list[Commit]:
        """Let the recipe's tenders consolidate what is kept; returns the commits this led to (none when at rest).

        They are shown what changed since they were here last (with `again` everything), in batches: stopped anywhere,
        the next call goes on from there. `explain` says of a commit what was done and why. `questions` and `tokens`
        bound what they may ask, see `remember`.
        """
        if namespace is not None:
            check_namespace(namespace)
        at = moment(now, "now") or self._clock()
        commits = []
        with self._asker.sitting(questions, tokens) as sitting:
            for space in list(self.namespaces()) if namespace is None else [namespace]:
                commits += self._let_go(space, at, author)
                answer = sitting.of(space)
                commits += tending.tend(
                    self._store,
                    space,
                    self._recipe,
                    lambda: self._view(space).sieved(),  # noqa: B023 (used within the round)
                    lambda part, view: settled(part(view, at), answer),  # noqa: B023
                    lambda changes, view: self._commit(
                        [*self._embedded(changes, view), *sitting.entry()], author, "tend", view.namespace
                    ),
                    again=again,
                )
        return commits

    def _let_go(self, space: str, now: datetime, author: str) -> list[Commit]:
        """Apply the retention rule of a namespace, to its vault too; under a hold nothing goes."""
        rule = rule_of(space, rules(self._store))
        if rule.hold or (rule.ttl is None and rule.max_age is None):
            return []
        commits: list[Commit] = []
        for name in (space, room(space)):
            view = self._view(name)
            ids = due(rule, view, self._store, now)
            if not ids:
                continue
            if rule.then == "retire":
                commits.append(self._commit([Retire(id, "retention") for id in ids], author, "retain", name))
            else:
                cubes = [cube for cube in view.ever() if cube.id in set(ids)]
                receipt = self._erase([(name, cubes)], False, author, "retain")
                commits += [next(iter(self._store.journal(seq - 1))) for seq in receipt.commits]
        return commits

    def retain(
        self,
        namespace: str,
        *,
        ttl: Span = None,
        max_age: Span = None,
        then: str = "erase",
        author: str = "",
    ) -> Rule:
        """Say how long a namespace, and everything beneath it, keeps what it was told; `tend` applies it.

        `ttl` counts from when a memory was told or last revised, `max_age` from when it happened; `then` is ``erase``
        or ``retire``. Lengths are timedeltas or texts such as ``30d``. Without either the rule is lifted. A rule of a
        narrower namespace takes the place of a wider one's.
        """
        check_namespace(namespace)
        before = rules(self._store).get(namespace, Rule(namespace))
        rule = replace(before, ttl=span(ttl, "ttl"), max_age=span(max_age, "max_age"), then=then)
        self._commit([setting(self._store, rule)], author, "retain", RULES)
        return rule

    def hold(self, namespace: str, *, reason: str = "", author: str = "") -> Rule:
        """Put a legal hold on a namespace and everything beneath it: nothing there can be erased until it is lifted
        (without a `reason` it is). Forgetting without erasing is still possible."""
        check_namespace(namespace)
        check_words(reason=reason)
        rule = replace(rules(self._store).get(namespace, Rule(namespace)), hold=reason)
        self._commit([setting(self._store, rule)], author, "retain", RULES)
        return rule

    def retention(self, *, namespace: str, within: bool = False) -> list[Rule]:
        """What holds in a namespace (set there or above it), and with `within` every rule set beneath it."""
        check_namespace(namespace)
        known = rules(self._store)
        below = [rule for name, rule in known.items() if within and name != namespace and inside(name, namespace)]
        return [rule_of(namespace, known), *below]

    # ------------------------------------------------------------------------------------------------ going back

    def rollback(self, to: int | When, *, namespace: str | None = None, author: str = "") -> Rewound:
        """Let everything that stood at a commit (or moment) stand again, in one namespace or in all.

        History is not rewritten: it is one more commit in each namespace concerned, and they become visible together.
        Cubes, derived ones too, links, strengths and importance are as they were then. Events are facts: what was told
        since stays known, so telling it again adds nothing. What was erased since stays erased, and the result says so.
        """
        if namespace is not None:
            check_namespace(namespace)
        when = None if isinstance(to, int) else moment(to, "to")
        commit = to if when is None else self._view(DEFAULT_NAMESPACE, when).commit
        by, kept = self._signed(author), rules(self._store)
        done = rollback(self._store, commit, namespace=namespace, author=by, at=self._clock())
        if (now := rules(self._store)) != kept:  # rules and holds are no memories: they stay as they are
            changed = [kept.get(name, Rule(name)) for name in sorted(kept.keys() | now.keys())]
            self._commit([setting(self._store, each) for each in changed], author, "retain", RULES)
        return done

    def undo(self, commit: int, *, author: str = "") -> Rewound:
        """Take back what one commit did, by one more commit.

        Where something that stands rests on it (a later version, a link, a cube made from what it brought) nothing is
        done and `Entangled` names those commits.
        """
        return undo(self._store, commit, author=self._signed(author), at=self._clock())

    def _signed(self, author: str, reason: str = "") -> str:
        check_words(author=author, reason=reason)
        return author or self._recipe.name

    # ------------------------------------------------------------------------------------------------- the space

    def reembed(
        self,
        embedder: str | Embedder | None = None,
        *,
        keep: bool = False,
        batch: int = 256,
        progress: Progress | None = None,
    ) -> Reembedded:
        """Change the model: embed every memory anew with another embedder, while the space goes on working.

        The new vectors are made beside those in use, `batch` memories at a time, and take their place in one short
        transaction; `progress` is told (done, total). After an interruption the same call goes on where it stood
        (without `embedder`, with the one that was begun). The former vectors are dropped, or with `keep` kept so that
        changing back is quick.
        """
        made, mind = chosen(self._store, embedder)
        self._minds.expect(made)
        return reembed(self._store, self._recipe, made, mind, keep=keep, batch=batch, progress=progress)

    def export(
        self,
        file: str | Path | IO[str],
        *,
        namespace: str | None = None,
        vectors: bool = True,
        progress: Progress | None = None,
    ) -> Exported:
        """Write the whole space, journal and all, as lines of JSON (``.gz`` by its name compresses them).

        `mnesis.restore` makes the same space of it again: same commits, same hashes. With `namespace` only what is in
        that one is written, as a journal of its own; without `vectors` they are made anew when it is restored.
        """
        if namespace is not None:
            check_namespace(namespace)
        return export(self._store, file, namespace, vectors, progress)

    def verify(self, against: str | Head | None = None) -> Report:
        """Check the space from end to end: file, journal, digests, indexes.

        `against` is a head exported earlier (`head()`, as a value or as text): then it is also checked that the
        journal has grown from it and was not rewritten.
        """
        problems = tuple(self._store.verify())
        if against is not None:
            problems += tuple(rewritten(self._store, against))
        return Report(not problems, problems)

    def head(self) -> Head:
        """The newest commit and its hash, to be kept elsewhere for `verify(against=…)`."""
        return self._store.head()

    def close(self) -> None:
        """Let go of the space's files; what was committed is there already."""
        self._store.close()

    def __enter__(self) -> Space:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _spaces(self, cube_id: str) -> list[str]:
        """The namespaces a cube of this id is or was in; a room of the vault as it is called."""
        return list(self._store.namespaces_of(cube_id)) if isinstance(cube_id, str) and is_clean(cube_id) else []

    def _where(self, cube_id: str, namespace: str | None) -> str:
        spaces = self._spaces(cube_id)
        if namespace is not None:
            check_namespace(namespace)
            spaces = [each for each in spaces if each in (namespace, room(namespace))]
        if not spaces:
            inside = f" in namespace {namespace!r}" if namespace else ""
            raise NotFound(f"There is no cube {cube_id!r}{inside}; recall or cubes() give the ids there are.")
        if len(spaces) > 1:
            raise BadInput(f"There is a cube {cube_id!r} in {' and '.join(map(repr, spaces))}; name the namespace.")
        return spaces[0]


def _recipe(wanted: str | Recipe) -> Recipe:
    made = catalog.make(catalog.find(wanted, "text.recipes")) if isinstance(wanted, str) else wanted
    if not isinstance(made, Recipe):
        raise BadInput(f"recipe={wanted!r} is no recipe; give the name of one, module:maker, or a Recipe.")
    return made


def _is_kept(path: str | Path) -> bool:
    """Whether a space is there already, with an embedder of its own."""
    return str(path) != ":memory:" and Path(path).is_file()


def _store(path: str, language: str) -> Store:
    if "://" in path:
        raise BadInput(f"{path!r} names a server; this mnesis keeps spaces in files or in ':memory:'.")
    if path == ":memory:":
        from mnesis.store.ram import RamStore

        return RamStore(language)
    from mnesis.store.sqlite import SqliteStore

    return SqliteStore(Path(path), language)


def _like_id(text: str) -> bool:
    return len(text) >= 20 and all(c in "0123456789abcdef" for c in text[:20])


def _question(query: str) -> str:
    if not isinstance(query, str) or not query.strip():
        raise BadInput("The question is empty; say in a few words what is to be recalled.")
    if len(query) > LONGEST_QUESTION:
        raise BadInput(
            f"The question has {len(query):,} characters and the limit is {LONGEST_QUESTION:,}; ask in fewer words, "
            "and keep long texts with remember."
        )
    return query.encode("utf-8", "replace").decode()  # half a surrogate pair matches nothing, so it may go


def _check_count(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadInput(f"{name}={value!r} makes no sense; it must be a whole number of at least 1.")
