"""A mind that follows a script: known vectors, known replies; for tests.

Source: mnesis, 2026.
Needs: nothing
Cost: one hash a word
Shapes: texts [N] -> [N, dim]
Differs: nothing.

Without `vectors`, a text is a bag of its lower-cased words, each word a direction found by hashing it, so texts that
share words are close and everything is the same on every machine. With `vectors`, those texts have the vectors given
(made unit length) and any other text is hashed. Questions are answered by purpose from `answers` (a value, or a
function of the question; or one function for all), and else with the `replies` one after the other; `asked` keeps every
question. When the script is at its end, it says so.

>>> mind = scripted(dim=8)
>>> vectors = mind.embed(["tea, please", "Please: tea"])
>>> bool(abs(vectors[0] @ vectors[1] - 1) < 1e-6)
True
>>> scripted(answers={"topic": "boats"}).answer(Ask("topic"))
'boats'
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mnesis.drive import Ask
from mnesis.errors import BadInput
from mnesis.models import Embedder
from mnesis.words import Floats, digest

WORD = re.compile(r"\w+")


def scripted(
    vectors: Mapping[str, npt.ArrayLike] | None = None,
    replies: Iterable[Any] = (),
    dim: int | None = None,
    answers: Mapping[str, Any] | Callable[[Ask], Any] | None = None,
) -> Embedder:
    """A mind of given `vectors`, `answers` and `replies`; `dim` is that of the vectors, or 64 when there are none."""
    given = {text: np.asarray(vector, np.float32) for text, vector in (vectors or {}).items()}
    dim = dim if dim is not None else next((vector.size for vector in given.values()), 64)
    if dim < 1:
        raise BadInput(f"dim={dim} leaves no room for a vector; give 1 or more, or use the embedder 'none'.")
    for text, vector in given.items():
        if vector.shape != (dim,) or not np.isfinite(vector).all() or not vector.any():
            raise BadInput(f"The vector of {text!r} must hold {dim} finite numbers, not all of them 0.")
    script: Embedder = Script(given, tuple(replies), dim, answers or {})
    return script


class Script:
    """What `scripted` returns."""

    def __init__(
        self,
        vectors: Mapping[str, Floats],
        replies: Sequence[Any],
        dim: int,
        answers: Mapping[str, Any] | Callable[[Ask], Any],
    ) -> None:
        self._answers = answers
        self._given = 0
        self._vectors = {text: vector / np.linalg.norm(vector) for text, vector in vectors.items()}
        self._replies = replies
        self.asked: list[Ask] = []
        self.dim = dim
        words = [part for text in sorted(vectors) for part in (text, vectors[text].tobytes().hex())]
        self.reliance = 0.5
        self.name = f"scripted/{dim}" + (f"@{digest(*words, size=4)}" if words else "")

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim]; documents and queries are treated alike."""
        out = np.empty((len(texts), self.dim), np.float32)
        for at, text in enumerate(texts):
            known = self._vectors.get(text)
            out[at] = self._hashed(text) if known is None else known
        return out

    def answer(self, ask: Ask) -> Any:
        """The answer to this purpose, or the next reply of the script."""
        self.asked.append(ask)
        if callable(self._answers):
            return self._answers(ask)
        if ask.purpose in self._answers:
            said = self._answers[ask.purpose]
            return said(ask) if callable(said) else said
        self._given += 1
        if self._given > len(self._replies):
            raise BadInput(
                f"The script has {len(self._replies)} replies and was asked a question more ({ask.purpose}); "
                "give scripted(replies=…) one reply for each question."
            )
        return self._replies[self._given - 1]

    async def aanswer(self, ask: Ask) -> Any:
        """The same, for whoever awaits it."""
        return self.answer(ask)

    def _hashed(self, text: str) -> Floats:
        vector = np.zeros(self.dim, np.float32)
        for word in WORD.findall(text.casefold()):
            code = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            vector[int.from_bytes(code[:4], "little") % self.dim] += 1.0 if code[4] & 1 else -1.0
        if not vector.any():
            vector[0] = 1.0  # no words, or words that cancel out
        return (vector / np.linalg.norm(vector)).astype(np.float32)
