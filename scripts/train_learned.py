"""Train the weights of `text.rank.learned` and write them, with their evidence, to learned.json.

    python scripts/train_learned.py --data FOLDER [--embedder static]

Only sets under permissive licences are read: MuSiQue (CC BY 4.0), 2WikiMultiHopQA (Apache-2.0), TimeQA (BSD-3),
LongMemEval (MIT), and the sample conversations shipped with mnesis (ours). Nothing else may be added here. The loss
is listwise (softmax over the candidates of a question, cross entropy with the gold rows), weight decay keeps it
small, and every set is also scored by weights trained on the others (leave one set out).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from mnesis import catalog
from mnesis.bench.tasks import Case, Question
from mnesis.memory import Space
from mnesis.text.rank.learned import FEATURES, features
from mnesis.words import NOTHING, Floats, Query, union

SETS = {
    "musique": "CC BY 4.0",
    "wiki2": "Apache-2.0",
    "timeqa": "BSD-3-Clause",
    "longmemeval": "MIT",
}
TARGET = Path(__file__).parent.parent / "src/mnesis/text/rank/learned.json"
DECAY, STEPS, RATE = 1e-3, 400, 0.5
Sheet = tuple[Floats, Floats, int]  # features [N, F], gold [N] in 0/1, how many gold there are in all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedder", default="static")
    chosen = parser.parse_args()
    kept: dict[str, object] = {"trained": f"{datetime.now(UTC):%Y-%m-%d}", "embedder": chosen.embedder, "sets": SETS}
    weights, evidence = {}, {}
    for name, embedder in (("words", "none"), ("words and vectors", chosen.embedder)):
        sheets = {each: list(sheets_of(each, chosen.data, embedder)) for each in SETS}
        left_out = {each: recall(sheets[each], fit(_others(sheets, each))) for each in sheets}
        every = fit([sheet for each in sheets.values() for sheet in _balanced(each)])
        weights[name] = dict(zip(FEATURES, (round(float(value), 4) for value in every), strict=True))
        evidence[name] = {
            "questions": {each: len(found) for each, found in sheets.items()},
            "recall@5, trained on the other sets": left_out,
            "recall@5, trained on all": {each: recall(found, every) for each, found in sheets.items()},
        }
        print(name, json.dumps(evidence[name], indent=1))
    TARGET.write_text(json.dumps(kept | {"weights": weights, "evidence": evidence}, indent=1) + "\n", encoding="utf-8")


def sheets_of(task: str, data: Path, embedder: str) -> Iterator[Sheet]:
    """The candidates of every answerable question of a set, as features."""
    for case in catalog.make(f"bench.tasks.{task}").load(data):
        with Space(":memory:", recipe="default", embedder=embedder) as space:
            space.remember(case.events)
            yield from (sheet for question in case.questions if (sheet := sheet_of(space, case, question)))


def sheet_of(space: Space, case: Case, question: Question) -> Sheet | None:
    """The candidates of one question; None where nothing of the gold is among them."""
    view = space._view("default")
    asked = Query(question.text, space._asked(question.text, view), question.now, 20)
    found = NOTHING
    for find in space._recipe.find:
        found = union(found, find(asked, view, found))
    found = space._recipe.rank(asked, found, view)
    cubes = view.cubes(found.rows)
    if question.gold:
        gold = np.array([bool(question.gold & set(cube.sources)) for cube in cubes], np.float32)
        wanted = len(question.gold)
    else:
        gold = np.array([cube.session in question.sessions for cube in cubes], np.float32)
        wanted = int(gold.sum())
    return (features(asked, found, view), gold, wanted) if gold.any() else None


def fit(sheets: list[Sheet]) -> Floats:
    """Weights [F] by full-batch gradient descent with momentum on the listwise loss; features are scaled first."""
    scale = np.concatenate([x for x, _, _ in sheets]).std(axis=0) + 1e-6
    ready = [((x / scale).astype(np.float64), gold / gold.sum()) for x, gold, _ in sheets]
    weight, speed = np.zeros(len(scale)), np.zeros(len(scale))
    for _ in range(STEPS):
        slope = DECAY * weight
        for x, gold in ready:
            score = x @ weight
            share = np.exp(score - score.max())
            slope = slope + x.T @ (share / share.sum() - gold) / len(ready)
        speed = 0.9 * speed - RATE * slope
        weight = weight + speed
    return (weight / scale).astype(np.float32)


def recall(sheets: list[Sheet], weight: Floats, k: int = 5) -> float:
    """Mean share of the gold among the first k."""
    found = [gold[np.argsort(-(x @ weight), kind="stable")[:k]].sum() / max(wanted, 1) for x, gold, wanted in sheets]
    return round(float(np.mean(found)), 4)


def _others(sheets: dict[str, list[Sheet]], left: str) -> list[Sheet]:
    return [sheet for each, found in sheets.items() if each != left for sheet in _balanced(found)]


def _balanced(sheets: list[Sheet], most: int = 300) -> list[Sheet]:
    """At most so many questions of one set, so that a large one does not drown the others."""
    return sheets[:: max(1, len(sheets) // most)][:most]


if __name__ == "__main__":
    main()
