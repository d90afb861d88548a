"""The communities of a graph, by Leiden, and what each is about in sentences of its own.

Needs the extra ``mnesis[graph]`` (leidenalg and igraph, both compiled); without it, `communities` says so.
V. Traag, L. Waltman and N. van Eck, From Louvain to Leiden: Guaranteeing Well-connected Communities, 2019
(doi 10.1038/s41598-019-41695-z).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from mnesis.errors import BadInput, Unavailable
from mnesis.store.terms import terms
from mnesis.text.graph import Graph, Nodes

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def communities(web: Graph, resolution: float = 1.0, seed: int = 0, least: int = 2) -> list[Nodes]:
    """The nodes of each community of at least `least`, the largest first; the same for the same seed."""
    if resolution <= 0 or least < 1:
        raise BadInput(f"resolution={resolution} and least={least} must both be above 0.")
    try:
        import igraph
        import leidenalg
    except ImportError as err:
        raise Unavailable("Communities are found by leidenalg; install it with pip install 'mnesis[graph]'.") from err
    used = np.flatnonzero(web.degree > 0)
    if not len(used):
        return []
    place = np.full(len(web), -1, np.int64)
    place[used] = np.arange(len(used))
    source = np.repeat(np.arange(len(web)), np.diff(web.start))
    once = source < web.to
    edges = np.stack([place[source[once]], place[web.to[once]]], axis=1)
    made = igraph.Graph(n=len(used), edges=edges.tolist(), edge_attrs={"weight": web.weight[once].tolist()})
    how = leidenalg.RBConfigurationVertexPartition
    found = leidenalg.find_partition(made, how, weights="weight", resolution_parameter=resolution, seed=seed)
    groups = [np.sort(used[np.array(each, np.int64)]) for each in found if len(each) >= least]
    return sorted(groups, key=lambda each: (-len(each), int(each[0])))


def summary(texts: Sequence[str], sentences: int = 3) -> str:
    """The sentences that say most of what these texts share, in the order they stand: nothing is made up.

    Words count by how many texts hold them; a word said by a sentence that was chosen counts a quarter from then on.

    >>> summary(["The boat is red. It rains.", "Tom painted the red boat.", "The red boat sank."], 1)
    'The boat is red.'
    """
    shared = Counter(term for text in texts for term in set(terms(text)))
    left = [each.strip() for text in texts for each in SENTENCE.findall(text) if each.strip()]
    left = list(dict.fromkeys(left))
    weight = {term: float(count - 1) if len(texts) > 1 else 1.0 for term, count in shared.items()}
    chosen: list[int] = []
    while len(chosen) < min(sentences, len(left)):
        worth = [
            sum(weight.get(term, 0.0) for term in set(terms(each))) / (1 + len(each.split()) ** 0.5) for each in left
        ]
        best = max((n for n in range(len(left)) if n not in chosen), key=lambda n: (worth[n], -n))
        chosen.append(best)
        for term in terms(left[best]):
            weight[term] = weight.get(term, 0.0) / 4
    return " ".join(left[n] for n in sorted(chosen))


__all__ = ["communities", "summary"]
