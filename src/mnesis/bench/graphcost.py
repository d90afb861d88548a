"""What a graph costs without a language model: passages a second, bytes, growth, and walks through it.

    mnesis bench graphcost                     1,000 and 10,000 passages;  graphcost:n=1000+10000+100000 for more

Passages are made up: people, boats and towns, some named often and most seldom, three sentences each. They are told
in batches of 500 to a space in a file, with the recipe that is measured (``hipporag`` unless another is named), no
embedder and no language model: the cost account of the space must say 0 questions. The names:

    passages_per_second    told, parsed, linked and committed
    links_a_passage        drawn with each
    bytes_a_passage        of the file, text, indexes, journal and links
    load_seconds           the first walk of a process: every link is read and the arrays are made
    after_commit_seconds   the next walk after one more passage was told
    push_p50_ms, _p99_ms   one local push from a thing that a passage names
    push_edges             edges that a push touches, on average, and its bound 1 / (eps * alpha)
    questions              asked of a language model
    growth                 of the seconds a passage takes, the largest size over the smallest
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.errors import BadInput
from mnesis.memory import Space
from mnesis.store.sqlite import SqliteStore
from mnesis.text.graph import graph, push
from mnesis.words import Event

BATCH = 500
WALKS = 100
ALPHA, EPS = 0.5, 1e-4
FIRST = "Ada Ben Cora Dirk Ewa Finn Gita Hugo Ines Jens Kira Liam Mona Nils Olga Pim Rosa Sven Tove Ulla".split()
LAST = "Abel Berg Carl Dahl Eide Falk Grey Holm Iver Juul Krog Lund Moen Nord Ott Post Quist Rask Salt Toft".split()
THINGS = "ferry barn mill piano lantern orchard bridge chapel garden workshop kettle ladder museum bakery".split()
TOWNS = "Ribe Tarm Skive Varde Thisted Lemvig Struer Esbjerg Nibe Hobro Grenaa Ebeltoft Samso Fur Mors".split()


def passages(n: int, seed: int = 0) -> list[Event]:
    """`n` made-up passages, the same for the same seed; more of them name more people."""
    rng = np.random.default_rng(seed)
    people = [f"{first} {last}" for first in FIRST for last in LAST]
    people += [f"{one}-{each}" for one in LAST for each in people[: max(0, n // 40)]]
    share = 1.0 / np.arange(1, len(people) + 1) ** 0.8
    who = rng.choice(len(people), (n, 3), p=share / share.sum())
    which = rng.integers(0, (len(THINGS), len(TOWNS), 1900), (n, 3))
    out = []
    for at, ((one, other, third), (thing, town, number)) in enumerate(zip(who.tolist(), which.tolist(), strict=True)):
        name = f"{people[one]} and the {THINGS[thing]}"
        text = (
            f"{name}. {people[one]} owns the {THINGS[thing]} number {number} in {TOWNS[town]}. It was sold by "
            f"{people[other]}, who works at the {THINGS[thing - 1]}. {people[third]} lives in {TOWNS[town - 1]}."
        )
        out.append(Event(text, source=f"passage:{at}"))
    return out


def graphcost(
    sizes: Sequence[int] = (1_000, 10_000),
    recipe: str = "hipporag",
    *,
    results: Path | None = Path("results"),
    progress: Progress | None = None,
) -> Record:
    """Measure these sizes, and append a line to ``<results>/graphcost.jsonl``, if any."""
    if not sizes or min(sizes) < 10:
        raise BadInput(f"n={'+'.join(map(str, sizes))} must name sizes of at least 10 passages.")
    groups = {}
    for done, size in enumerate(sorted(sizes)):
        if progress:
            progress(f"graphcost · {size:,} passages", done, len(sizes))
        groups[str(size)] = measured(size, recipe)
    small, large = (groups[str(size)]["passages_per_second"]["value"] for size in (min(sizes), max(sizes)))
    metrics = dict(groups[str(max(sizes))]) | {"growth": {"value": round(small / large, 3)}}
    line: Record = {
        "task": "graphcost",
        "recipe": recipe,
        "embedder": "none",
        "metrics": metrics,
        "groups": groups,
        "n": max(sizes),
        **circumstances(),
    }
    if results is not None:
        append(results / "graphcost.jsonl", line)
    return line


def measured(size: int, recipe: str) -> dict[str, Record]:
    """One size."""
    events = passages(size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "space.mnesis"
        with Space(path, recipe=recipe, embedder="none") as space:
            begun = time.perf_counter()
            for at in range(0, size, BATCH):
                space.remember(events[at : at + BATCH])
            told = time.perf_counter() - begun
            questions = space.account.questions
        stored = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
        store = SqliteStore(path)
        view = store.view("default")
        begun = time.perf_counter()
        web = graph(view)
        loaded = time.perf_counter() - begun
        links = len(view.drawn())
        names = [name for name in web.names if name.startswith("entity:")]
        chosen = np.random.default_rng(1).choice(len(names), min(WALKS, len(names)), replace=False)
        spent, edges = [], []
        for each in chosen.tolist():
            seed = {web.find(names[each]): 1.0}
            begun = time.perf_counter()
            found = push(web, seed, ALPHA, EPS)
            spent.append(1000 * (time.perf_counter() - begun))
            edges.append(found.edges)
        store.close()
        again = _after_commit(path, recipe)
    middle, slow = np.percentile(spent, (50, 99))
    numbers = {
        "passages_per_second": size / told,
        "links_a_passage": links / size,
        "bytes_a_passage": stored / size,
        "load_seconds": loaded,
        "after_commit_seconds": again,
        "push_p50_ms": float(middle),
        "push_p99_ms": float(slow),
        "push_edges": float(np.mean(edges)),
        "push_bound": 1 / (ALPHA * EPS),
        "questions": float(questions),
    }
    return {name: {"value": round(value, 4)} for name, value in numbers.items()}


def _after_commit(path: Path, recipe: str) -> float:
    """How long the graph takes to follow one more passage, in a process that has it already."""
    with Space(path, recipe=recipe, embedder="none") as space:
        asked = "Where does Ada Abel live?"
        space.recall(asked, k=1)
        space.remember("Ada Abel moved to Ribe.", source="one more")
        begun = time.perf_counter()
        space.recall(asked, k=1)
        return time.perf_counter() - begun
