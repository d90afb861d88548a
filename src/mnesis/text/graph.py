"""A namespace as a graph: cubes, entities, days and facts as nodes, links as weighted edges that run both ways.

    web = graph(view)                       the links of a view as sparse rows (CSR), derived once a commit
    rank(web, {node: 1.0})                  personalised PageRank of every node, by power iteration
    push(web, {node: 1.0})                  the same where it matters: its cost depends on the answer alone
    spread(web, {node: 1.0})                activation that spreads and fades
    path(web, from_, to)                    the shortest path that explains, hubs avoided
    around(web, {node: 1.0})                the community around nodes: the best cut along their PageRank

Links are kept with the cube they came from. A ``states`` link from a cube to ``fact:ana|lives in|lisbon`` says what
the cube tells; here the fact is joined to its subject and its object. A ``same`` link to ``same:dr grey|grey|title``
says that two names are one, and why; here they become one node, and they are two again as soon as the link is gone.
Nothing of this is written back, so what is cut, superseded, undone or erased leaves no trace in the graph.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.store.drawn import Drawn

Nodes: TypeAlias = NDArray[np.int64]
Mass: TypeAlias = NDArray[np.float64]
ENTITY, FACT, SAME, DAY = "entity:", "fact:", "same:", "day:"
BESIDES = ("same", "apart", "read", "upgraded")  # kinds that are no edges
# A speaker or a day touches half of everything and tells little; what stands next says a part.
WEIGHTS: Mapping[str, float] = {"said_by": 0.1, "on": 0.05, "next": 0.2}
FEWEST = 1e-12


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes are numbers; `names` tells who they are. `start` [N+1], `to` [M], `weight` [M] and `kind` [M] are its
    edges (each stands at both of its ends), `degree` [N] the sums of their weights. `node` [N] is the node a name
    belongs to: its own, or that of the name it was found to be the same as. The first `size` names stand in `index`
    (which may have grown since), the others in `more`."""

    names: Sequence[str]
    size: int
    index: Mapping[str, int]
    more: Mapping[str, int]
    node: NDArray[np.int64]
    kinds: tuple[str, ...]
    start: NDArray[np.int64]
    to: NDArray[np.int64]
    weight: NDArray[np.float64]
    kind: NDArray[np.int16]
    degree: Mass

    def __len__(self) -> int:
        return len(self.degree)

    def find(self, name: str) -> int:
        """The node of a name that has edges; -1 where there is none."""
        at = self.index.get(name, -1)
        if not 0 <= at < self.size:
            at = self.more.get(name, -1)
        if at < 0:
            return -1
        node = int(self.node[at])
        return node if self.degree[node] > 0 else -1

    def edges(self, node: int) -> tuple[Nodes, Mass, list[str]]:
        """The neighbours of a node, the weights and the kinds of the edges to them."""
        span = slice(int(self.start[node]), int(self.start[node + 1]))
        return self.to[span], self.weight[span], [self.kinds[each] for each in self.kind[span].tolist()]

    def called(self, node: int) -> list[str]:
        """Every name of a node, the one it goes by first."""
        others = np.flatnonzero(self.node == node).tolist()
        return [self.names[node], *(self.names[each] for each in others if each != node)]


def graph(view: View, weights: Mapping[str, float] = WEIGHTS) -> Graph:
    """The graph of a view; `weights` says what the kinds of links count that do not count 1.

    It is derived when it is first asked for and again when a commit has changed the links; no recall that does not
    ask for it pays for it.
    """
    drawn = view.drawn()
    name = f"graph {sorted(weights.items())}"
    if name not in drawn.kept:
        drawn.kept[name] = _derived(drawn, weights)
    made: Graph = drawn.kept[name]
    return made


def fact(subject: str, relation: str, object: str) -> str:
    """The name of a fact.

    >>> fact("ana", "lives in", "lisbon")
    'fact:ana|lives in|lisbon'
    """
    return FACT + "|".join(each.replace("|", "/") for each in (subject, relation, object))


def parts(name: str) -> tuple[str, str, str] | None:
    """Subject, relation and object of the name of a fact; None where it is none.

    >>> parts("fact:ana|lives in|lisbon")
    ('ana', 'lives in', 'lisbon')
    """
    found = name.removeprefix(FACT).split("|")
    return (found[0], found[1], found[2]) if name.startswith(FACT) and len(found) == 3 else None


