"""AriGraph: in a small text world an agent with facts and episodes beats the same agent without.

The world: rooms joined by doors, a key somewhere, a chest somewhere that the key opens. Every room says what is in it
and where its doors lead. The agent explores until it has seen all rooms, then it is to fetch the key, go to the chest
and open it in as few steps as it can. What it knows of the world it asks its memory, by recall alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import mnesis
from mnesis import Space
from mnesis.drive import Ask
from mnesis.text.graph import graph

ROOMS = "hall kitchen cellar attic garden library stable tower pantry workshop chapel loft".split()
DOOR = re.compile(r"The (\w+) is next to the (\w+)\.")


@dataclass
class World:
    doors: Mapping[str, list[str]]
    key: str
    chest: str

    def look(self, room: str) -> str:
        """What is seen in a room."""
        seen = [f"The {room} is next to the {other}." for other in self.doors[room]]
        seen += [f"The brass key is in the {room}."] * (room == self.key)
        seen += [f"The oak chest is in the {room}."] * (room == self.chest)
        return " ".join([f"Dust lies on the floor of the {room}.", *seen])


def world(seed: int) -> World:
    chance = Random(seed)
    rooms = chance.sample(ROOMS, len(ROOMS))
    doors: dict[str, list[str]] = {room: [] for room in rooms}
    for at, room in enumerate(rooms[1:], 1):
        other = rooms[chance.randrange(max(0, at - 2), at)]
        doors[room].append(other)
        doors[other].append(room)
    key, chest = chance.sample(rooms[2:], 2)
    return World(doors, key, chest)


def explored(space: Space, place: World) -> str:
    """Walk through every room once, telling the memory what is seen; ends in the last one."""
    order, waiting = [], [next(iter(place.doors))]
    while waiting:
        room = waiting.pop()
        if room not in order:
            order.append(room)
            waiting += place.doors[room]
    for at, room in enumerate(order):
        space.remember(place.look(room), at=f"2026-03-01T{at:02d}:00", session="world", source=f"step:{at}")
        chatter = (f"A {what} creaks near the {room}." for what in ("beam", "stair", "shutter"))
        space.remember(list(chatter), session="noise")
    space.tend()
    return order[-1]


def sought(space: Space, question: str, pattern: str) -> list[str]:
    """What the memory's two best answers say."""
    return [name for hit in space.recall(question, k=2) for name in re.findall(pattern, hit.text)]


def way(space: Space, begin: str, goal: str) -> list[str]:
    """Rooms from one to another, asking the memory for the doors of every room on the way; empty if it cannot tell."""
    came: dict[str, str] = {begin: ""}
    queue = [begin]
    while queue and goal not in came:
        room = queue.pop(0)
        for one, other in sorted(
            {pair for hit in space.recall(f"What is the {room} next to?", k=2) for pair in DOOR.findall(hit.text)}
        ):
            for here, there in ((one, other), (other, one)):
                if here == room and there not in came:
                    came[there] = room
                    queue.append(there)
    steps = []
    while goal != begin and goal in came:
        steps.append(goal)
        goal = came[goal]
    return steps[::-1]


def played(recipe: str, seed: int, budget: int = 40) -> bool:
    """Whether the agent opens the chest within a budget of steps; where its memory cannot tell, it wanders."""
    place, chance = world(seed), Random(seed + 1000)
    space = mnesis.open(recipe=recipe, embedder="none")
    here, steps = explored(space, place), 0
    for thing, truth in (("brass key", place.key), ("oak chest", place.chest)):
        known = sought(space, f"Where is the {thing}?", rf"The {thing} is in the (\w+)\.")
        planned = way(space, here, known[0]) if known else []
        while here != truth:
            here = planned.pop(0) if planned and planned[0] in place.doors[here] else chance.choice(place.doors[here])
            steps += 1
            if steps > budget:
                return False
    return True


def test_an_agent_with_the_graph_beats_one_without() -> None:
    seeds = range(6)
    with_graph = sum(played("arigraph", seed, 24) for seed in seeds)
    forgetful = sum(_wandered(seed, 24) for seed in seeds)
    assert with_graph == len(seeds)
    assert forgetful < with_graph


def _wandered(seed: int, budget: int) -> bool:
    """The same agent without any memory."""
    place, chance = world(seed), Random(seed + 1000)
    here, steps = list(place.doors)[-1], 0
    for truth in (place.key, place.chest):
        while here != truth:
            here, steps = chance.choice(place.doors[here]), steps + 1
            if steps > budget:
                return False
    return True


def test_episodes_come_by_the_facts_they_told_and_those_around() -> None:
    space = mnesis.open(recipe="arigraph", embedder="none")
    space.remember(
        [
            "The lamp is in the cellar. The cellar is under the kitchen.",
            "The kitchen is next to the hall.",
            "It is noon.",
        ]
    )
    hits = {hit.text: hit for hit in space.recall("Where is the lamp?", k=3)}
    assert hits["The kitchen is next to the hall."].why["episodes"] > 0, "a fact around the fact that was asked for"
    assert "It is noon." not in hits


def test_a_fact_of_the_world_that_changes_is_superseded() -> None:
    space = mnesis.open(recipe="arigraph", embedder="none")
    space.remember("The brass key is in the cellar.", at="2026-03-01")
    space.remember("The brass key is in the tower.", at="2026-03-02")
    space.tend()
    now = graph(space._view("default", valid_at="2026-03-03"))
    assert (now.find("fact:brass key|is in|cellar"), now.find("fact:brass key|is in|tower") >= 0) == (-1, True)
    then = graph(space._view("default", valid_at="2026-03-01T12:00"))
    assert then.find("fact:brass key|is in|cellar") >= 0


class Observer:
    """A mind that reads what the rules cannot."""

    name = "observer"

    def answer(self, ask: Ask) -> str:
        fact = {"subject": "lamp", "relation": "is in", "object": "cellar"}
        return json.dumps({"facts": [fact] if "glimmers" in ask.parts.get("text", "") else []})


def test_a_mind_reads_facts_off_observations_that_rules_do_not_understand() -> None:
    space = mnesis.open(recipe="arigraph", embedder="none", mind=Observer())
    space.remember(["Deep below something glimmers.", "Up here it is dark."])
    assert not any(hit.why.get("episodes") for hit in space.recall("Where is the lamp?", k=1))
    space.tend(questions=5)
    assert space.recall("Where is the lamp?", k=1)[0].text == "Deep below something glimmers."
