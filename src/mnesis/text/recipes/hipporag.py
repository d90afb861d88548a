"""Memories joined by the names and facts they share, found by PageRank.

Source: Bernal Jiménez Gutiérrez, Yiheng Shu, Yu Gu, Michihiro Yasunaga, Yu Su, HippoRAG: Neurobiologically Inspired
    Long-Term Memory for Large Language Models, 2024. arXiv 2405.14831
Needs: nothing
Cost: one scan of each text when it is kept; a recall adds one local push to a word and a vector search
Differs: names, things and facts are read off by rules when nobody else reads them; synonyms are names that were merged
    (`text.tend.same`); what words and vectors found is fused with the walk, so a question that names nothing known is
    answered as without it.

The paper's parts: an index of the brain's hippocampus (entities and facts as a graph), a cortex (the texts), and a
PageRank that begins at what the question names and completes the pattern. One recall answers what takes several steps.

>>> import mnesis
>>> space = mnesis.open(recipe="hipporag", embedder="none")
>>> _ = space.remember(["Mara Quist wrote Harbour Lights.", "Mara Quist comes from Ribe.", "Tom plays chess."])
>>> [hit.text for hit in space.recall("Where does the author of Harbour Lights come from?", k=2)]
['Mara Quist wrote Harbour Lights.', 'Mara Quist comes from Ribe.']
"""

from __future__ import annotations

from mnesis.text.decide.append import append
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


def hipporag() -> Recipe:
    """The recipe."""
    return Recipe(
        name="hipporag",
        guard=(wellformed(),),
        parse=turns(),
        decide=append(),
        link=(entities(), phrases(), facts(), aliases()),
        find=(words(), vectors(), ppr(passages_share=0.0)),
        rank=weighted({"words": 0.5, "vectors": 0.5, "ppr": 0.6}),
        pack=greedy(),
        tend=(same(), timelines(), openie()),
    )