def _derived(drawn: Drawn, weights: Mapping[str, float]) -> Graph:
    besides = drawn.of_kind(*BESIDES)
    head, tail = drawn.head[~besides].astype(np.int64), drawn.tail[~besides].astype(np.int64)
    count = np.array([weights.get(kind, 1.0) for kind in drawn.kinds] or [1.0])
    kind = drawn.kind[~besides]
    weight = drawn.weight[~besides].astype(np.float64) * count[kind]
    names, more, about = _facts(drawn)
    told = drawn.kinds.index("states") if "states" in drawn.kinds else -1
    states = np.flatnonzero(kind == told)
    stated, first = np.unique(tail[states], return_index=True)
    ends = np.array([about.get(each, (-1, -1)) for each in stated.tolist()], np.int64).reshape(-1, 2)
    for side, label in ((0, 1), (1, 2)):  # a fact is joined to what it is about for as long as somebody states it
        good = ends[:, side] >= 0
        head, tail = np.concatenate([head, stated[good]]), np.concatenate([tail, ends[good, side]])
        weight = np.concatenate([weight, weight[states[first[good]]]])
        kind = np.concatenate([kind, np.full(int(good.sum()), len(drawn.kinds) + label - 1, np.int16)])
    node = _resolved(drawn, len(names), more)
    head, tail = node[head], node[tail]
    keep = (head != tail) & (weight > 0)
    head, tail, weight, kind = head[keep], tail[keep], weight[keep], kind[keep]
    source, to = np.concatenate([head, tail]), np.concatenate([tail, head])
    order = np.argsort(source, kind="stable")
    start = np.zeros(len(names) + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=len(names)), out=start[1:])
    twice = np.tile(weight, 2)
    degree = np.bincount(source, twice, len(names)).astype(np.float64)
    kinds = (*drawn.kinds, "subject", "object")
    return Graph(
        names,
        drawn.size,
        drawn.index,
        more,
        node,
        kinds,
        start,
        to[order],
        twice[order],
        np.tile(kind, 2)[order],
        degree,
    )


def _facts(drawn: Drawn) -> tuple[list[str], dict[str, int], dict[int, tuple[int, int]]]:
    """The names of all nodes, the numbers of those that no link names, and the ends of every fact by its number.

    What was worked out for earlier views of the namespace is gone on from.
    """
    names = list(drawn.names[: drawn.size])
    seen, ends = drawn.memo.setdefault("facts", [0, {}])
    for at in range(seen, drawn.size):
        if (told := parts(names[at])) is not None:
            ends[at] = (ENTITY + told[0], ENTITY + told[2])
    drawn.memo["facts"][0] = max(seen, drawn.size)
    more: dict[str, int] = {}
    about: dict[int, tuple[int, int]] = {}

    def number(name: str) -> int:
        found = drawn.index.get(name, -1)
        if 0 <= found < drawn.size:
            return found
        if name not in more:
            more[name] = len(names)
            names.append(name)
        return more[name]

    for at, (subject, object) in ends.items():
        if at < drawn.size:
            about[at] = (number(subject), number(object))
    return names, more, about


def pairs(drawn: Drawn) -> list[tuple[str, str]]:
    """The names that stand as the same, pair by pair, in the order they were found; those told apart are left out."""
    apart = {_pair(drawn.names[each]) for each in drawn.tail[drawn.of_kind("apart")].tolist()}
    found = dict.fromkeys(_pair(drawn.names[each]) for each in drawn.tail[drawn.of_kind("same")].tolist())
    return [each for each in found if each not in apart]


def _pair(name: str) -> tuple[str, str]:
    one, other, *_ = [*name.removeprefix(SAME).split("|"), "", ""]
    return (one, other) if one < other else (other, one)


def _resolved(drawn: Drawn, size: int, more: Mapping[str, int]) -> Nodes:
    """[N]: the node of every name. Of names that are the same the longest stands for all (of those, the first)."""
    node = np.arange(size, dtype=np.int64)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.get(name, name) != name:
            name = parent[name]
        return name

    for one, other in pairs(drawn):
        if not one or not other:
            continue
        a, b = sorted((root(one), root(other)), key=lambda name: (-len(name), name))
        if a != b:
            parent[b] = a
    for name in parent:
        at, to = (drawn.index.get(ENTITY + each, more.get(ENTITY + each, -1)) for each in (name, root(name)))
        if at >= 0 and to >= 0:
            node[at] = to
    return node


# ---------------------------------------------------------------------------------------------------- PageRank


