"""Facts and passages in one graph, walked from those a question recognises.

Source: Bernal Jiménez Gutiérrez, Yiheng Shu, Weijian Qi, Sizhe Zhou, Yu Su, From RAG to Memory: Non-Parametric
    Continual Learning for Large Language Models, 2025. arXiv 2502.14802
Needs: nothing
Cost: one scan of each text when it is kept; a recall compares some hundred facts with the question, and pushes once
Differs: facts are read off by rules and recognised by the rare words they share with the question (`text.find.facts`);
    with a language model `text.tend.openie` upgrades the same graph.

What the first version lacked: passages are nodes and beginnings of the walk too, so simple questions are answered as
well as without a graph; the question is matched with whole facts, not with names; and facts that were found but are
beside the point are left out before the walk begins.

>>> import mnesis
>>> space = mnesis.open(recipe="hipporag2", embedder="none")
>>> _ = space.remember(["Mara Quist wrote Harbour Lights.", "Mara Quist comes from Ribe.", "Tom plays chess."])
>>> [hit.text for hit in space.recall("Where does the author of Harbour Lights come from?", k=2)]
['Mara Quist wrote Harbour Lights.', 'Mara Quist comes from Ribe.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
from mnesis.text.find.facts import facts as facts_of
from mnesis.text.find.ppr import ppr
from mnesis.text.find.vectors import vectors
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.link.aliases import aliases
from mnesis.text.link.entities import entities
from mnesis.text.link.facts import facts
from mnesis.text.link.phrases import phrases
from mnesis.text.pack.greedy import greedy
from mnesis.text.parse.turns import turns
from mnesis.text.rank.weighted import weighted
from mnesis.text.recipes import Recipe
from mnesis.text.tend.openie import openie
from mnesis.text.tend.same import same
from mnesis.text.tend.timelines import timelines


def hipporag2() -> Recipe:
    """The recipe."""
    return Recipe(
        name="hipporag2",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), facts_of(), ppr(passages_share=0.2, facts_share=0.2)),
        rank=weighted({"words": 0.5, "vectors": 0.5, "facts": 0.2, "ppr": 0.6}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
