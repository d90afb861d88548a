"""Measures against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis.bench.measure import (
    Outcome,
    auroc,
    grouped,
    interval,
    judge,
    measured,
    outcome_from,
    per_question,
    places,
    targets,
    verdicts,
)
from mnesis.bench.tasks import Question
from mnesis.errors import UnknownName

# Three questions: gold at 1 and 4; gold at 12 of two; and one gold that was not found.
OUTCOMES = [
    Outcome("a", "x", True, ranks=(1, 4)),
    Outcome("b", "x", True, ranks=(12, 0)),
    Outcome("c", "y", True, ranks=(0,)),
]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("recall@1", [0.5, 0.0, 0.0]),
        ("recall@5", [1.0, 0.0, 0.0]),
        ("recall@20", [1.0, 0.5, 0.0]),
        ("any@1", [1.0, 0.0, 0.0]),
        ("any@20", [1.0, 1.0, 0.0]),
        ("all@5", [1.0, 0.0, 0.0]),
        ("all@1", [0.0, 0.0, 0.0]),
        ("mrr", [1.0, 1 / 12, 0.0]),
        ("ndcg@10", [(1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3)), 0.0, 0.0]),
        (
            "ndcg@20",
            [(1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3)), (1 / math.log2(13)) / (1 + 1 / math.log2(3)), 0.0],
        ),
    ],
)
def test_measures_by_hand(name: str, values: list[float]) -> None:
    assert per_question(name, OUTCOMES) == pytest.approx(values)
    assert measured([name], OUTCOMES)[name]["value"] == pytest.approx(sum(values) / 3, abs=1e-4)


def test_ideal_of_ndcg_is_cut_at_k() -> None:
    twelve = Outcome("a", "", True, ranks=tuple(range(1, 13)))
    assert per_question("ndcg@10", [twelve])[0] == pytest.approx(1.0)
    assert per_question("recall@10", [twelve])[0] == pytest.approx(10 / 12)


def test_questions_without_gold_or_answer_are_left_out() -> None:
    outcomes = [*OUTCOMES, Outcome("d", "x", True, ranks=()), Outcome("e", "z", False, ranks=(1,))]
    assert measured(["recall@5"], outcomes) == measured(["recall@5"], OUTCOMES)
    assert measured(["session_recall@5"], outcomes) == {}


def test_groups_look_at_unanswerable_questions_apart() -> None:
    found = grouped(["recall@5", "abstention_auroc"], [*OUTCOMES, Outcome("e", "z", False, ranks=(1,))])
    assert {name: (each["n"], each["recall@5"]["value"]) for name, each in found.items()} == {
        "x": (2, 0.5),
        "y": (1, 0.0),
        "z": (1, 1.0),
    }


def test_newer_first() -> None:
    pairs = [(1, 2), (2, 1), (3, 0), (0, 3), (0, 0)]
    outcomes = [Outcome(str(at), "", True, ranks=(pair[0],), pair=pair) for at, pair in enumerate(pairs)]
    values = per_question("newer_first", outcomes)
    assert values[:4].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert math.isnan(values[4])
    assert per_question("older_found@2", outcomes).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_unknown_measure_is_told() -> None:
    with pytest.raises(UnknownName, match="recal"):
        measured(["recal@5"], OUTCOMES)


def test_places_take_the_first_of_each() -> None:
    assert places(["b", "a", "b"], ["b", "a", "z"]) == (1, 2, 0)


def test_judge_ranks_gold_sessions_and_pairs() -> None:
    question = Question("q", "?", gold=frozenset({"t2", "t9"}), sessions=frozenset({"s1"}), prefer=("t2", "t1"))
    outcome = judge(question, ["t1", "t2"], ["s0", "s1"], 0.5)
    assert (outcome.ranks, outcome.sessions, outcome.pair, outcome.top) == ((2, 0), (2,), (2, 1), 0.5)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.floats(0, 1), st.booleans())
def test_outcomes_survive_being_written_down(ranks: list[int], top: float, paired: bool) -> None:
    outcome = Outcome("q", "g", True, tuple(ranks), (1, 0), (1, 2) if paired else None, top)
    assert outcome_from(outcome.as_dict()) == outcome


def test_auroc_by_hand() -> None:
    # pairs: 3>1, 3>2, 2>1 are wins, 2=2 is half a win: 3.5 of 4
    assert auroc(np.array([3.0, 2.0]), np.array([1.0, 2.0]))["value"] == 0.875
    assert auroc(np.array([]), np.array([1.0])) == {}


def test_abstention_takes_no_hit_for_the_lowest_score() -> None:
    outcomes = [
        Outcome("a", "", True, ranks=(1,), top=0.9),
        Outcome("b", "", True, ranks=(0,), top=0.4),
        Outcome("c", "", False, top=0.5),
        Outcome("d", "", False, top=None),
    ]
    assert measured(["abstention_auroc"], outcomes)["abstention_auroc"]["value"] == 0.75


def test_interval_is_repeatable_and_holds_the_mean() -> None:
    values = np.random.default_rng(1).random(200)
    found = interval(values)
    assert found == interval(values)
    assert found["low"] < found["value"] < found["high"]
    # the standard error of a mean of 200 uniform values is 0.0204; 95 % is about 1.96 of it to each side
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * 0.0204, rel=0.15)


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(0, 25), min_size=1, max_size=4, unique=True), min_size=1, max_size=8))
def test_order_between_measures(ranks: list[list[int]]) -> None:
    outcomes = [Outcome(str(at), "", True, tuple(each)) for at, each in enumerate(ranks)]
    some = {
        name: per_question(name, outcomes) for name in ("all@5", "recall@5", "any@5", "recall@10", "ndcg@10", "mrr")
    }
    assert (some["all@5"] <= some["recall@5"]).all()
    assert (some["recall@5"] <= some["any@5"]).all()
    assert (some["recall@5"] <= some["recall@10"]).all()
    assert ((some["ndcg@10"] >= 0) & (some["ndcg@10"] <= 1 + 1e-9)).all()
    assert (some["mrr"] <= 1).all()


def test_every_target_speaks_of_something_that_is_measured() -> None:
    from mnesis.bench.run import task_of

    for target in targets():
        assert target["relation"] in (">=", "<=")
        assert target["tier"] in ("any", "none", "static", "local")
        if target["task"] not in ("speed", "peers"):
            assert target["metric"] in task_of(target["task"]).measures


def test_verdicts_compare_with_numbers_and_with_reference_rows() -> None:
    measures = {"recall@10": {"value": 0.80}, "ndcg@10": {"value": 0.60}}
    line = {"task": "locomo", "embedder": "static", "metrics": measures, "groups": {}, "references": {}}
    assert {(each.metric, each.target, each.met) for each in verdicts(line)} == {
        ("recall@10", 0.79, True),
        ("ndcg@10", 0.64, False),
    }
    rows = {"bm25": {"recall@5": {"value": 0.9}}, "sum": {"recall@5": {"value": 0.95}}}
    line = {
        "task": "nq",
        "embedder": "none",
        "metrics": {"recall@5": {"value": 0.94}},
        "groups": {},
        "references": rows,
    }
    assert [(each.target, each.met) for each in verdicts(line)] == [(0.95, False)]
