"""Six memories under one controller, with a core block in every context.

Source: Yu Wang, Xi Chen, MIRIX: Multi-Agent Memory System for LLM-Based Agents, 2025. arXiv 2507.07957
Needs: nothing
Cost: one question a new memory and one a recall; when tending one for each person of whom something core is new
Differs: one question names the type of a memory, where the paper has an agent for each type; images are captions.

The controller says of every memory to which of the six it belongs. What is core is written into one short block a
person, which is in every context whatever is asked. A question is answered by active retrieval: its types are told
first, and memories of those come before others that fit as well. The context goes from the core block to what is
known, how things are done, documents, and what happened. Secrets (passwords, keys, card numbers) go to the vault where
the space has its key (see `mnesis.vault`), and no index ever sees them.

>>> import mnesis
>>> space = mnesis.open(recipe="mirix", embedder="none")
>>> _ = space.remember(["I am a nurse.", "First boil the water, then add the tea."], speaker="Ana")
>>> [cube.type for cube in space.cubes()]
['core', 'procedural']
"""

from __future__ import annotations

from mnesis.text.decide.typed import typed
from mnesis.text.find.always import always
from mnesis.text.find.neighbours import neighbours
from mnesis.text.find.time_window import time_window
from mnesis.text.find.vectors import vectors
from mnesis.text.find.who import who
from mnesis.text.find.words import words
from mnesis.text.guard.wellformed import wellformed
from mnesis.text.pack.by_type import by_type
from mnesis.text.parse.turns import turns
from mnesis.text.rank import chain
from mnesis.text.rank.by_type import by_type as of_types
from mnesis.text.rank.evidence import evidence
from mnesis.text.rank.explained import explained
from mnesis.text.rank.meaning import meaning
from mnesis.text.rank.newest import newest
from mnesis.text.rank.reserved import reserved
from mnesis.text.recipes import Recipe
from mnesis.text.secrets import is_secret
from mnesis.text.tend.blocks import blocks


def mirix() -> Recipe:
    """The recipe."""
    return Recipe(
        name="mirix",
        guard=(wellformed(),),
        parse=turns(),
        decide=typed(),
        find=(words(), vectors(), neighbours(reach=2, seeds=60), who(), time_window(), always()),
        rank=chain(explained(), meaning(), evidence(), of_types(), newest(), reserved()),
        pack=by_type(),
        tend=(blocks(),),
        secret=is_secret,
    )
