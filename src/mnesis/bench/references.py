"""Reference rows: what plain methods do with the same events and questions, in the same run.

    bm25    the store's own word analysis, k1 1.2 and b 0.75, over text with speaker, date and image caption
    dense   the embedder alone, cosine; a text beyond 160 words counts as its best chunk of 160 words
    rrf     reciprocal rank fusion of the two, k = 60
    sum     half of each, both scaled to 0..1 for every question

They rank every event exactly, with nothing left out and no index, so they are also what an index can be held against.
Ties are broken by a fixed shuffle, so that neither the older nor the newer of two equal
texts gains by its place. Without an embedder only `bm25` is there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnesis.bench.measure import Outcome, judge
from mnesis.bench.tasks import Case
from mnesis.models import Embedder
from mnesis.store.terms import terms
from mnesis.words import Event, Floats

K1, B = 1.2, 0.75
CHUNK_WORDS = 160
RRF_K = 60
TIES = 7
Scores = NDArray[np.float64]
Scorer = Callable[[str], Scores]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best events of one question: sources and sessions in order, and the score of the first."""

    sources: list[str]
    sessions: list[str]
    top: float | None


def references(
    case: Case, embedder: Embedder | None, *, k: int, depth: int = 0, asked: Callable[[int], None] = lambda done: None
) -> dict[str, list[Outcome]]:
    """Outcomes of every reference row on one case; `k` and `depth` as in `Task`."""
    words = bm25([word_key(event) for event in case.events])
    near = dense([vector_key(event) for event in case.events], embedder) if embedder and embedder.dim else None
    out: dict[str, list[Outcome]] = {}
    for done, question in enumerate(case.questions, start=1):
        rows = {"bm25": words(question.text)}
        if near is not None:
            rows["dense"] = near(question.text)
            rows["rrf"] = fused(rows["bm25"], rows["dense"])
            rows["sum"] = 0.5 * scaled(rows["bm25"]) + 0.5 * scaled(rows["dense"])
        for row, scores in rows.items():
            # A fused score says how a question's candidates compare with each other, not with another question's.
            ranked = ranking(case.events, scores, max(k, depth), comparable=row in ("bm25", "dense"))
            out.setdefault(row, []).append(judge(question, ranked.sources[:k], ranked.sessions, ranked.top))
        asked(done)
    return out


def word_key(event: Event) -> str:
    """What BM25 reads of an event."""
    day = f"{event.at.day} {event.at:%B} {event.at.year}" if event.at else ""
    return " ".join(part for part in (event.speaker, day, spoken(event)) if part)


def vector_key(event: Event) -> str:
    """What the embedder reads of an event: a person's name helps a little, a role says nothing."""
    return f"{event.speaker}: {spoken(event)}" if event.speaker and not event.role else spoken(event)


def spoken(event: Event) -> str:
    """The text, and what its image shows."""
    caption = event.meta.get("image_caption", "")
    return f"{event.text} {caption}" if caption else event.text


def ranking(events: Sequence[Event], scores: Scores, k: int, comparable: bool = True) -> Ranked:
    """The first `k` events by score as distinct sources and sessions."""
    shuffle = np.random.default_rng(TIES).permutation(len(scores))
    order = shuffle[np.argsort(-scores[shuffle], kind="stable")[:k]]
    sources = list(dict.fromkeys(events[at].source for at in order))
    sessions = list(dict.fromkeys(events[at].session for at in order if events[at].session))
    return Ranked(sources, sessions, float(scores[order[0]]) if comparable and len(order) else None)


def bm25(texts: Sequence[str], k1: float = K1, b: float = B) -> Scorer:
    """Scores of every text for a question, by BM25 with idf log(1 + (N - n + 0.5) / (n + 0.5)).

    >>> bm25(["a grey kitten", "a red kayak"])("kayak").argmax()
    np.int64(1)
    """
    counts: dict[str, dict[int, int]] = {}
    lengths = np.zeros(len(texts))
    for row, text in enumerate(texts):
        found = terms(text)
        lengths[row] = len(found)
        for term in found:
            rows = counts.setdefault(term, {})
            rows[row] = rows.get(row, 0) + 1
    mean = lengths.mean() if len(texts) and lengths.any() else 1.0
    norm = k1 * (1.0 - b + b * lengths / mean)
    postings: dict[str, tuple[NDArray[np.int64], Scores]] = {}
    for term, rows in counts.items():
        at = np.fromiter(rows, np.int64, len(rows))
        tf = np.fromiter(rows.values(), np.float64, len(rows))
        idf = math.log(1.0 + (len(texts) - len(rows) + 0.5) / (len(rows) + 0.5))
        postings[term] = (at, idf * tf * (k1 + 1.0) / (tf + norm[at]))

    def score(question: str) -> Scores:
        out = np.zeros(len(texts))
        for term in terms(question):
            if term in postings:
                at, weight = postings[term]
                out[at] += weight
        return out

    return score


def dense(texts: Sequence[str], embedder: Embedder) -> Scorer:
    """Cosines of every text with a question; of a long text, of its best chunk."""
    pieces = [chunks(text) for text in texts]
    starts = np.cumsum([0, *(len(each) for each in pieces[:-1])])
    vectors: Floats = embedder.embed([piece for each in pieces for piece in each], "document")

    def score(question: str) -> Scores:
        if not len(vectors):
            return np.zeros(0)
        cosines = vectors @ embedder.embed([question], "query")[0]
        return np.maximum.reduceat(cosines, starts).astype(np.float64)

    return score


def chunks(text: str, words: int = CHUNK_WORDS) -> list[str]:
    """A text in pieces of at most `words` words; a short text is itself.

    >>> chunks("one two three", words=2)
    ['one two', 'three']
    """
    found = text.split()
    if len(found) <= words:
        return [text]
    return [" ".join(found[at : at + words]) for at in range(0, len(found), words)]


def fused(*rows: Scores, k: int = RRF_K) -> Scores:
    """Reciprocal rank fusion of whole rankings; equal scores share the better rank."""
    out = np.zeros_like(rows[0])
    for scores in rows:
        out += 1.0 / (k + 1 + np.searchsorted(np.sort(-scores), -scores))
    return out


def scaled(scores: Scores) -> Scores:
    """Scores moved to 0..1; all 0 where they do not differ."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
