"""ECM: a state of mind that is stirred, spent and fades, and chooses by a vocabulary of emotions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mnesis import Space, catalog
from mnesis.text.use.feel import feel
from mnesis.words import MemCube, replace

PLAIN = "The trip to Porto was long."
ANGRY = "The trip to Porto made me furious and angry."
GLAD = "The trip to Porto was wonderful, we laughed."
ASKED = "Tell me of the trip to Porto"
START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def opened(clock: Clock, mind: Any = None, spent: float = 0.5) -> Space:
    recipe = replace(catalog.make("text.recipes.ecm"), use=(feel(spent=spent),))
    space = Space(recipe=recipe, embedder="none", clock=clock, mind=mind)
    space.remember([PLAIN, ANGRY, GLAD])
    return space


def best(space: Space, **given: Any) -> str:
    return space.recall(ASKED, touch=False, **given)[0].text


def state(space: Space) -> MemCube | None:
    return next((cube for cube in space.cubes() if cube.kind == "weights"), None)


def test_rules_let_the_state_of_mind_choose_until_it_has_faded() -> None:
    clock = Clock()
    with opened(clock) as space:
        assert best(space) == PLAIN
        assert state(space) is None
        space.recall("Everything about that trip makes me so angry!")
        assert best(space) == ANGRY
        held = state(space)
        assert held is not None
        assert max(held.meta["state"], key=held.meta["state"].get) == "anger"
        clock.now += timedelta(days=2)
        assert best(space) == PLAIN  # it has faded
        space.recall("I am so happy about that trip, how wonderful!")
        assert best(space) == GLAD


def test_what_is_expressed_is_spent() -> None:
    clock = Clock()
    with opened(clock, spent=0.2) as space:
        space.recall("Everything about that trip makes me so angry!")
        assert best(space) == ANGRY
        strength = []
        for _ in range(9):
            space.recall(ASKED)
            held = state(space)
            assert held is not None
            strength.append(held.meta["state"].get("anger", 0.0))
        assert strength == sorted(strength, reverse=True)
        assert strength[-1] < 0.6 * strength[0]
        assert best(space) == PLAIN  # said often enough, it is over


def test_a_question_without_feeling_leaves_nothing() -> None:
    with opened(Clock()) as space:
        head = space.head()
        space.recall("How long was the trip?")
        assert space.head() == head


def test_a_mind_says_what_stirs(script: Any) -> None:
    zero = dict.fromkeys(("joy", "acceptance", "fear", "surprise", "sadness", "disgust", "anger", "anticipation"), 0.0)
    mind = script(emotion=lambda parts: {**zero, "anger": 0.9} if "again" in parts["text"] else zero)
    with opened(Clock(), mind) as space:
        assert best(space, questions=2) == PLAIN
        space.recall("They did it again to our trip.", questions=4)
        assert best(space, questions=2) == ANGRY
        assert set(mind.purposes()) == {"emotion"}
