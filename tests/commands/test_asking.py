"""The verbs that may ask: within --questions, whom --mind names, and what it cost said on the side."""

from __future__ import annotations

from pathlib import Path

import pytest

PLUGIN = """
from mnesis.drive import Reply
from mnesis.text import ask
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Add, MemCube, replace

def asking():
    plain = verbatim()

    def parse(event, namespace, names=frozenset()):
        whole = plain.parse(event, namespace, names)[0]
        said = yield ask.facts(event.text)
        return [whole, *(replace(whole, id=f"{event.id}-{n}", text=each) for n, each in enumerate(said or (), 1))]

    def rank(query, found, view):
        yield ask.rewritten(query.text)
        return plain.rank(query, found, view)

    def tend(view, now):
        text = yield ask.summary(["The boat is red.", "Ana bought the boat."])
        made = MemCube("sum", text, view.namespace) if text else None
        return [Add(made)] if made and view.get("sum") is None else []

    return replace(plain, name="asking", parse=parse, rank=rank, tend=(tend,))

class Mind:
    name = "wise"
    def answer(self, question):
        said = {"facts": '["Ana lives in Lisbon."]', "summary": "About a boat.", "rewritten": "boat"}
        return Reply(said[question.purpose], 1200, 8)

def mind():
    return Mind()
"""
ASKING = ("--recipe", "wise_asking:asking")
WISE = ("--mind", "wise_asking:mind")


@pytest.fixture
def wise(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command line with a recipe that asks and a mind that answers within reach."""
    (tmp_path / "wise_asking.py").write_text(PLUGIN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return cli


def test_without_a_budget_the_rules_answer_and_nothing_is_said_of_costs(wise) -> None:
    ran = wise("remember", "I moved to Lisbon. Hello!", *ASKING, *WISE)
    assert [each["text"] for each in ran.json] == ["I moved to Lisbon. Hello!", "I moved to Lisbon."]
    assert "asked" not in ran.err
    (entry,) = wise("history").json
    assert entry["asked"] == {"mind": "wise", "rules": 1}
    assert entry["changes"] == {"add": 2}


def test_a_mind_is_asked_within_the_budget(wise) -> None:
    ran = wise("remember", "-", *ASKING, *WISE, "--questions", "1", input="I moved.\nI sold the boat.\n")
    assert "Ana lives in Lisbon." in [each["text"] for each in ran.json]
    assert ran.err.strip() == ("wise was asked 1 questions (1,200 tokens read, 8 written), 1 answered by rules.")
    (entry,) = wise("history").json
    assert entry["asked"] == {"mind": "wise", "questions": 1, "read": 1200, "written": 8, "rules": 1}
    assert "wise was asked 1 questions" in wise("recall", "boat", *ASKING, *WISE, "--questions", "3").err
    assert "asked 0 questions" in (ran := wise("context", "boat", *ASKING, *WISE, "--questions", "3")).err
    assert "1 known from before" in ran.err
    assert "wise was asked 1 questions" in wise("tend", *ASKING, *WISE, "--questions", "1").err
    assert "About a boat." in [each["text"] for each in wise("recall", "boat", *ASKING).json]


def test_too_few_tokens_ask_nothing(wise) -> None:
    ran = wise("remember", "I moved to Lisbon.", *ASKING, *WISE, "--questions", "5", "--tokens", "10")
    assert len(ran.json) == 2
    assert ran.err == ""


def test_a_mind_that_is_not_there_is_an_error_that_says_what_to_do(wise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNESIS_ENDPOINT", raising=False)
    assert "MNESIS_ENDPOINT" in wise("remember", "x", "--mind", "http", code=1).err
    assert "no budget" in wise("remember", "I moved.", *ASKING, *WISE, "--questions", "-1", code=2).err


def test_a_budget_that_is_none_is_refused_before_there_is_a_space(wise, tmp_path: Path) -> None:
    path = tmp_path / "never.mnesis"
    for wrong in (("--questions", "-1"), ("--questions", "1", "--tokens", "-3")):
        assert "no budget" in wise("remember", "I moved.", *wrong, "--space", str(path), code=2).err
    assert not list(tmp_path.glob("never.mnesis*"))
