"""A namespace as a graph: what stands in the links, PageRank by two ways, activation, paths, communities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis.errors import BadInput
from mnesis.store import Store
from mnesis.store.ram import RamStore
from mnesis.store.sqlite import SqliteStore
from mnesis.text.graph import Graph, around, fact, graph, path, push, rank, spread, told
from mnesis.words import Add, Change, Connect, Disconnect, Erase, Link, MemCube, replace

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def link(head: str, tail: str, kind: str = "mentions", weight: float = 1.0, **more: datetime) -> Link:
    return Link(head, tail, kind, weight, "a", made_by="test", **more)


def put(store: Store, *changes: Change) -> None:
    store.commit(changes, author="test", reason="", at=DAY, namespace="a")


def drawn(*links: Link) -> Store:
    store = RamStore()
    heads = dict.fromkeys(each.head for each in links)
    put(store, *(Add(MemCube(id, f"The text of {id}.", "a")) for id in heads), *map(Connect, links))
    return store


def edges(web: Graph) -> set[tuple[str, str, str, float]]:
    """Every edge from both of its ends."""
    return {
        (web.names[node], web.names[to], kind, round(weight, 6))
        for node in range(len(web))
        for to, weight, kind in zip(*web.edges(node), strict=True)
    }


@st.composite
def webs(draw: st.DrawFn) -> Store:
    """Cubes and entities linked at random, some of them not at all."""
    many = draw(st.integers(2, 12))
    ends = st.tuples(st.integers(0, many - 1), st.integers(0, 8))
    heavy = st.sampled_from([1.0, 0.5, 3.0])
    return drawn(
        *(
            link(f"c{a}", f"entity:{b}", weight=w)
            for (a, b), w in draw(st.lists(st.tuples(ends, heavy), min_size=1, max_size=40))
        )
    )


def test_links_are_edges_from_both_ends() -> None:
    web = graph(drawn(link("x", "entity:tea"), link("y", "entity:tea", weight=0.5), link("x", "y", "next")).view("a"))
    assert edges(web) == {
        ("x", "entity:tea", "mentions", 1.0), ("entity:tea", "x", "mentions", 1.0),
        ("y", "entity:tea", "mentions", 0.5), ("entity:tea", "y", "mentions", 0.5),
        ("x", "y", "next", 0.2), ("y", "x", "next", 0.2),
    }  # fmt: skip
    assert web.degree[web.find("entity:tea")] == 1.5
    assert web.find("entity:coffee") == -1


def test_a_graph_is_derived_once_a_commit_and_only_when_asked() -> None:
    store = drawn(link("x", "entity:tea"))
    assert graph(store.view("a")) is graph(store.view("a"))
    before = graph(store.view("a"))
    put(store, Connect(link("x", "entity:cups")))
    assert graph(store.view("a")) is not before
    assert graph(store.view("a")).find("entity:cups") >= 0
    assert before.find("entity:cups") == -1


def test_a_fact_joins_its_subject_and_object_for_as_long_as_it_holds() -> None:
    moved = DAY + timedelta(days=10)
    porto, lisbon = (fact("ana", "lives in", city) for city in ("porto", "lisbon"))
    store = drawn(
        link("x", porto, "states", valid_from=DAY, valid_to=moved), link("y", lisbon, "states", valid_from=moved)
    )

    def home(day: int) -> set[str]:
        web = graph(store.view("a", valid_at=DAY + timedelta(days=day)))
        way = path(
            web,
            [web.find("entity:ana")],
            [each for city in ("porto", "lisbon") if (each := web.find(f"entity:{city}")) >= 0],
        )
        return {web.names[way.nodes[-1]]} if way else set()

    assert home(5) == {"entity:porto"}
    assert home(15) == {"entity:lisbon"}
    assert home(-5) == set()
    both = graph(store.view("a"))  # asked of no moment, both are known
    assert {web for web in ("entity:porto", "entity:lisbon") if both.find(web) >= 0} == {
        "entity:porto",
        "entity:lisbon",
    }


def test_erasing_a_cube_erases_what_only_it_brought_to_the_graph() -> None:
    store = drawn(link("x", fact("ana", "owns", "boat"), "states"), link("y", "entity:tea"))
    put(store, Erase("x"))
    web = graph(store.view("a"))
    assert [web.find(f"entity:{each}") for each in ("ana", "boat")] == [-1, -1]
    assert not any("ana" in name for name in web.names)


@given(store=webs(), alpha=st.sampled_from([0.15, 0.5]), eps=st.sampled_from([1e-2, 1e-4, 1e-6]))
@settings(max_examples=60, deadline=None)
def test_a_push_agrees_with_the_power_iteration_and_is_bounded(store: Store, alpha: float, eps: float) -> None:
    web = graph(store.view("a"))
    seeds = {0: 1.0, len(web) - 1: 2.0}
    exact = rank(web, seeds, alpha, rounds=2000, close=1e-13)
    near = push(web, seeds, alpha, eps)
    mass = np.zeros(len(web))
    mass[near.nodes] = near.mass
    missing = exact - mass
    assert (missing >= -1e-9).all()
    assert (missing <= eps * np.maximum(web.degree, 0) + 1e-9).all()
    assert exact.sum() == pytest.approx(1.0)
    assert near.pushes * min(web.degree[web.degree > 0]) <= 1 / (eps * alpha) + 1


def test_the_cost_of_a_push_does_not_grow_with_the_graph() -> None:
    def ring(size: int) -> Graph:
        ends = ((f"c{at}", f"entity:{to % size}") for at in range(size) for to in (at, at + 1))
        return graph(drawn(*(link(head, tail) for head, tail in ends)).view("a"))

    found = [push(web, {web.find("c0"): 1.0}, 0.3, 1e-3) for web in (ring(50), ring(5000))]
    assert found[0].edges == found[1].edges <= 1 / (0.3 * 1e-3)
    np.testing.assert_allclose(np.sort(found[0].mass), np.sort(found[1].mass))


def test_nothing_flows_through_what_is_closed() -> None:
    web = graph(
        drawn(link("x", "entity:tea"), link("y", "entity:tea"), link("y", "entity:cup"), link("z", "entity:cup")).view(
            "a"
        )
    )
    seeds = {web.find("x"): 1.0}
    assert web.find("z") in push(web, seeds, 0.2, 1e-6).nodes
    reached = push(web, seeds, 0.2, 1e-6, closed=[web.find("y")]).nodes.tolist()
    assert {web.names[each] for each in reached} == {"x", "entity:tea"}
    assert path(web, [web.find("x")], [web.find("z")], closed=[web.find("y")]) is None


def test_seeds_and_chances_that_make_no_sense_are_refused() -> None:
    web = graph(drawn(link("x", "entity:tea")).view("a"))
    with pytest.raises(BadInput, match="alpha"):
        push(web, {0: 1.0}, 0.0)
    with pytest.raises(BadInput, match="eps"):
        push(web, {0: 1.0}, 0.5, 0.0)
    assert not len(push(web, {}).nodes)
    assert not len(push(graph(RamStore().view("a")), {}).nodes)


def test_activation_fades_with_every_step_and_hubs_pass_on_little() -> None:
    hub = [link(f"h{n}", "entity:hub") for n in range(60)]
    web = graph(drawn(link("x", "entity:tea"), link("y", "entity:tea"), link("x", "entity:hub"), *hub).view("a"))
    active = spread(web, {web.find("x"): 1.0})
    assert active[web.find("entity:tea")] > active[web.find("y")] > 0
    assert active[web.find("y")] > active[web.find("h3")]


def test_the_path_that_explains_avoids_hubs_and_is_told_in_words() -> None:
    hub = [link(f"h{n}", "day:2026-03-02", "on") for n in range(60)]
    through = [link(id, "day:2026-03-02", "on") for id in ("x", "z")]
    chain = [link("x", "entity:boat"), link("y", "entity:boat"), link("y", "entity:pier"), link("z", "entity:pier")]
    web = graph(drawn(*hub, *through, *chain).view("a"))
    way = path(web, [web.find("x")], [web.find("z")], longest=100)
    assert way is not None
    assert told(web, way, {"x": "A", "y": "B", "z": "C"}) == (
        "“A” —mentions— boat —mentions— “B” —mentions— pier —mentions— “C”"
    )
    assert path(web, [web.find("x")], [web.find("z")], longest=1.0) is None


def test_the_community_around_a_node_is_its_clique() -> None:
    groups = [link(f"{side}{n}", f"entity:{side}{m}") for side in "ab" for n in range(5) for m in range(4)]
    web = graph(drawn(*groups, link("a0", "entity:b0")).view("a"))
    inside = {web.names[each] for each in around(web, {web.find("a1"): 1.0})}
    assert inside == {*(f"a{n}" for n in range(5)), *(f"entity:a{m}" for m in range(4))}


def same(one: str, other: str, kind: str = "same") -> Link:
    return link("c0", f"same:{one}|{other}", kind)


def test_merged_names_are_one_node_and_go_by_the_longest() -> None:
    store = drawn(
        link("c0", "entity:dr grey"),
        link("c1", "entity:tom grey"),
        link("c2", "entity:grey"),
        same("dr grey", "tom grey"),
        same("grey", "dr grey"),
    )
    web = graph(store.view("a"))
    node = web.find("entity:grey")
    assert node == web.find("entity:tom grey") == web.find("entity:dr grey")
    assert web.called(node)[0] == "entity:tom grey"
    assert set(web.called(node)) == {"entity:tom grey", "entity:dr grey", "entity:grey"}
    assert {web.names[each] for each in web.edges(node)[0].tolist()} == {"c0", "c1", "c2"}


NAMES = [f"n{n}" for n in range(6)]


@given(
    merges=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
        max_size=8,
        unique=True,
    ),
    undone=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_merges_are_undone_exactly_in_any_order(
    merges: list[tuple[str, str]], undone: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After any merges are undone in any order the graph is what it was without them."""
    plain = [link(f"c{n}", f"entity:{name}") for n, name in enumerate(NAMES)] + [link("c1", "entity:n0")]
    stores: list[Store] = [drawn(*plain), SqliteStore(tmp_path_factory.mktemp("merge") / "space.mnesis")]
    put(stores[1], *(Add(MemCube(f"c{n}", "", "a")) for n in range(6)), *map(Connect, plain))
    for store in stores:
        states = [edges(graph(store.view("a")))]
        for pair in merges:
            put(store, Connect(same(*pair)))
            states.append(edges(graph(store.view("a"))))
        order = list(merges)
        undone.shuffle(order)  # type: ignore[attr-defined]
        for pair in order:
            put(store, Disconnect(same(*pair)))
        assert edges(graph(store.view("a"))) == states[0]
        for at, before in enumerate(states):  # and every state between can still be seen
            assert edges(graph(store.view("a", at + 1))) == before


def test_names_told_apart_are_two_though_they_were_merged() -> None:
    store = drawn(
        link("c0", "entity:jo"), link("c1", "entity:jo grey"), same("jo", "jo grey"), same("jo", "jo grey", "apart")
    )
    web = graph(store.view("a"))
    assert web.find("entity:jo") != web.find("entity:jo grey")


def test_both_stores_make_the_same_graph(tmp_path: Path) -> None:
    links = [
        link("c0", "entity:tea"),
        link("c1", "c0", "next"),
        link("c1", fact("tea", "is", "hot"), "states"),
        replace(same("tea", "green tea")),
    ]
    kept = SqliteStore(tmp_path / "space.mnesis")
    put(kept, Add(MemCube("c0", "", "a")), Add(MemCube("c1", "", "a")), *map(Connect, links))
    assert edges(graph(kept.view("a"))) == edges(graph(drawn(*links).view("a")))
    kept.close()