def rank(web: Graph, seeds: Mapping[int, float], alpha: float = 0.5, rounds: int = 100, close: float = 1e-9) -> Mass:
    """Personalised PageRank [N] by power iteration: where a walk is found that begins at a seed (by their weights),
    follows edges by their weights, and begins anew with probability `alpha` at every step."""
    begin = _begun(web, seeds, alpha)
    alone = web.degree <= 0
    share = np.divide(1.0, web.degree, out=np.zeros(len(web)), where=~alone)
    source = np.repeat(np.arange(len(web)), np.diff(web.start))
    here = begin
    for _ in range(rounds):
        flow = (here * share)[web.to] * web.weight
        there = alpha * begin + (1 - alpha) * (np.bincount(source, flow, len(web)) + np.where(alone, here, 0.0))
        if float(np.abs(there - here).sum()) < close:
            return there
        here = there
    return here


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a local push found: `nodes` and their `mass`, heaviest first; how many pushes and edges it took."""

    nodes: Nodes
    mass: Mass
    pushes: int
    edges: int


def push(
    web: Graph, seeds: Mapping[int, float], alpha: float = 0.5, eps: float = 1e-4, closed: Iterable[int] = ()
) -> Pushed:
    """Personalised PageRank near the seeds: every node's mass is at most `eps` times its degree too small.

    A node is pushed only while it holds at least `eps` times its degree, and every push keeps `alpha` of that, so the
    degrees pushed sum to at most 1 / (eps * alpha), however large the graph is. Through nodes that are `closed`
    nothing flows.

    R. Andersen, F. Chung and K. Lang, Local Graph Partitioning using PageRank Vectors, 2006
    (doi 10.1109/FOCS.2006.44), here with all nodes that are due pushed at once.
    """
    held = _begun(web, seeds, alpha)
    if not 0 < eps < 1:
        raise BadInput(f"eps={eps} must lie between 0 and 1.")
    mass = np.zeros(len(web))
    shut = np.zeros(len(web), bool)
    shut[list(closed)] = True
    front = np.flatnonzero(held) if len(seeds) > 1000 else np.unique(np.array([*seeds], np.int64))
    alone = front[(web.degree[front] <= 0) | shut[front]]
    mass[alone], held[alone] = np.where(shut[alone], 0.0, held[alone]), 0.0
    touched = [front]
    pushes = edges = 0
    while True:
        front = front[(held[front] > 0) & (held[front] >= eps * web.degree[front])]
        if not len(front):
            break
        full = held[front]
        mass[front] += alpha * full
        held[front] = 0.0
        begin, many = web.start[front], web.start[front + 1] - web.start[front]
        at = np.repeat(begin - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        to = web.to[at]
        flow = np.repeat((1 - alpha) * full / web.degree[front], many) * web.weight[at]
        pushes, edges = pushes + len(front), edges + len(at)
        front, where = np.unique(to, return_inverse=True)
        came = np.bincount(where, flow)
        open = ~shut[front]
        held[front[open]] += came[open]
        front = front[open]
        touched.append(front)
    nodes = np.unique(np.concatenate(touched))
    nodes = nodes[mass[nodes] > 0]
    order = np.lexsort((nodes, -mass[nodes]))
    return Pushed(nodes[order], mass[nodes[order]], pushes, edges)


def _begun(web: Graph, seeds: Mapping[int, float], alpha: float) -> Mass:
    if not 0 < alpha < 1:
        raise BadInput(f"alpha={alpha} is the chance to begin anew; it must lie between 0 and 1.")
    begin = np.zeros(len(web))
    for node, weight in seeds.items():
        begin[node] = max(0.0, weight)
    total = begin.sum()
    return begin / total if total > 0 else begin


# -------------------------------------------------------------------------------------- activation, paths, groups


def spread(
    web: Graph, seeds: Mapping[int, float], steps: int = 3, decay: float = 0.5, least: float = 0.01
) -> dict[int, float]:
    """Activation that spreads from the seeds, node by node with what it holds, and fades with every step.

    A node that holds at least `least` fires once, and gives each neighbour `decay` times its activation by the share
    of the edge, with the share of busy nodes held down by the root of their degree.

    A. Collins and E. Loftus, A Spreading-Activation Theory of Semantic Processing, 1975
    (doi 10.1037/0033-295X.82.6.407).
    """
    held = {node: weight for node, weight in seeds.items() if weight > 0}
    fired: set[int] = set()
    for _ in range(steps):
        ready = [node for node, weight in held.items() if weight >= least and node not in fired]
        came: dict[int, float] = {}
        for node in ready:
            fired.add(node)
            to, weight, _ = web.edges(node)
            if len(to):
                give = decay * held[node] * weight / np.sqrt(web.degree[node])
                for each, part in zip(to.tolist(), give.tolist(), strict=True):
                    came[each] = came.get(each, 0.0) + part
        for node, part in came.items():
            if node not in fired:
                held[node] = held.get(node, 0.0) + part
    return dict(sorted(held.items(), key=lambda each: (-each[1], each[0])))


@dataclass(frozen=True, slots=True)
class Path:
    """A way through the graph: its nodes, the kind of the edge to each but the first, and what it costs."""

    nodes: tuple[int, ...]
    kinds: tuple[str, ...]
    cost: float


def path(
    web: Graph, begin: Iterable[int], end: Iterable[int], longest: float = 12.0, closed: Iterable[int] = ()
) -> Path | None:
    """The path from any of `begin` to any of `end` that explains best, or None where there is none up to `longest`.

    An edge costs the more the more edges the node has that it leads to (1 + log of the degree, over its weight): that
    two memories were told on the same day explains little, that both tell of one boat explains much.
    """
    goals, shut = set(end), set(closed)
    best: dict[int, float] = {node: 0.0 for node in begin if node not in shut}
    came: dict[int, tuple[int, str]] = {}
    queue = [(0.0, node) for node in sorted(best)]
    done: set[int] = set()
    while queue:
        cost, node = heapq.heappop(queue)
        if node in done:
            continue
        done.add(node)
        if node in goals:
            return _back(node, came, cost)
        to, weight, kinds = web.edges(node)
        for each, heavy, kind in zip(to.tolist(), weight.tolist(), kinds, strict=True):
            if each in done or each in shut:
                continue
            further = cost + (1.0 + float(np.log1p(web.degree[each]))) / max(heavy, FEWEST)
            if further <= longest and further < best.get(each, np.inf):
                best[each], came[each] = further, (node, kind)
                heapq.heappush(queue, (further, each))
    return None


def _back(node: int, came: Mapping[int, tuple[int, str]], cost: float) -> Path:
    nodes, kinds = [node], []
    while node in came:
        node, kind = came[node]
        nodes.append(node)
        kinds.append(kind)
    return Path(tuple(reversed(nodes)), tuple(reversed(kinds)), cost)


def around(web: Graph, seeds: Mapping[int, float], alpha: float = 0.2, eps: float = 1e-4, most: int = 2000) -> Nodes:
    """The community around the seeds: of all beginnings of the list of nodes by PageRank over degree, the one that
    least of its edges leave (its conductance). Local like the push it rests on (see `push` for the paper)."""
    found = push(web, seeds, alpha, eps)
    score = found.mass / np.maximum(web.degree[found.nodes], FEWEST)
    order = found.nodes[np.lexsort((found.nodes, -score))][:most]
    total = float(web.degree.sum())
    inside: set[int] = set()
    cut = volume = 0.0
    best, size = np.inf, 0
    for n, node in enumerate(order.tolist(), 1):
        to, weight, _ = web.edges(node)
        within = float(sum(w for each, w in zip(to.tolist(), weight.tolist(), strict=True) if each in inside))
        inside.add(node)
        volume += float(web.degree[node])
        cut += float(web.degree[node]) - 2 * within
        if 2 * volume > total and size:
            break  # more than half of everything is no community
        leaves = cut / volume if volume > 0 else 1.0
        if n > len(seeds) and leaves < best - 1e-12:
            best, size = leaves, n
    return np.sort(order[: size or len(order)])


def told(web: Graph, way: Path, texts: Mapping[str, str] | None = None) -> str:
    """A path in words; `texts` gives those of cubes by their ids.

    Entities are written by their names, facts as three words.
    """
    out = [_named(web.names[way.nodes[0]], texts)]
    for node, kind in zip(way.nodes[1:], way.kinds, strict=True):
        out.append(f"—{kind}— {_named(web.names[node], texts)}")
    return " ".join(out)


def _named(name: str, texts: Mapping[str, str] | None) -> str:
    if (said := parts(name)) is not None:
        return "(" + " ".join(said) + ")"
    for kind in (ENTITY, DAY):
        if name.startswith(kind):
            return name.removeprefix(kind)
    text = (texts or {}).get(name, name)
    return f"“{text}”" if text is not name else name


__all__ = [
    "DAY", "ENTITY", "FACT", "Graph", "Path", "Pushed", "SAME", "WEIGHTS", "around", "fact", "graph", "pairs", "parts",
    "path", "push", "rank", "spread", "told",
]  # fmt: skip
