"""text.rank.explained and text.rank.evidence: words of the question, and what a text begins with."""

from __future__ import annotations

import numpy as np

from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.words import Found, Query

QUESTION = Query("Who wrote Winter Ferry?")


def everything(world) -> Found:
    rows = world.view.alive()
    return Found(rows, np.zeros(len(rows), np.float32))


def test_what_a_text_begins_with_is_what_it_is_about(world) -> None:
    world.tell("Otto Lind grew up in Bergen and wrote the novel Winter Ferry there.")
    world.tell("Winter Ferry is the novel that Otto Lind wrote in Bergen, far from home.")
    found = explained()(QUESTION, everything(world), world.view)
    assert found.column("opening").tolist()[1] > 0.5 > found.column("opening").tolist()[0]
    assert evidence()(QUESTION, found, world.view).rows.tolist() == [1, 0]


def test_turns_of_a_conversation_have_no_title(world) -> None:
    world.tell("Winter Ferry made me cry.", "Ana", session="s")
    world.tell("Who wrote it?", "Tom", session="s")
    found = explained()(QUESTION, everything(world), world.view)
    assert "opening" not in found.why
    assert (found.column("explained") > 0).all()  # the second is understood from the first


def test_a_question_of_stop_words_explains_nothing(world) -> None:
    world.tell("Winter Ferry is a novel.")
    found = explained()(Query("Why?"), everything(world), world.view)
    assert found.column("explained").tolist() == [0.0]
