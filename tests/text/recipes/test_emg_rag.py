"""EMG-RAG: the graph is edited with the memories, and a selector picks what adds something."""

from __future__ import annotations

import json

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.graph import graph


class Editor:
    """A mind that does to the memories what it is told to."""

    name = "editor"

    def __init__(self, **does: tuple[str, str]) -> None:
        self.does, self.asked = does, list[Ask]()

    def answer(self, ask: Ask) -> str:
        self.asked.append(ask)
        reply = {"operation": "ADD", "target": "", "text": ""}
        for word, (verb, of) in self.does.items():
            if ask.purpose == "operation" and word in ask.parts["fact"]:
                target = next((each["id"] for each in ask.parts["memories"] if of in each["text"]), "")
                reply = {"operation": verb if target else "ADD", "target": target, "text": ""}
        return json.dumps(reply)


def opened(mind: object = None) -> Space:
    return mnesis.open(recipe="emg_rag", embedder="none", **({"mind": mind} if mind else {}))


def facts(space: Space) -> set[str]:
    """What standing memories state."""
    web = graph(space._view("default"))
    cubes = [node for cube in space.cubes() if (node := web.find(cube.id)) >= 0]
    return {web.names[to] for node in cubes for to in web.edges(node)[0].tolist() if web.names[to].startswith("fact:")}


def test_insert_replace_and_delete_edit_the_graph() -> None:
    space = opened()
    space.remember("I live in Porto.", speaker="Ana")
    space.remember("I like jazz.", speaker="Ana")
    space.remember("I live in Oslo.", speaker="Tom")
    space.remember("I moved to Lisbon.", speaker="Ana")
    assert {cube.text for cube in space.cubes()} == {"I moved to Lisbon.", "I like jazz.", "I live in Oslo."}
    assert facts(space) == {"fact:ana|moved to|lisbon", "fact:ana|like|jazz", "fact:tom|live in|oslo"}
    space.remember("I no longer like jazz.", speaker="Ana")
    assert "I like jazz." not in {cube.text for cube in space.cubes()}
    asked = space.recall("Where does Ana live?", k=2)
    assert asked[0].text == "I moved to Lisbon."
    assert "I live in Porto." in {hit.text for hit in space.recall("Where did Ana live?", as_of=1)}


def test_a_mind_decides_the_edit() -> None:
    mind = Editor(car=("UPDATE", "bicycle"), sold=("DELETE", "piano"))
    space = opened(mind)
    space.remember("My bicycle stands in the yard.", speaker="Ana", questions=5)
    space.remember("A piano stands in the yard too.", speaker="Ana", questions=5)
    space.remember("My car stands in the yard.", speaker="Ana", questions=5)
    space.remember("The piano was sold.", speaker="Ana", questions=5)
    assert {cube.text for cube in space.cubes()} == {"My car stands in the yard.", "The piano was sold."}
    history = [entry for entry in space.journal() for each in entry.changes if each["op"] == "retire"]
    assert len(history) == 2


def test_the_selector_takes_what_adds_over_what_repeats() -> None:
    space = opened()
    told = ["The red boat leaks at the bow.", "The red boat leaks, Tom says.", "The piano needs new strings."]
    space.remember([f"{text}" for text in told], speaker="Ana")
    texts = [hit.text for hit in space.recall("Does the red boat leak, and what does the piano need?", k=2)]
    assert told[2] in texts
    assert len({*told[:2]} & {*texts}) == 1
