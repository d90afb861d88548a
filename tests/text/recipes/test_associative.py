"""The recipe associative: what no single memory tells is put together from several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mnesis import Event, Space, catalog

CORPUS = {
    "Vela Lighthouse": "The Vela Lighthouse was designed by Ida Brandt and first lit in 1911.",
    "Ida Brandt": "Ida Brandt was an engineer. She came to the world in Morrow as the daughter of a smith.",
    "Morrow": "Morrow is a small mining town. It lies where the road from the hills meets the river Sill.",
    "Sill": "The Sill rises in the eastern hills and is 140 km long.",
    "Vela": "Vela is a constellation of the southern sky.",
    "Tom Grey": "Tom Grey was an engineer, born in Ulm. He designed bridges and a railway station.",
    "Harlan Lighthouse": "The Harlan Lighthouse stands on a rock. Its designer is not known.",
    "Ulm": "Ulm is a city on the Danube, known for the tower of its church.",
    "Lighthouse": "A lighthouse is a tower with a lamp, built to guide ships at night.",
    "Engineer": "An engineer designs machines and buildings.",
    "Designer": "A designer plans how things look before they are made.",
    "River": "A river is flowing water, and a town often lies on it.",
}
ASKED = "In which town was the designer of the Vela Lighthouse born?"


def told(space: Space, namespace: str = "default") -> None:
    space.remember(
        [Event(text, source=name, meta={"title": name}) for name, text in CORPUS.items()], namespace=namespace
    )


@pytest.fixture(params=["words", "vectors"])
def space(request: pytest.FixtureRequest) -> Iterator[Space]:
    mind = "none" if request.param == "words" else catalog.make("models.scripted", dim=64)
    with Space(recipe="associative", embedder=mind) as made:
        yield made


def test_a_passage_that_shares_no_word_with_the_question_is_reached_by_name(space: Space) -> None:
    told(space)
    hits = space.recall(ASKED, k=4)
    found = {hit.sources[0]: hit for hit in hits}
    assert {"Vela Lighthouse", "Ida Brandt"} <= set(found)
    with Space(recipe="verbatim", embedder="none") as plain:
        told(plain)
        assert "Ida Brandt" not in {hit.sources[0] for hit in plain.recall(ASKED, k=4)}


def test_explain_says_from_where_by_which_name_and_for_which_words(space: Space) -> None:
    told(space)
    hit = next(
        hit
        for hit in space.recall("Who designed the Vela Lighthouse, and what was her profession?", k=5)
        if hit.sources == ("Ida Brandt",)
    )
    assert hit.path.startswith("from 'Vela Lighthouse': it names 'Ida Brandt'")
    assert f"reached {hit.path}" in space.explain(hit)


def test_what_came_later_is_reached_too(space: Space) -> None:
    for name, text in CORPUS.items():  # the lighthouse names Ida Brandt before there is anything about her
        space.remember(Event(text, source=name, meta={"title": name}))
    assert "Ida Brandt" in {hit.sources[0] for hit in space.recall(ASKED, k=4)}


def test_a_forgotten_passage_leads_nowhere(space: Space) -> None:
    told(space)
    gone = next(hit for hit in space.recall(ASKED, k=4) if hit.sources == ("Ida Brandt",))
    then = space.head().seq
    space.forget(gone.cube.id)
    assert "Ida Brandt" not in {hit.sources[0] for hit in space.recall(ASKED, k=12)}
    assert "Ida Brandt" in {hit.sources[0] for hit in space.recall(ASKED, k=4, as_of=then)}


def test_a_walk_stays_in_its_namespace(space: Space) -> None:
    space.remember(Event(CORPUS["Ida Brandt"], source="Ida Brandt", meta={"title": "Ida Brandt"}), namespace="other")
    rest = {name: text for name, text in CORPUS.items() if name != "Ida Brandt"}
    space.remember([Event(text, source=name, meta={"title": name}) for name, text in rest.items()])
    assert "Ida Brandt" not in {hit.sources[0] for hit in space.recall(ASKED, k=12)}


def test_a_question_of_one_passage_is_answered_by_it(space: Space) -> None:
    told(space)
    assert space.recall("How long is the Sill?", k=1)[0].sources == ("Sill",)
    assert space.recall("Which city is on the Danube?", k=1)[0].sources == ("Ulm",)


def test_nothing_costs_a_question(space: Space) -> None:
    told(space)
    space.recall(ASKED)
    assert all("cost" not in each.reason for each in space.journal())
