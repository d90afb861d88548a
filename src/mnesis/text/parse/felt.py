"""Turns with the emotions they were said with.

Source: Le Huang, Hengzhi Lan, Zijun Sun, Chuan Shi, Ting Bai, Emotional RAG: Enhancing Role-Playing Agents through
    Emotional Retrieval, 2024. arXiv 2410.23041
Needs: nothing
Cost: one question ("emotion") a turn
Differs: emotions are eight strengths between 0 and 1, where the paper has a model grade them from 1 to 10.

What was felt when something was said is noted with it: the strengths under ``emotion`` in its meta, and as its `mood`
the strongest of them. A turn that shows none is as other turns are.

>>> from mnesis.drive import run
>>> from mnesis.models.rules import answer
>>> from mnesis.words import Event
>>> (cube,) = run(felt()(Event("I am so happy about the trip!", id="e"), "n"), rules=answer)
>>> cube.mood, cube.meta["emotion"]["joy"] > 0.5
('joy', True)
"""

from __future__ import annotations

from mnesis.drive import Asking, through
from mnesis.text.ask import emotion, mood
from mnesis.text.feelings import named, strengths
from mnesis.text.parse import Parse
from mnesis.text.parse.turns import turns
from mnesis.words import Event, MemCube, replace

MADE_BY = "text.parse.felt"


def felt(parse: Parse | None = None) -> Parse:
    """The cubes of another parser (turns), each with what it feels."""
    inner = parse or turns()

    def cut(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> Asking[list[MemCube]]:
        cubes = yield from through(inner(event, namespace, names))
        out = []
        for cube in cubes:
            scores = yield emotion(cube.text)
            shown = named(strengths(scores))
            meta = {**cube.meta, "emotion": shown} if shown else cube.meta
            out.append(replace(cube, mood=mood(scores), meta=meta, made_by=MADE_BY))
        return out

    return cut
