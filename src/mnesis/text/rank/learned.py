"""Fuse what finders and rankers said by weights learned from answered questions.

Source: Cao, Qin, Liu, Tsai and Li, Learning to Rank: From Pairwise Approach to Listwise Approach, 2007.
    doi 10.1145/1273496.1273513
Needs: nothing
Cost: one product of candidates and features
Shapes: features [N, F] @ weights [F] -> score [N]
Differs: linear, and trained only on data under permissive licences (see `scripts/train_learned.py`); the weights are
    shipped as `learned.json`, with what they were trained on and how well they did on the sets they were not.

The features are the columns `explained`, `meaning`, `words`, `vectors`, `time` and `who`, and what the shelf knows of
a row: whether it brought something new, stands in a question, mentions a date or was said by the user. Each has one
weight. Columns nobody wrote count as 0; there is one set of weights with an embedder and one without.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np

from mnesis.store import View
from mnesis.text.question import wants_time
from mnesis.text.rank import Rank
from mnesis.words import Floats, Found, Query

COLUMNS = ("explained", "meaning", "words", "vectors", "time", "who")
FEATURES = (*COLUMNS, "explained*time", "meaning*time", "novel", "asks", "dated", "dated when asked", "user")


def learned() -> Rank:
    """Score candidates by the shipped weights."""

    def rank(query: Query, found: Found, view: View) -> Found:
        if not len(found):
            return found
        weights = _trained()["words and vectors" if "meaning" in found.why else "words"]
        return found.scored(features(query, found, view) @ weights).best()

    return rank


def features(query: Query, found: Found, view: View) -> Floats:
    """float32 [N, F]: what is known of each candidate, in the order of `FEATURES`."""
    rows = found.rows
    columns = {name: found.column(name) for name in COLUMNS}
    dated = np.zeros(len(rows), np.float32)
    dated[view.dates(rows)[0]] = 1
    user = np.zeros(len(rows), np.float32)
    if view.known("role", "user") and view.known("role", "assistant"):
        user = (view.column("role", rows) == view.code("user")).astype(np.float32)
    extra = (
        columns["explained"] * columns["time"],
        columns["meaning"] * columns["time"],
        view.column("novel", rows),
        view.column("asks", rows),
        dated,
        dated * np.float32(wants_time(query.text)),
        user,
    )
    return np.stack([*columns.values(), *extra], axis=1).astype(np.float32)


@cache
def _trained() -> dict[str, Floats]:
    """The shipped weights, in the order of `FEATURES`."""
    text = (resources.files("mnesis.text.rank") / "learned.json").read_text(encoding="utf-8")
    kept = json.loads(text)["weights"]
    return {name: np.array([each[feature] for feature in FEATURES], np.float32) for name, each in kept.items()}
