"""What every rule owes: an answer of the form its question asks for, whatever the material, the same every time."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis import catalog
from mnesis.drive import Ask
from mnesis.models.rules import answer
from mnesis.schema import checked
from mnesis.text import ask

SUBJECTS = catalog.names("models.rules")
PURPOSES = [address.rpartition(".")[2] for address in SUBJECTS]
WORDS = """I you Ana Tom my not no longer moved to Lisbon in March yesterday 3 like hate because so happy! ? . , and
    http://a.b/c.pdf 東京 मित्र 🌍 don't ’s University first then live 2019-05-01 the \n""".split(" ")
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=120) | st.lists(
    st.sampled_from(WORDS), max_size=30
).map(" ".join)
AT = datetime(2026, 3, 11, tzinfo=UTC)


def asked(purpose: str, one: str, other: str, speaker: str) -> Ask:
    """The question of this purpose about these texts, made by its maker."""
    maker = getattr(ask, purpose)
    memories = [{"id": "a", "text": other}, {"id": "b", "text": one}]
    material: Mapping[str, Any] = {
        "text": one, "texts": [one, other], "speaker": speaker, "at": AT, "known": [speaker] if speaker else [],
        "old": other, "new": one, "fact": one, "memories": memories, "name": speaker or "Ana", "facts": [one, other],
        "earlier": other, "later": one, "query": one, "context": [other], "note": memories[0],
    }  # fmt: skip
    wanted = inspect.signature(maker).parameters
    made = maker(**{name: value for name, value in material.items() if name in wanted})
    assert isinstance(made, Ask)
    return made


@pytest.mark.parametrize("purpose", PURPOSES)
@given(one=TEXTS, other=TEXTS, speaker=st.sampled_from(["", "Ana", "Łódź 東京"]))
@settings(max_examples=60, deadline=None)
def test_an_answer_has_the_form_its_question_asks_for(purpose: str, one: str, other: str, speaker: str) -> None:
    question = asked(purpose, one, other, speaker)
    said = answer(question)
    if said is not None:
        assert checked(said, question.schema) == said
        assert json.loads(json.dumps(said)) == said
    assert answer(question) == said


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_rule_does_not_change_its_material(purpose: str) -> None:
    question = asked(purpose, "I moved to Lisbon in March. I am happy!", "I live in Porto.", "Ana")
    before = json.dumps(question.parts)
    assert answer(question) is not None
    assert json.dumps(question.parts) == before


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_question_can_be_written_down(purpose: str) -> None:
    question = asked(purpose, "I moved to Lisbon.", "I live in Porto.", "Ana")
    assert question.purpose == purpose
    assert question.instruction.endswith(".")
    assert "Lisbon" in question.prompt
    assert json.loads(json.dumps(question.schema)) == question.schema


def test_every_question_recipes_share_has_a_rule() -> None:
    made = {name for name, value in vars(ask).items() if inspect.isfunction(value) and not name.startswith("_")}
    assert {name for name in made if inspect.signature(getattr(ask, name)).return_annotation == "Ask"} == set(PURPOSES)


def test_a_question_no_rule_knows_stays_without_answer() -> None:
    assert answer(Ask("horoscope", {"text": "I was born in May."})) is None
