"""Names of one person become one node, and two again when that turns out wrong; every merge says why."""

from __future__ import annotations

from datetime import UTC, datetime

import mnesis
from mnesis import Space
from mnesis.store import View
from mnesis.text.graph import graph
from mnesis.text.link.aliases import aliases
from mnesis.text.link.entities import entities
from mnesis.text.recipes import Recipe
from mnesis.text.recipes.verbatim import verbatim
from mnesis.text.same import because, merges, separate
from mnesis.text.tend.same import same
from mnesis.words import replace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def opened(*told: tuple[str, str]) -> Space:
    recipe: Recipe = replace(verbatim(), link=(entities(), aliases()), tend=(same(),))
    space = mnesis.open(recipe=recipe, embedder="none", clock=lambda: NOW)
    for speaker, text in told:
        space.remember(text, speaker=speaker)
    space.tend()
    return space


def view(space: Space) -> View:
    return space._view("default")


def are_one(space: Space, one: str, other: str) -> bool:
    web = graph(view(space))
    nodes = web.find(f"entity:{one}"), web.find(f"entity:{other}")
    assert min(nodes) >= 0, "both are named"
    return nodes[0] == nodes[1]


def test_a_speaker_is_the_person_others_call_by_the_first_name() -> None:
    space = opened(("Ruth Grey", "Good morning."), ("Tom", "Yesterday Ruth sailed to Porto."))
    assert are_one(space, "ruth", "ruth grey")
    assert because(merges(view(space), "ruth")[0]).startswith("“ruth” is a part of the name “ruth grey”")


def test_places_and_things_are_not_merged_by_their_parts() -> None:
    space = opened(("Tom", "We went to New York and to York, and saw the University of Porto in Porto."))
    assert not are_one(space, "york", "new york")
    assert not are_one(space, "porto", "university of porto")


def test_initials_and_titles() -> None:
    space = opened(("", "We met Ruth Grey and Professor Abel Lund."), ("", "Later R. Grey wrote to Abel Lund."))
    assert are_one(space, "abel lund", "professor abel lund")
    assert "title" in because(merges(view(space), "abel lund")[0])


def test_a_second_one_of_that_name_takes_the_merge_back_and_undo_brings_the_graph_back() -> None:
    space = opened(("Ruth Grey", "Good morning."), ("Tom", "Yesterday Ruth sailed to Porto."))
    assert are_one(space, "ruth", "ruth grey")
    space.remember("Hello.", speaker="Ruth Marsh")
    space.tend()
    assert not are_one(space, "ruth", "ruth grey")
    assert space.tend() == []
    assert space.verify().ok


def test_a_merge_is_a_commit_that_can_be_undone() -> None:
    space = opened()
    space.remember("Good morning.", speaker="Ruth Grey")
    space.remember("Yesterday Ruth sailed to Porto.", speaker="Tom")
    before = graph(view(space))
    commit = space.tend()[0]
    assert are_one(space, "ruth", "ruth grey")
    space.undo(commit.seq)
    after = graph(view(space))
    assert (after.node[: before.size] == before.node[: before.size]).all()
    assert (after.degree[: before.size] == before.degree[: before.size]).all()


def test_names_told_apart_stay_apart() -> None:
    space = opened(("Ruth Grey", "Good morning."), ("Tom", "Yesterday Ruth sailed to Porto."))
    space._commit(separate(view(space), "ruth", "ruth grey"), "", "apart", "default")
    assert not are_one(space, "ruth", "ruth grey")
    assert space.tend() == []
    assert not are_one(space, "ruth", "ruth grey")


def test_aliases_are_said_outright_and_go_with_the_memory_that_says_them() -> None:
    space = opened(
        ("", "Robert Grey, also known as Bobby Salt, sails."),
        ("", "The World Boat Club (WBC) met."),
        ("Ana", "My name is Annette."),
        ("", "Yesterday Bobby Salt won."),
    )
    assert are_one(space, "robert grey", "bobby salt")
    assert are_one(space, "world boat club", "wbc")
    assert are_one(space, "ana", "annette")
    told = next(each for each in space.cubes() if "also known" in each.text)
    space.forget(told.id, erase=True)
    web = graph(view(space))
    assert web.find("entity:bobby salt") >= 0
    assert web.find("entity:robert grey") == -1
