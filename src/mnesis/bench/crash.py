"""Crash safety: a process that writes is killed at random moments, again and again, and the space is looked through.

    mnesis bench crash                      1,000 rounds;  crash:rounds=200,seed=7 for others

Each round forks a writer that remembers, revises, forgets, erases, touches and links, saying on a pipe what it is about
to commit and, with its hash, what was committed. It is killed with SIGKILL: while it opens the space, in the middle of
a commit, a checkpoint or the saving of an index. Then the space is opened again and held against what was said:

    rounds, acknowledged    how often a writer was killed, and the commits it had been told were kept
    opening, writing        kills before the space was open, and while a commit was under way
    kept_unsaid             commits that were whole on disk although the writer was killed before it could say so
    lost                    acknowledged commits that are not in the journal with the hash they were acknowledged with
    torn                    rounds after which the cubes were neither those of before a commit nor those of after it
    unsound                 rounds after which `verify` found something
    unfound                 memories that stand and are not found by a word only they hold, or erased ones that are

All but the first rows must be 0. What is killed is a process: a loss of power is SQLite's to bear, which is asked to
wait for the disk at every commit.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mnesis.bench.record import Progress, append, circumstances
from mnesis.errors import BadInput
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import sqlite
from mnesis.store.terms import terms
from mnesis.words import Change, Connect, Link, Touch

DIM = 16
SMALL = 24  # memories after which an index is saved beside the space, so that saving is met often
ROUNDS_A_SPACE = 20
OFTEN = 40  # pages after which the log is written back, in every other round
LONGEST = 0.08  # seconds a writer lives once its space is open
SERVER = "from mnesis.bench.crash import serve; serve()"
SUMS = ("rounds", "acknowledged", "opening", "writing", "kept_unsaid", "lost", "torn", "unsound", "unfound")
Numbers = dict[str, int]


def crash(
    rounds: int = 1_000, seed: int = 0, *, results: Path | None = Path("results"), progress: Progress | None = None
) -> dict[str, Any]:
    """Kill a writer `rounds` times and append one line to ``<results>/crash.jsonl`` (None appends nothing)."""
    if rounds < 1:
        raise BadInput(f"rounds={rounds} kills nobody; give 1 or more.")
    if not hasattr(os, "fork"):
        raise BadInput("Processes are forked here to be killed, and this system cannot fork; run it on Linux or macOS.")
    begun = time.perf_counter()
    found = killed(rounds, seed, progress or (lambda what, done, total: None))
    line = {
        "task": "crash",
        "recipe": "default",
        "embedder": f"scripted/{DIM}",
        "metrics": {name: {"value": float(value)} for name, value in found.items()},
        "groups": {},
        "n": rounds,
        "references": {},
        "seconds": {"all": round(time.perf_counter() - begun, 1)},
        "seed": seed,
        **circumstances(),
    }
    if results is not None:
        append(results / "crash.jsonl", line)
    return line


def killed(rounds: int, seed: int, progress: Progress) -> Numbers:
    """The sums over all rounds."""
    chance = random.Random(seed)
    sums: Numbers = dict.fromkeys(SUMS, 0)
    with tempfile.TemporaryDirectory(prefix="mnesis-crash-") as place, Server() as server:
        for n in range(rounds):
            if n % ROUNDS_A_SPACE == 0:
                folder = Path(place) / str(n)
                folder.mkdir()
                story = Story(folder / "space.mnesis")
            progress("crash", n, rounds)
            for name, value in story.round(server, chance).items():
                sums[name] += value
            if (n + 1) % ROUNDS_A_SPACE == 0 or n + 1 == rounds:
                story.close()
        progress("crash", rounds, rounds)
    return sums


# ------------------------------------------------------------------------------------------------------ who is killed


class Server:
    """A process that has imported mnesis once and forks writers, so that a round costs milliseconds."""

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.close()
            self._process.stdout.close()
        self._process.wait()

    def kill_one(self, order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What a writer said before it was killed."""
        pipe, said = self._process.stdin, self._process.stdout
        if pipe is None or said is None:
            return
        pipe.write(json.dumps(order) + "\n")
        pipe.flush()
        while (line := said.readline()) != "gone\n":
            if not line:
                raise RuntimeError("The process that forks writers has ended; its last words are on stderr.")
            yield json.loads(line)


def serve() -> None:
    """Fork a writer for every order on standard input, and kill it when its time is up."""
    for line in sys.stdin:
        order = json.loads(line)
        ready, tell = os.pipe()
        writer = os.fork()
        if not writer:
            os.close(ready)
            write(order, tell)
            os._exit(0)
        os.close(tell)
        if not order["early"]:
            select.select([ready], [], [], 30)
        time.sleep(order["delay"])
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        os.close(ready)
        say("gone")


def say(line: str) -> None:
    """One line on standard output at once: what is in the pipe outlives its writer."""
    os.write(1, (line + "\n").encode())


def write(order: Mapping[str, Any], ready: int) -> None:
    """Write until killed, saying what is tried and what was kept."""
    chance = random.Random(order["seed"])
    space = open_small(Path(order["path"]))
    if order["often"]:
        space._store._connection.execute(f"PRAGMA wal_autocheckpoint={OFTEN}")  # type: ignore[attr-defined]
    standing = {word_of(cube.text): cube.id for cube in space.cubes()}
    os.write(ready, b".")
    for n in range(100_000):
        plan = planned(chance, sorted(standing), f"{order['seed']}x{n}")
        say(json.dumps({"try": plan}))
        standing |= carry_out(space, plan, standing)
        head = space.head()
        say(json.dumps({"kept": head.seq, "hash": head.hash}))
        for word in plan["gone"]:
            standing.pop(word)


