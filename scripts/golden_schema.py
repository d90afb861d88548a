"""Write a tiny space of today's schema into tests/golden/, with what it answers, when a schema is released.

    python scripts/golden_schema.py            tests/golden/schema-<number>.mnesis and .json

The tests open every golden space there is with the mnesis of the day and hold it against those answers. A golden
space that is there is left alone: what was released stays as it was. `--again` writes the newest one anew, for as
long as its schema is not released.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.migrations import newest
from mnesis.words import Change, Connect, Disconnect, Event, Link, Touch

GOLDEN = Path(__file__).resolve().parents[1] / "tests/golden"
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = 512  # bytes; the smallest pages make the smallest file
QUESTIONS = ("Where does Ana live?", "What is the cat called?", "Which bridge did Tom cross?")


def write(path: Path) -> None:
    """A space that holds a little of everything."""
    now = [START]

    def clock() -> datetime:
        now[0] += timedelta(days=1)
        return now[0]

    def event(text: str, speaker: str, n: int) -> Event:
        return Event(text, speaker, START - timedelta(days=n), f"chat:{n}", "s1", "user", "user")

    with Space(path, embedder=scripted(dim=8), clock=clock) as space:
        told = [event("I moved to Lisbon.", "Ana", 9), event("I adopted a cat called Miso.", "Ana", 8)]
        ana, cat = space.remember(told, meta={"mood": "glad"})
        (tom,) = space.remember(event("I crossed the Vasco da Gama bridge on foot.", "Tom", 7), place="Lisbon")
        (gone,) = space.remember(event("My old number was 555 0199.", "Tom", 6))
        (lost,) = space.remember(event("The umbrella is green.", "Tom", 5), namespace="other")
        space.revise(ana.id, "I moved to Porto.")
        drawn = Link(cat.id, "entity:miso", "mentions", 0.5, valid_from=START)
        changes: list[Change] = [Connect(drawn), Connect(Link(tom.id, cat.id, "next")), Touch(cat.id, 0.5, used=START)]
        space._commit(changes, "", "link", drawn.namespace)
        space._commit([Disconnect(Link(tom.id, cat.id, "next"))], "", "cut", drawn.namespace)
        space.forget(gone.id, erase=True)
        space.forget(lost.id)
    shrink(path)


def shrink(path: Path) -> None:
    """Small pages, no log beside the file."""
    raw = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=DELETE", f"PRAGMA page_size={PAGE}", "VACUUM", "PRAGMA journal_mode=WAL"):
        raw.execute(statement).fetchall()
    raw.close()


def answers(path: Path) -> dict[str, Any]:
    """What a space says, as plain values that every later release must give again."""
    with Space(path, embedder=scripted(dim=8), clock=lambda: START + timedelta(days=60)) as space:
        cubes = list(space.cubes())
        return {
            "verified": space.verify().ok,
            "head": str(space.head()),
            "namespaces": space.namespaces(),
            "found": {each: sorted(hit.text for hit in space.recall(each)) for each in QUESTIONS},  # in any order
            "as_of": sorted(hit.text for hit in space.recall(QUESTIONS[0], as_of=2)),
            "cubes": [[each.id, each.version, each.text, each.speaker, each.strength, each.place] for each in cubes],
            "meta": [dict(each.meta) for each in cubes],
            "history": [[each.text for each in space.history(cube.id)] for cube in cubes],
            "events": [space.event(cube.events[0]).text for cube in cubes],
            "links": [[link.tail for link in space._view("default").links(cube.id)] for cube in cubes],
            "reasons": [commit.reason for commit in space.journal()],
        }


def main(arguments: list[str]) -> int:
    """Write the golden space of today's schema."""
    if arguments not in ([], ["--again"]):
        print("golden_schema.py takes nothing, or --again.", file=sys.stderr)
        return 2
    kept = GOLDEN / f"schema-{newest('sqlite')}.mnesis"
    if kept.exists() and not arguments:
        print(f"{kept.name} is there already; a released schema stays as it was.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / kept.name
        write(path)
        kept.write_bytes(path.read_bytes())
        said = answers(path)
    kept.with_suffix(".json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {kept.name}, {kept.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
