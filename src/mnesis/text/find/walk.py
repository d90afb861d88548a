"""Walk from the best passages to those that tell what the question still lacks.

Source: Bernal Jiménez Gutiérrez, Yiheng Shu, Yu Gu, Michihiro Yasunaga, Yu Su, HippoRAG: Neurobiologically Inspired
    Long-Term Memory for Large Language Models, 2024. arXiv 2405.14831
Needs: nothing
Cost: two vector searches and one look-up of names a seed; a few thousand steps weighed by a small network
Shapes: steps [P, 15 + 2 * 14] -> columns `alone`, `walk` and `leads` [N]
Differs: no graph is searched and no language model asked; what is still asked for is taken from words and vectors, and
    what a step is worth was learned.

"On which river lies the birthplace of the designer of the lighthouse?" is answered by no single passage. The seeds are
the best candidates by words and meaning. A seed leads to the passages about what it names (`text.link.titles`), and to
those that fit the residual question: the question without the words and the meaning the seed accounts for. `walk` is
what the best step to a passage is worth, `leads` the best step that starts there, `alone` what it is worth by itself;
only their sum tells how good a passage is. How a passage was reached can be read in the hit's `path`.

>>> import mnesis
>>> space = mnesis.open(recipe="associative", embedder="none")
>>> _ = space.remember([
...     "Vela Lighthouse was designed by Ida Brandt.", "Ida Brandt was born in Morrow.", "Tom Grey was born in Ulm.",
... ])
>>> [hit.path for hit in space.recall("Where was the designer of Vela Lighthouse born?", k=3) if "Ida" in hit.text][1:]
["from 'Vela Lighthouse': it names 'Ida Brandt'; for born"]
"""

from __future__ import annotations

import numpy as np

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.association import ask, judged, path, spread
from mnesis.text.find import Find
from mnesis.words import NOTHING, Found, Query


def walk(seeds: int = 10) -> Find:
    """A finder by association; it stands behind the finders by words and vectors, whose best it starts from."""
    if seeds < 1:
        raise BadInput(f"seeds={seeds} leaves nothing to start from; give 1 or more.")

    def find(query: Query, view: View, found: Found) -> Found:
        sheet = spread(ask(query, view), view, found, seeds)
        if sheet is None:
            return NOTHING
        worth = judged(sheet)
        total = worth.alone + worth.reached + worth.leading
        rows = sheet.pool.rows
        best = np.lexsort((rows, -total))[: max(query.k, 1)]
        paths = {int(rows[at]): path(sheet, int(worth.by[at]), query.text) for at in best if worth.by[at] >= 0}
        why = {"alone": worth.alone, "walk": worth.reached, "leads": worth.leading}
        return Found(rows, total, why, paths).best(query.limit)

    return find
