"""What every benchmark owes: a sample that runs without data, honest gold, a named source and licence."""

from __future__ import annotations

import numpy as np
import pytest

from mnesis import catalog
from mnesis.bench.measure import judge, measured
from mnesis.bench.tasks import NOT_ASKED, Case, Drill, Question, Quiz, Task

SHOWN_META = {"image_caption", "title"}  # all that a task may show a system beside the fields of an Event


SUBJECTS = catalog.names("bench.tasks")
DRILLS = [each for each in SUBJECTS if isinstance(catalog.make(each), Drill)]
QUIZZES = [each for each in SUBJECTS if isinstance(catalog.make(each), Quiz)]
DERIVED = {  # drills whose answers are worked out from what was told, not repeated
    "bench.tasks.characters": "a letter may come for the first time",
    "bench.tasks.n_back": "whether two are the same is yes or no",
    "bench.tasks.parity": "odd and even are no bits",
    "bench.tasks.permutation": "where the ball is follows from all moves",
}


@pytest.fixture(params=[each for each in SUBJECTS if each not in (*DRILLS, *QUIZZES)])
def address(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def task(address: str) -> Task:
    return catalog.make(address)


@pytest.fixture
def cases(task: Task) -> list[Case]:
    return list(task.load(None))


def perfect(case: Case, question: Question) -> tuple[list[str], list[str], float]:
    """The ranking a faultless memory would give: gold first, and sure of itself only where there is an answer."""
    best = [question.prefer[0]] if question.prefer else []
    sources = dict.fromkeys([*best, *sorted(question.gold), *(event.source for event in case.events)])
    sessions = dict.fromkeys([*sorted(question.sessions), *(event.session for event in case.events)])
    return list(sources), list(sessions), 1.0 if question.answerable else 0.0


def test_sample_loads_and_is_the_same_twice(task: Task, cases: list[Case]) -> None:
    assert cases
    assert all(case.events and case.questions for case in cases)
    assert cases == list(task.load(None))


def test_names_are_unique(cases: list[Case]) -> None:
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        sources = [event.source for event in case.events]
        assert all(sources), "every event names its source"
        assert len(set(sources)) == len(sources)
        assert len({question.id for question in case.questions}) == len(case.questions)


def test_gold_is_among_the_events(cases: list[Case]) -> None:
    for case in cases:
        sources = {event.source for event in case.events}
        sessions = {event.session for event in case.events}
        for question in case.questions:
            assert question.gold <= sources
            assert question.sessions <= sessions
            assert set(question.prefer or ()) <= sources
            assert question.gold or question.sessions or not question.answerable


def test_only_what_a_user_would_give_is_shown(cases: list[Case]) -> None:
    for case in cases:
        for event in case.events:
            assert event.text.strip()
            assert set(event.meta) <= SHOWN_META


def test_perfect_ranking_scores_the_most(task: Task, cases: list[Case]) -> None:
    outcomes = [judge(q, *perfect(case, q)) for case in cases for q in case.questions]
    found = measured(task.measures, outcomes)
    assert found[task.measures[0]]["value"] == 1.0
    for name, each in found.items():
        if not name.startswith(("recall", "session_recall", "all", "session_all", "older")):
            assert each["value"] == 1.0, name
    assert all(found[name]["value"] > 0 for name in found if name.startswith(("recall", "session_recall")))


def test_empty_ranking_scores_the_least(task: Task, cases: list[Case]) -> None:
    outcomes = [judge(question, [], [], None) for case in cases for question in case.questions]
    found = measured(task.measures, outcomes)
    assert found or task.measures[0] == "newer_first"
    assert all(each["value"] == 0.0 for each in found.values())


def test_worse_ranking_never_scores_more(task: Task, cases: list[Case]) -> None:
    rng = np.random.default_rng(0)
    best, shuffled = [], []
    for case in cases:
        for question in case.questions:
            sources, sessions, top = perfect(case, question)
            best.append(judge(question, sources, sessions, top))
            mixed = [list(rng.permutation(each)) for each in (sources, sessions)]
            shuffled.append(judge(question, mixed[0], mixed[1], top))
    high, low = measured(task.measures, best), measured(task.measures, shuffled)
    assert all(low[name]["value"] <= high[name]["value"] for name in high if not name.startswith("older"))


def test_source_and_licence_are_named(address: str, task: Task) -> None:
    card = catalog.card(address)
    assert any(mark in card.source for mark in ("arXiv", "doi"))
    assert task.licence
    assert task.licence in card.source
    assert card.differs


def test_measures_fit_the_hits_asked_for(task: Task) -> None:
    for name in task.measures:
        at = name.partition("@")[2]
        if at:
            assert int(at) <= (task.depth if name.startswith("session") else task.k), name


# ------------------------------------------------------------------------------------------------ made-up sequences


@pytest.fixture(params=DRILLS)
def drill(request: pytest.FixtureRequest) -> Drill:
    return catalog.make(request.param)


def test_a_seed_decides_every_number(drill: Drill) -> None:
    one, same, other = (drill.draw(np.random.default_rng(seed), 8) for seed in (3, 3, 4))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not np.array_equal(one["tokens"], other["tokens"])
    assert len(np.unique(one["tokens"], axis=0)) == 8


def test_sequences_are_in_range_and_something_is_asked(drill: Drill) -> None:
    batch = drill.draw(np.random.default_rng(0), 50)
    assert all(each.shape == (50, drill.length) and each.dtype == np.int64 for each in batch.values())
    assert 0 <= batch["tokens"].min() <= batch["tokens"].max() < drill.vocab
    asked = batch["answers"] != NOT_ASKED
    assert asked.any(axis=1).all()
    assert 0 <= batch["answers"][asked].min() <= batch["answers"][asked].max() < drill.vocab


def test_the_tables_speak_of_subjects() -> None:
    assert set(DERIVED) <= set(DRILLS)


def test_answers_are_told_before_they_are_asked_for(drill: Drill, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["drill"] in DERIVED:
        return
    batch = drill.draw(np.random.default_rng(1), 50)
    for tokens, answers in zip(batch["tokens"], batch["answers"], strict=True):
        for place in np.flatnonzero(answers != NOT_ASKED):
            assert answers[place] in tokens[:place]


def test_perfect_answers_score_the_most_and_none_the_least(drill: Drill) -> None:
    batch = drill.draw(np.random.default_rng(2), 50)
    best = drill.score(batch, batch["answers"])
    assert best["accuracy"] == best["whole"] == 1.0
    assert best.get("stale", 0.0) == 0.0
    assert set(drill.score(batch, np.full_like(batch["answers"], drill.vocab)).values()) == {0.0}
    guessed = drill.score(batch, np.random.default_rng(0).integers(0, drill.vocab, batch["answers"].shape))
    assert guessed["accuracy"] < 0.4


def test_a_drill_names_its_source_and_licence(drill: Drill, request: pytest.FixtureRequest) -> None:
    card = catalog.card(request.node.callspec.params["drill"])
    assert drill.licence in card.source


def test_what_is_asked_may_be_longer_and_is_of_the_same_kind(drill: Drill) -> None:
    if drill.asked is None:
        return
    batch = drill.asked(np.random.default_rng(0), 20)
    assert batch["tokens"].shape[1] > drill.length
    assert batch["tokens"].shape == batch["answers"].shape
    assert 0 <= batch["tokens"].min() <= batch["tokens"].max() < drill.vocab
    assert np.array_equal(batch["tokens"], drill.asked(np.random.default_rng(0), 20)["tokens"])
    assert (batch["answers"] != NOT_ASKED).any(axis=1).all()


# -------------------------------------------------------------------------------------------- questions on stories


@pytest.fixture(params=QUIZZES)
def quiz(request: pytest.FixtureRequest) -> Quiz:
    return catalog.make(request.param)


def test_a_quiz_has_tales_to_learn_from_and_others_to_ask(quiz: Quiz) -> None:
    tales = list(quiz.load(None))
    assert tales == list(quiz.load(None))
    assert {tale.learned for tale in tales} == {True, False}
    assert not {tale.sentences for tale in tales if tale.learned} & {t.sentences for t in tales if not t.learned}
    known = {tale.answer for tale in tales if tale.learned}
    for tale in tales:
        assert tale.sentences
        assert tale.question
        assert all(0 <= each < len(tale.sentences) for each in tale.support)
        assert tale.answer in known


def test_a_quiz_names_its_source_and_licence(quiz: Quiz, request: pytest.FixtureRequest) -> None:
    assert quiz.licence in catalog.card(request.node.callspec.params["quiz"]).source
