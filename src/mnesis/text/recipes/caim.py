"""A controller before the recall, tags to filter it by, and thoughts afterwards.

Source: Rebecca Westhäußer, Frederik Berenz, Wolfgang Minker, Sebastian Zepf, CAIM: Development and Evaluation of a
    Cognitive AI Memory Framework for Long-Term Interaction with Intelligent Agents, 2025. arXiv 2505.13044
Needs: nothing
Cost: two questions a recall; when tending, for new turns, two for each stretch of twelve and one a turn and a thought
Differs: what was said is kept and filed too, where the paper keeps only thoughts.

The memory controller says whether what is said needs long-term memory; if not, only the short-term memory (the last
turns) is given. The retrieval files the question under tags of an ontology and prefers memories filed alike, and those
of the time asked about, be it a date or "after the trip to Porto". Post-thinking reads what was said since it was last
run: it keeps inductive thoughts, files them, and lets one that was thought before become one more witness of it.

>>> import mnesis
>>> space = mnesis.open(recipe="caim", embedder="none")
>>> _ = space.remember("My sister has a new job at a hospital.", speaker="Ana")
>>> _ = space.tend()
>>> sorted(link.tail for link in space._view("default").linked([cube.id for cube in space.cubes()], ("tagged",)))
['tag:family', 'tag:health', 'tag:work']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.anchored import anchored
from mnesis.text.find.latest import latest
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_time import by_time
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.activated import activated
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.lifted import lifted
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.reserved import reserved
from mnesis.text.rank.said_first import said_first
from mnesis.text.rank.tagged import tagged
from mnesis.text.recipes import Recipe
from mnesis.text.tend.thoughts import thoughts


def caim() -> Recipe:
    """The recipe."""
    scored = chain(explained(), meaning(), evidence(), lifted("anchored", 0.15), tagged())
    return Recipe(
        name="caim",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        find=(words(), vectors(), who(), time_window(), anchored(), latest(2)),
        rank=activated(chain(scored, said_first(), reserved("made"))),
        pack=by_time(),
        tend=(thoughts(),),
    )
