"""Memories linked into timelines by cause and change, and recalled as such.

Source: Kai Tzu-iunn Ong, Namyoung Kim, Minju Gwak, Hyungjoo Chae, Taeyoon Kwon, Yohan Jo, Seung-won Hwang, Dongha Lee,
    Jinyoung Yeo, Towards Lifelong Dialogue Agents via Timeline-based Memory Management, 2024. arXiv 2406.10996
    (before: THEANINE: Revisiting Memory Management in Long-term Conversations with Timeline-augmented Response
    Generation)
Needs: nothing
Cost: one word search and up to 3 questions a new memory; a recall reads the links of the timelines it brings
Differs: memories are the turns as they were said; timelines are given in order and are not rewritten for the question.

Outdated memories are not removed. Each new memory is linked to the earlier ones it follows from, with the kind of the
step: it changes them, they cause it, hinder it, it reacts to them. A question that meets one memory of such a line
gets the line, from its beginning to how things stand now, so an answer can say "no longer" and why.

>>> import mnesis
>>> space = mnesis.open(recipe="theanine", embedder="none")
>>> _ = space.remember("I live in Porto.", speaker="Ana", at="2024-01-05")
>>> _ = space.remember("I moved to Lisbon.", speaker="Ana", at="2026-03-02")
>>> print(space.context("Did Ana move?"))
[2024-01-05] Ana: I live in Porto.
[2026-03-02] Ana: I moved to Lisbon.
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.timelines import timelines as along
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.link.causes import causes
from mnesis.text.pack.timelines import timelines
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.together import together
from mnesis.text.recipes import Recipe


def theanine() -> Recipe:
    """The recipe."""
    return Recipe(
        name="theanine",
        guard=(wellformed(),),
        parse=turns(),
        link=(causes(),),
        decide=append(),
        find=(words(), vectors(), who(), along()),
        rank=chain(explained(), meaning(), evidence(), together()),
        pack=timelines(),
    )
