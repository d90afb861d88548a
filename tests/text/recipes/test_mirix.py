"""MIRIX: six memories under one controller; a core block in every context; secrets only in the vault."""

from __future__ import annotations

from typing import Any

import pytest

import mnesis
from mnesis.drive import Ask
from mnesis.text.secrets import is_secret
from mnesis.words import Event

LIFE = [
    "My name is Ana Duarte.",
    "I am a nurse at the harbour hospital.",
    "Yesterday we sailed to the island.",
    "The library is closed on Mondays.",
    "To start the boat, you pump the fuel and then press the green button.",
    "The insurance of the boat is in policy.pdf.",
]
TYPES = ["core", "core", "episodic", "semantic", "procedural", "resource"]
CHATTER = [f"The boat was painted again, coat number {n}." for n in range(30)]


class Agents:
    """A mind that answers for all agents: the controller, the core memory, the retrieval."""

    name = "agents"

    def __init__(self) -> None:
        self.asked: list[Ask] = []

    def answer(self, ask: Ask) -> Any:
        self.asked.append(ask)
        if ask.purpose == "memory_type":
            return dict(zip(LIFE, TYPES, strict=True)).get(ask.parts["text"], "episodic")
        if ask.purpose == "portrait":
            return "Ana Duarte is a nurse at the harbour hospital."
        return ["procedural"]


def told(mind: Any = None, questions: int = 0) -> mnesis.Space:
    space = mnesis.open(recipe="mirix", embedder="none", mind=mind)
    space.remember([Event(text, speaker="Ana") for text in LIFE], questions=questions)
    space.remember([Event(text, speaker="Tom") for text in CHATTER])
    return space


def test_the_controller_files_every_memory_under_one_of_the_types() -> None:
    for mind, questions in ((None, 0), (Agents(), 6)):
        with told(mind, questions) as space:
            assert [cube.type for cube in space.cubes()][: len(LIFE)] == TYPES


def test_the_core_block_is_in_every_context_and_stays_short() -> None:
    for mind, questions, wanted in ((None, 0, "harbour hospital"), (Agents(), 20, "Ana Duarte is a nurse")):
        with told(mind, questions) as space:
            space.tend(questions=questions)
            (block,) = [cube for cube in space.cubes() if cube.type == "core"]
            assert wanted in block.text
            assert {space.get(id).text for id in block.parents} == set(LIFE[:2])
            for question in ("Which coat of paint is the boat at?", "Is the sea cold?"):
                first = space.context(question, budget=200).lines[0]
                assert first.cubes == (block.id,)
                assert set(first.events) == set(block.events)
            assert space.tend(questions=questions) == []


def test_the_core_block_follows_what_becomes_of_its_facts() -> None:
    with mnesis.open(recipe="mirix", embedder="none") as space:
        space.remember("I live in Porto.", speaker="Ana", at="2024-01-01")
        space.tend()
        (block,) = [cube for cube in space.cubes() if cube.type == "core"]
        assert "Porto" in block.text
        space.remember("I live in Lisbon now.", speaker="Ana", at="2026-01-01")
        space.tend()
        now = space.get(block.id)
        assert "Lisbon" in now.text
        assert "Porto" not in now.text
        assert space.history(block.id)[0].text == block.text
        assert {cube.text for cube in space.cubes()} >= {"I live in Porto.", "I live in Lisbon now."}
        space.forget([cube.id for cube in space.cubes() if cube.id != block.id])
        space.tend()
        assert [cube.type for cube in space.cubes()] == []


def test_active_retrieval_looks_in_the_memory_that_fits() -> None:
    with told() as space:
        best = space.recall("How do I start the boat?")[0]
        assert (best.cube.type, best.why["by_type"]) == ("procedural", 1.0)
    mind = Agents()
    with told(mind, 6) as space:
        plain = [hit.cube.type for hit in space.recall("boat?", k=40)]
        asked = [hit.cube.type for hit in space.recall("boat?", k=40, questions=1)]
        assert asked.index("procedural") < plain.index("procedural")
        assert mind.asked[-1].purpose == "wanted_types"


SECRETS = ["The wifi password is k1tten-42!", "My credit card is 4111 1111 1111 1111."]


@pytest.mark.parametrize("mind", [None, Agents()], ids=["rules", "scripted"])
def test_secrets_go_to_the_vault_where_the_space_has_its_key(mind: Any) -> None:
    with mnesis.open(recipe="mirix", embedder="none", mind=mind, key="correct horse battery") as space:
        kept = space.remember([*SECRETS, "The wifi of the boat is slow."], speaker="Ana", questions=9)
        assert sorted(cube.type == "vault" for cube in kept) == [False, True, True]
        assert [hit.text for hit in space.recall("What is the wifi password?")] == ["The wifi of the boat is slow."]
        assert space.recall("What is the wifi password?", types=("vault",))[0].text == SECRETS[0]
        assert not any("k1tten" in str(each) for each in space.journal())


def test_without_a_key_what_was_said_stays_where_it_was_said() -> None:
    with mnesis.open(recipe="mirix", embedder="none") as space:
        space.remember(SECRETS[0], speaker="Ana")
        assert space.recall("What is the wifi password?")[0].text == SECRETS[0]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("My password is hunter2.", True),
        ("The PIN of the card is 4711.", True),
        ("api_key", False),
        ("Use the api key: abc-123-def.", True),
        ("sk-abcdefghijklmnop123456", True),
        ("I forgot my password again.", False),
        ("My password is too weak.", False),
        ("Call me at 4111 1111 1111 1112.", False),
        ("My locker at the swimming pool opens with the code 4711.", False),
    ],
)
def test_what_is_a_secret(text: str, secret: bool) -> None:
    assert is_secret(Event(text)) is secret
