"""Against being lost in the middle: the best memories at both ends.

Source: Bowen Jin, Jinsung Yoon, Jiawei Han, Sercan O. Arik, Long-Context LLMs Meet RAG: Overcoming Challenges for Long
    Inputs in RAG, 2024. arXiv 2410.05983
Needs: nothing
Cost: as the recipe `default`
Differs: only the training-free part; the fine-tuning of the paper changes the reader, not the memory. What nearly
    repeats is left out first, since the hard negatives the paper warns of are often that.

Retrieval is that of the best recipe we know; what the paper adds is where each memory stands in the context.

>>> import mnesis
>>> space = mnesis.open(recipe="long_context_order", embedder="none")
>>> _ = space.remember(["The blue boat is mine.", "The boat is blue.", "Boats float."], session="s")
>>> len(space.context("Which boat is blue?").lines)
3
"""

from __future__ import annotations

from mnesis.text.pack.edges_first import edges_first
from mnesis.text.recipes import Recipe
from mnesis.text.recipes.default import default
from mnesis.words import replace


def long_context_order() -> Recipe:
    """The recipe."""
    return replace(default(), name="long_context_order", pack=edges_first())