def planned(chance: random.Random, standing: list[str], name: str) -> dict[str, Any]:
    """The next commit: what it does, the words it brings and those it takes away."""
    verb = chance.choice(("remember", "remember", "batch", "revise", "forget", "erase", "touch"))
    if len(standing) < 2 or verb == "remember":
        return {"verb": "remember", "come": [f"word{name}q"], "gone": []}
    if verb == "batch":
        return {"verb": "remember", "come": [f"word{name}q{part}" for part in range(chance.randint(2, 12))], "gone": []}
    old = chance.choice(standing)
    if verb == "revise":
        return {"verb": verb, "come": [f"word{name}q"], "gone": [old]}
    return {"verb": verb, "come": [], "gone": [] if verb == "touch" else [old], "of": old}


def carry_out(space: Space, plan: Mapping[str, Any], standing: Mapping[str, str]) -> dict[str, str]:
    """One commit through the front door; the ids of what it brought, by word."""
    verb, come, gone = plan["verb"], plan["come"], plan["gone"]
    if verb == "remember":
        return {word_of(cube.text): cube.id for cube in space.remember([text_of(word) for word in come])}
    if verb == "revise":
        return {come[0]: space.revise(standing[gone[0]], text_of(come[0])).id}
    if verb == "touch":
        link = Link(standing[plan["of"]], "entity:kettle", "mentions")
        changes: list[Change] = [Touch(standing[plan["of"]], strength=0.5), Connect(link)]
        space._commit(changes, "", "touch", link.namespace)
    else:
        space.forget(standing[gone[0]], erase=verb == "erase")
    return {}


def text_of(word: str) -> str:
    """A memory that holds a word of its own, long enough to spread over pages."""
    return f"The kettle stands beside {word} on the shelf. " + "It is blue and it whistles. " * (len(word) % 5)


def word_of(text: str) -> str:
    return text.split()[4]


def open_small(path: Path) -> Space:
    """The space, with limits lowered so that a few dozen memories are saved beside it and mapped again."""
    sqlite.PULL = SMALL
    return Space(path, embedder=scripted(dim=DIM))


# -------------------------------------------------------------------------------------------------- who looks through


@dataclass(slots=True)
class Story:
    """One space over several rounds, and what it should hold."""

    path: Path
    seed: int = 0
    words: set[str] = field(default_factory=set)  # of the memories that stand
    erased: set[str] = field(default_factory=set)
    hashes: list[str] = field(default_factory=list)  # of the commits, in order
    space: Space | None = None  # left open across a kill in every other round

    def round(self, server: Server, chance: random.Random) -> Numbers:
        """Let one writer be killed and look the space through."""
        self.seed += 1
        early = chance.random() < 0.2
        order = {
            "path": str(self.path), "seed": chance.randrange(10**9), "early": early, "often": chance.random() < 0.5,
            "delay": chance.random() * LONGEST * (1 if early else 0.1 + chance.random()),
        }  # fmt: skip
        said = list(server.kill_one(order))
        if self.space is None or chance.random() < 0.5:
            self.close()
            self.space = open_small(self.path)
        return {"rounds": 1, "opening": int(not said)} | self.check(self.space, said)

    def check(self, space: Space, said: list[dict[str, Any]]) -> Numbers:
        """What of the promises was broken in this round."""
        journal = {commit.seq: commit.hash for commit in space.journal()}
        plan: dict[str, Any] | None = None
        acknowledged = 0
        for line in said:
            if "try" in line:
                plan = line["try"]
            elif plan is not None:
                self.take(plan, line["hash"])
                acknowledged, plan = acknowledged + 1, None
        lost = sum(journal.get(seq) != hash for seq, hash in enumerate(self.hashes, 1))
        unsaid = len(journal) - len(self.hashes)
        if plan is not None and unsaid == 1:
            self.take(plan, journal[len(journal)])
        torn = {word_of(cube.text) for cube in space.cubes()} != self.words or unsaid not in (0, int(plan is not None))
        if len(self.hashes) != len(journal):  # go on from what is there
            self.hashes = [journal[seq] for seq in sorted(journal)]
        return {
            "acknowledged": acknowledged,
            "writing": int(plan is not None),
            "kept_unsaid": max(0, unsaid),
            "lost": lost,
            "torn": int(torn),
            "unsound": int(not space.verify().ok),
            "unfound": self.unfound(space),
        }

    def take(self, plan: Mapping[str, Any], hash: str) -> None:
        """Note one commit."""
        self.words |= set(plan["come"])
        self.words -= set(plan["gone"])
        if plan["verb"] == "erase":
            self.erased |= set(plan["gone"])
        self.hashes.append(hash)

    def unfound(self, space: Space) -> int:
        """How many words the index is wrong about."""
        view = space._view("default")
        wrong = 0
        for word in self.words | self.erased:
            rows, _ = view.words(terms(word)).top(2)
            cubes = view.cubes(rows)
            wrong += [word_of(cube.text) for cube in cubes] != ([word] if word in self.words else [])
        for word in sorted(self.words)[:3]:  # and the whole of a recall
            hits = space.recall(word, k=1)
            wrong += not hits or word_of(hits[0].text) != word
        return wrong

    def close(self) -> None:
        """Let go of the space."""
        if self.space is not None:
            self.space.close()
            self.space = None
