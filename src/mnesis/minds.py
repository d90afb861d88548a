"""The embedder of a space, generation by generation: settling it, and making vectors of changes and questions.

A space says which embedder wrote its vectors. That may change while it is open (see `reembedding`), here or in another
process; every view names the generation its vectors are of, and `Minds.of` gives the embedder that goes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from mnesis import catalog, settings
from mnesis.errors import BadInput, MnesisError, SpaceError
from mnesis.models import Embedder
from mnesis.store import Store, View
from mnesis.store.generations import model_of
from mnesis.text.names import without
from mnesis.text.question import REQUESTS, bare, unasking
from mnesis.words import Add, Change, Floats, Revise


class Mind:
    """An embedder as one generation of a space uses it."""

    def __init__(self, embedder: Embedder, model: str) -> None:
        self.embedder = embedder
        self.model = model
        self.reliance = float(getattr(embedder, "reliance", 1.0))  # third parties' embedders may not say
        self._asking: Floats | None = None

    def asked(self, query: str, speakers: frozenset[str]) -> Floats | None:
        """The vector of a question, without names and without what only says that it asks."""
        if not self.embedder.dim:
            return None
        vector = self.embedder.embed([without(query, speakers)], "query")[0]
        if self._asking is None:
            self._asking = unasking(self.embedder.embed(list(REQUESTS), "query"))
        return bare(vector, self._asking, 1.5 * self.reliance)

    def embedded(self, changes: Sequence[Change], view: View, store: Store) -> list[Change]:
        """The changes, with vectors for every cube that brings text to be found by."""
        if not self.embedder.dim:
            return list(changes)
        owner: list[tuple[int, int]] = []  # a change, and where its texts begin
        texts: list[str] = []
        for at, change in enumerate(changes):
            if isinstance(change, Add | Revise) and change.vectors is None and change.cube.kind == "text":
                cube = change.cube
                if isinstance(change, Revise) and not cube.keys:
                    standing = view.get(cube.id)
                    if standing is not None and standing.text == cube.text:
                        continue
                owner.append((at, len(texts)))
                texts.extend(cube.keys or (cube.text,))
        if not texts:
            return list(changes)
        names = [named(self.embedder.name, text) for text in texts]
        vectors = vectors_of(self.embedder, texts, names, store.embeddings(list(dict.fromkeys(names))))
        out = list(changes)
        for (at, start), (_, stop) in pairwise([*owner, (0, len(texts))]):
            change = out[at]
            if isinstance(change, Add | Revise):
                made = (vectors[start:stop], tuple(names[start:stop]))
                out[at] = type(change)(change.cube, change.event, *made, self.model)
        return out


class Minds:
    """The embedders of an open space, by generation."""

    def __init__(self, store: Store, recipe: str, wanted: str | Embedder | None, made: Embedder | None) -> None:
        """The embedder asked for (`made` of `wanted`), which must be the one the vectors were made with."""
        self._store = store
        if made is None:
            wanted = store.facts().get("mind") or settings.embedder()
            made = embedder_of(wanted)
        mind = wanted if isinstance(wanted, str) else ""
        facts = store.claim(embedder=made.name, dim=str(made.dim), mind=mind, recipe=recipe)
        kept = facts["embedder"]
        if kept != made.name:
            raise SpaceError(
                f"The vectors of this space were made with {kept!r}, not with {made.name!r}, and the two cannot be "
                f"compared; open it with embedder={facts['mind'] or kept!r}, or open it so and give it the other one "
                "with reembed (on the command line: mnesis reembed --embedder NAME)."
            )
        model = model_of(facts)
        self._minds = {model: Mind(made, model)}
        self._expected = [made]

    def expect(self, embedder: Embedder) -> None:
        """The space may change to this embedder from now on."""
        self._expected.append(embedder)

    def of(self, model: str) -> Mind:
        """The mind whose vectors a view holds; made anew when somebody else changed the model meanwhile."""
        mind = self._minds.get(model)
        if mind is None:
            facts = self._store.facts()
            if model_of(facts) != model:
                raise SpaceError(f"The vectors of {model!r} are not in use any more; ask the space again.")
            mind = self._minds[model] = Mind(self._found(facts), model)
        return mind

    def _found(self, facts: Mapping[str, str]) -> Embedder:
        """The embedder that somebody else has changed this space to."""
        for expected in reversed(self._expected):
            if expected.name == facts["embedder"]:
                return expected
        why = "it was given as an object there"
        if facts.get("mind"):
            try:
                made = embedder_of(facts["mind"])
            except MnesisError as err:
                why = str(err)
            else:
                if made.name == facts["embedder"]:
                    return made
                why = f"{facts['mind']!r} is {made.name!r} here"
        raise SpaceError(
            f"While it was open here, this space was embedded anew with {facts['embedder']!r}, which cannot be made "
            f"here ({why}); close it and open it with that embedder."
        )


def embedder_of(wanted: str | Embedder) -> Embedder:
    """The embedder of a name or an address, or the object itself."""
    made = catalog.make(catalog.find(wanted, "models")) if isinstance(wanted, str) else wanted
    if not all(hasattr(made, name) for name in ("name", "dim", "embed")):
        raise BadInput(f"embedder={wanted!r} is no embedder; it needs a name, a dim and a method embed.")
    embedder: Embedder = made
    return embedder


def vectors_of(embedder: Embedder, texts: Sequence[str], names: Sequence[int], kept: Mapping[int, bytes]) -> Floats:
    """Embeddings [N, dim] of texts; those whose names are in `kept` are not made again."""
    fresh = {name: text for name, text in zip(names, texts, strict=True) if name not in kept}
    out = np.empty((len(texts), embedder.dim), np.float32)
    vectors = embedder.embed(list(fresh.values())) if fresh else out[:0]
    if vectors.shape != (len(fresh), embedder.dim) or not np.isfinite(vectors).all():
        raise BadInput(
            f"The embedder {embedder.name!r} gave an array {vectors.shape} for {len(fresh)} texts; it must "
            f"be ({len(fresh)}, {embedder.dim}) and hold finite numbers. Nothing was written."
        )
    made = dict(zip(fresh, vectors, strict=True))
    for at, name in enumerate(names):
        out[at] = made[name] if name in made else np.frombuffer(kept[name], np.float16)
    return out


def named(model: str, text: str) -> int:
    """The name of a vector: 63 bits of a digest of the model and the text it was made of."""
    raw = hashlib.blake2b(f"{model}\x1f{text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little") >> 1
