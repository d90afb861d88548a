"""Static token vectors shipped with mnesis; a text is the mean of its tokens.

Source: Miller, WordLlama: Recycled Token Embeddings from Large Language Models, 2024. github.com/dleemiller/wordllama
    (vectors and vocabulary); Arora, Liang, Ma, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, 2017.
    ICLR 2017 (the weighting)
Needs: nothing
Cost: one row of 256 numbers read for each token; no matrix product
Shapes: texts [N] -> [N, 256]
Differs: rows are held in 8 bits with a scale each; token frequencies come in three classes (marks, English function
    words, the rest) instead of counts from a corpus, and no principal component is taken out of the means

A text is cut into the tokens of a byte-pair vocabulary, each token has one fixed vector, and the text's vector is
their weighted mean, made unit length. With ``weighting="plain"`` every token counts the same, which is what the
WordLlama package computes. With ``"sif"`` a token of frequency p counts ``a / (a + p)``: at the usual a a comma counts
a fifth and "the" a half. That finds more in conversations and a little less among encyclopaedic passages. The order
of words is lost, and everything is deterministic.

>>> mind = static()
>>> mind.embed(["a boat on the lake"]).shape
(1, 256)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mnesis.errors import BadInput, Unavailable
from mnesis.models import Embedder
from mnesis.words import Floats

ARTEFACT = Path(__file__).parent / "data" / "static.npz"
RELIANCE = 0.5  # word vectors know less of a sentence than an encoder
MODEL = "l2_supercat_256"
FIRST_BYTE = 3  # the vocabulary begins with <unk>, <s>, </s> and then one token for each byte
SPECIAL = re.compile("(<unk>|<s>|</s>)")
SPECIAL_IDS = {"<unk>": 0, "<s>": 1, "</s>": 2}
PIECES = re.compile(" *[^ ]+| +")
PIECES_KEPT = 200_000
WORDS_KEPT = 16_384
LONGEST_KEPT = 64
BATCH = 64
LONG = 4096
USUAL_A = 1e-3

Arrays = dict[str, NDArray[Any]]


def static(weighting: Literal["sif", "plain"] = "sif", a: float = USUAL_A) -> Embedder:
    """The shipped vectors as an embedder; it also gives `word_vectors(words)` and `weights(words)`."""
    if weighting not in ("sif", "plain"):
        raise BadInput(f"weighting={weighting!r} is not known to the static embedder; write 'sif' or 'plain'.")
    if not a > 0:
        raise BadInput(f"a={a!r} must be above 0; {USUAL_A} is usual, and a larger one weighs more evenly.")
    return Static(weighting, float(a))


class Static:
    """What `static` returns. Threads may share it: all it changes are dictionaries of what it has worked out."""

    def __init__(self, weighting: str, a: float) -> None:
        arrays, mark = _artefact()
        self._tokens = _tokens()
        self._words: dict[str, Floats] = {}
        self._rows = arrays["vectors"]
        frequency = arrays["frequency"]
        self._weight = np.ones_like(frequency) if weighting == "plain" else a / (a + frequency)
        self._scale = arrays["scales"].astype(np.float32) * self._weight
        how = weighting if weighting == "plain" or a == USUAL_A else f"{weighting}{a:g}"
        self.name = f"static/{MODEL}-i8-{how}@{mark}"
        self.reliance = RELIANCE
        self.dim = int(self._rows.shape[1])

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, 256]; documents and queries are treated alike."""
        out = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), BATCH):
            self._sums([self._tokens.ids(text) for text in texts[start : start + BATCH]], out[start : start + BATCH])
        out /= np.sqrt(np.einsum("nd,nd->n", out, out))[:, None]
        return out

    def word_vectors(self, words: Sequence[str]) -> Floats:
        """Unit vectors float32 [N, 256] of single words, kept, for rankers that compare word with word."""
        found = [self._words.get(word) for word in words]
        missing = [at for at, vector in enumerate(found) if vector is None]
        for at, vector in zip(missing, self.embed([words[at] for at in missing]), strict=True):
            if len(self._words) >= WORDS_KEPT:
                self._words.clear()
            found[at] = self._words[words[at]] = vector.copy()
        return np.array(found, np.float32).reshape(len(words), self.dim)

    def weights(self, words: Sequence[str]) -> Floats:
        """How much each word says, float32 [N]: the weight of its rarest token."""
        if not len(words):
            return np.zeros(0, np.float32)
        ids, starts = _joined([self._tokens.ids(word) for word in words])
        return np.maximum.reduceat(self._weight[ids], starts).astype(np.float32)

    def _sums(self, cut: list[bytes], out: Floats) -> None:
        """Weighted sums of token vectors. A sum never depends on its neighbours in the batch."""
        short = [at for at, ids in enumerate(cut) if len(ids) <= 2 * LONG]
        for at in set(range(len(cut))).difference(short):
            counts = np.bincount(np.frombuffer(cut[at], "<u2"))
            seen = np.flatnonzero(counts)
            out[at] = np.add.reduce(self._rows[seen] * (counts[seen] * self._scale[seen])[:, None], axis=0)
        if short:
            ids, starts = _joined([cut[at] for at in short])
            rows = self._rows[ids].astype(np.float32)
            rows *= self._scale[ids][:, None]
            out[short] = np.add.reduceat(rows, starts, axis=0)


