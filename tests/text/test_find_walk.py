"""text.find.walk: steps, the residual question, and what the shipped networks were trained on."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.store.terms import code
from mnesis.text.association import ALONE, STEP, answering, ask, judged, path, spread
from mnesis.text.find.walk import walk
from mnesis.text.find.words import words
from mnesis.text.link.titles import titles
from mnesis.words import NOTHING, Connect, Query

QUESTION = Query("Where was the designer of the Vela Lighthouse born?")


@pytest.fixture
def corpus(world):
    for name, text in (
        ("Vela Lighthouse", "The Vela Lighthouse was designed by Ida Brandt."),
        ("Ida Brandt", "Ida Brandt came to the world in Morrow."),
        ("Tom Grey", "Tom Grey was born in Ulm."),
    ):
        cube = world.tell(text, meta={"title": name})
        world.commit([Connect(each) for each in titles()([cube], world.view)])
    return world


def sheet_of(world, query=QUESTION):
    view = world.view
    return spread(ask(query, view), view, words()(query, view, NOTHING), seeds=5)


def test_a_step_leads_to_what_the_seed_names(corpus) -> None:
    sheet = sheet_of(corpus)
    named = sheet.step[:, STEP.index("names it")] > 0
    steps = list(zip(sheet.begin[named].tolist(), sheet.end[named].tolist(), strict=True))
    assert steps == [(0, 1)]
    assert sheet.step.shape[1] == len(STEP)
    assert sheet.pool.alone.shape == (3, len(ALONE))


def test_what_lacks_is_what_the_seed_does_not_hold(corpus) -> None:
    sheet = sheet_of(corpus)
    lacks = {
        (int(begin), int(end)): float(value)
        for begin, end, value in zip(sheet.begin, sheet.end, sheet.step[:, STEP.index("lacks")], strict=True)
    }
    assert lacks[0, 2] > 0  # "born" is told there and lacking in the lighthouse
    assert lacks[0, 1] == 0


def test_the_path_names_the_words_that_were_lacking(corpus) -> None:
    sheet = sheet_of(corpus)
    step = next(at for at in range(len(sheet.begin)) if (sheet.begin[at], sheet.end[at]) == (0, 2))
    assert path(sheet, step, QUESTION.text) == "from 'Vela Lighthouse': what it lacks is told; for born"


def test_worth_is_the_sum_of_three_and_the_best_step_is_kept(corpus) -> None:
    sheet = sheet_of(corpus)
    worth = judged(sheet)
    found = walk()(QUESTION, corpus.view, words()(QUESTION, corpus.view, NOTHING))
    total = dict(zip(sheet.pool.rows.tolist(), (worth.alone + worth.reached + worth.leading).tolist(), strict=True))
    assert dict(zip(found.rows.tolist(), found.score.tolist(), strict=True)) == pytest.approx(total)
    assert all(sheet.end[step] == at for at, step in enumerate(worth.by.tolist()) if step >= 0)


def test_nothing_to_start_from_finds_nothing(corpus) -> None:
    assert len(walk()(Query("zebra"), corpus.view, NOTHING)) == 0
    assert len(walk()(Query("of the"), corpus.view, NOTHING)) == 0


def test_how_rare_a_term_is_can_be_asked_by_its_code(corpus) -> None:
    asked = ("born", "brandt", "zebra")
    codes = np.array([code(each) for each in asked], np.uint64)
    view, before = corpus.view, corpus.store.view("test", as_of=2)
    assert view.rarity(codes).tolist() == view.words(asked).idf.tolist()
    assert before.rarity(codes).tolist() == before.words(asked).idf.tolist()
    assert view.rarity(codes).tolist() != before.rarity(codes).tolist()


def test_what_lies_very_near_a_question_is_worth_more_whatever_was_learned() -> None:
    known = np.zeros((3, len(ALONE)), np.float32)
    known[:, ALONE.index("cosine")] = 0.2, 0.5, 0.9
    assert answering(known).tolist() == pytest.approx([0, 1, 3], abs=1e-5)


def test_no_seed_is_refused() -> None:
    with pytest.raises(BadInput, match="1 or more"):
        walk(seeds=0)


def test_shipped_networks_say_what_they_were_trained_on() -> None:
    kept = json.loads((resources.files("mnesis.text") / "association.json").read_text(encoding="utf-8"))
    assert set(kept["sets"].values()) <= {"CC BY 4.0", "Apache-2.0", "MIT", "BSD-3-Clause"}
    assert (tuple(kept["known of a candidate"]), tuple(kept["known of a step"])) == (ALONE, STEP)
    for network in kept["networks"].values():
        assert np.array(network["alone"]["first"]).shape[0] == len(ALONE)
        assert np.array(network["step"]["first"]).shape[0] == len(STEP) + 2 * len(ALONE)
    evidence = kept["evidence"]["words and vectors"]
    assert set(evidence) >= {"in five folds", "trained on the other two", "as shipped"}