def _joined(cut: list[bytes]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    ends = np.cumsum([len(ids) // 2 for ids in cut])
    return np.frombuffer(b"".join(cut), "<u2"), np.concatenate([[0], ends[:-1]])


@cache
def _artefact() -> tuple[Arrays, str]:
    """The arrays of the artefact and the first eight characters of a hash of their content."""
    try:
        with ARTEFACT.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in sorted(file.files)}
    except (OSError, EOFError, ValueError, BadZipFile) as err:
        raise Unavailable(
            f"The static vectors in {ARTEFACT.name} cannot be read ({err}); install mnesis again, "
            "or open the space with embedder='none'."
        ) from err
    content = hashlib.blake2b(digest_size=4)
    for name, array in arrays.items():
        content.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        content.update(array.tobytes())
        array.setflags(write=False)
    return arrays, content.hexdigest()


@cache
def _tokens() -> Tokens:
    return Tokens(_artefact()[0])


class Tokens:
    """Cuts texts into token ids exactly as the vocabulary's own byte-pair encoder does.

    No merge of this vocabulary reaches across the start of a word, so every word (with the spaces before it) is
    encoded alone and kept. Ids are kept and joined as bytes of uint16, which is smaller and faster than lists.
    """

    def __init__(self, arrays: Arrays) -> None:
        pairs = arrays["merges"].astype(np.int64)
        self._merged: list[int] = arrays["merged"].tolist()
        self._rank = dict(zip((pairs[:, 0] << 16 | pairs[:, 1]).tolist(), range(len(pairs)), strict=True))
        self._letters = dict(zip(map(chr, arrays["letters"].tolist()), arrays["letter_ids"].tolist(), strict=True))
        self._joins = {chr(left) + chr(right) for left, right in arrays["joins"].tolist()}
        self._kept: dict[str, bytes] = {}

    def ids(self, text: str) -> bytes:
        """The token ids of a text as bytes of uint16; an empty text is the mark that begins a word."""
        if "<" in text and SPECIAL.search(text):
            parts = SPECIAL.split(text)
            return b"".join(
                SPECIAL_IDS[part].to_bytes(2, "little") if part in SPECIAL_IDS else self._words(part)
                for part in parts
                if part
            )
        return self._words(text)

    def _words(self, text: str) -> bytes:
        kept = self._kept
        found = []
        for piece in PIECES.findall(" " + text.replace("▁", " ")):
            ids = kept.get(piece)
            found.append(self._piece(piece) if ids is None else ids)
        return b"".join(found)

    def _piece(self, piece: str) -> bytes:
        ids = np.array([i for chunk in self._chunks(piece) for i in self._merge(chunk)], "<u2").tobytes()
        if len(piece) <= LONGEST_KEPT:
            if len(self._kept) >= PIECES_KEPT:
                self._kept.clear()
            self._kept[piece] = ids
        return ids

    def _chunks(self, piece: str) -> list[str]:
        """Parts that no merge joins, so that a long piece of a script without spaces stays cheap."""
        piece = piece.replace(" ", "▁")
        joins = self._joins
        cuts = [i for i in range(1, len(piece)) if piece[i - 1 : i + 1] not in joins]
        return [piece[i:j] for i, j in zip([0, *cuts], [*cuts, len(piece)], strict=True)]

    def _merge(self, chunk: str) -> list[int]:
        """Byte-pair encoding: the best-ranked pair is joined first, the leftmost of equals, until none is left."""
        if len(chunk) == 1:
            return self._letter(chunk)
        ids = [i for letter in chunk for i in self._letter(letter)]
        end = len(ids)
        before, after = list(range(-1, end - 1)), list(range(1, end + 1))
        rank, merged = self._rank, self._merged
        queue = [(order, at) for at in range(end - 1) if (order := rank.get(ids[at] << 16 | ids[at + 1])) is not None]
        heapify(queue)
        while queue:
            order, at = heappop(queue)
            right = after[at]
            if ids[at] < 0 or right >= end:
                continue
            now = rank.get(ids[at] << 16 | ids[right])
            if now is None or merged[now] != merged[order]:
                continue  # one of the two was joined to something else since this pair was queued
            ids[at], ids[right] = merged[order], -1
            after[at] = after[right]
            if after[at] < end:
                before[after[at]] = at
                if (order := rank.get(ids[at] << 16 | ids[after[at]], -1)) >= 0:
                    heappush(queue, (order, at))
            if before[at] >= 0 and (order := rank.get(ids[before[at]] << 16 | ids[at], -1)) >= 0:
                heappush(queue, (order, before[at]))
        return [i for i in ids if i >= 0]

    def _letter(self, letter: str) -> list[int]:
        known = self._letters.get(letter)
        if known is not None:
            return [known]
        return [FIRST_BYTE + byte for byte in letter.encode("utf-8", "surrogatepass")]
