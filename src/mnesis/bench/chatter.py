"""Chat turns made here, as many as wanted: for measuring speed where no real data may be bundled.

A seeded generator draws words from a vocabulary whose frequencies fall like Zipf's law, partly from the topic of the
session, and sets them into plain English frames, so that stop words, word frequencies, lengths, sessions, speakers and
dates look like those of real chats to an index. The words themselves mean nothing. The embedder that goes with it
gives each word a fixed random direction, so turns of one topic lie close together.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mnesis.store.terms import STOP
from mnesis.words import Event, Floats

VOCABULARY = 40_000
TOPICS = 400
TOPIC_WORDS = 80
TURNS = 20  # a session's turns
DIRECTIONS = 1 << 15
FALL = 0.3
STARTS = ("b", "br", "c", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v")
VOWELS = ("a", "e", "i", "o", "u", "ea", "io")
ENDS = ("", "l", "m", "n", "nd", "r", "rt", "s", "sk", "t")
SPEAKERS = ("Ana", "Bo", "Cleo", "Dov", "Edda", "Finn", "Gita", "Hugo")
FRAMES = (
    "I have been thinking about the {} and whether we should {} it before the {} of the {}.",
    "Yesterday we saw {} near the {}, and it reminded me of how {} used to {} every {}.",
    "Do you remember when {} told us that the {} was not {} enough for a {}?",
    "My {} is going to {} in the {}, so I will need a new {} and some {}.",
    "That sounds {}! Did you ever try the {} with {} instead of {}?",
    "Not really, but {} was {} about it, and the {} took longer than I had {}.",
    "The {} {} opens at the {}; let us meet there and talk about {} and {}.",
    "It was {}.",
    "What a {} {}, I would love to {} it with you and {} some day, if the {} is {}.",
    "After the {} we went to {} for {}, because {} had never been to a {} {} like that.",
)
BEGIN = datetime(2021, 1, 4, 9, 0, tzinfo=UTC)


def vocabulary(rng: np.random.Generator, size: int = VOCABULARY) -> NDArray[np.str_]:
    """Made-up words, the short ones first, as frequent words are short."""
    parts = [rng.choice(each, size * 2) for each in (STARTS, VOWELS, ENDS, STARTS, VOWELS, ENDS)]
    short = ["".join(each) for each in zip(*parts[:3], strict=True)]
    long = ["".join(each) for each in zip(*parts, strict=True)]
    words = dict.fromkeys(short[: size // 40])
    words.update(dict.fromkeys(long))
    return np.array([word for word in words if word not in STOP][:size])


def chatter(n: int, seed: int = 1, speakers: Sequence[str] = SPEAKERS) -> list[Event]:
    """`n` turns in sessions of twenty, two people each, in the order they were said.

    >>> [len(chatter(50)), chatter(3)[2].source]
    [50, 's0:2']
    """
    rng = np.random.default_rng(seed)
    words = vocabulary(np.random.default_rng(0))
    weight = 1.0 / np.arange(1, len(words) + 1) ** 1.05
    chance = np.cumsum(weight / weight.sum())
    topics = rng.integers(200, len(words), (TOPICS, TOPIC_WORDS))
    frames = rng.integers(0, len(FRAMES), n)
    need = np.array([frame.count("{}") for frame in FRAMES])[frames]
    ends = np.cumsum(need)
    drawn = np.searchsorted(chance, rng.random(int(ends[-1]) if n else 0)).clip(max=len(words) - 1)
    session = np.arange(n) // TURNS
    topic = np.repeat(rng.integers(0, TOPICS, int(session[-1]) + 1 if n else 0)[session], need)
    on_topic = rng.random(len(drawn)) < 0.45
    drawn[on_topic] = topics[topic[on_topic], rng.integers(0, TOPIC_WORDS, int(on_topic.sum()))]
    said = words[drawn].tolist()
    first = rng.integers(0, len(speakers), int(session[-1]) + 1 if n else 0)
    other = (first + rng.integers(1, max(len(speakers), 2), len(first))) % len(speakers)
    pair = np.stack([first, other], axis=1).tolist()
    bounds = [0, *ends.tolist()]
    return [
        Event(
            FRAMES[frame].format(*said[begin:end]),
            speaker=speakers[pair[at // TURNS][at % 2]],
            at=BEGIN + timedelta(hours=7 * (at // TURNS), minutes=at % TURNS),
            source=f"s{at // TURNS}:{at % TURNS}",
            session=f"s{at // TURNS}",
        )
        for at, (frame, (begin, end)) in enumerate(zip(frames.tolist(), pairwise(bounds), strict=True))
    ]


def asked(events: Sequence[Event], n: int, seed: int = 2) -> list[str]:
    """`n` questions about turns drawn from `events`: who said it, and a few of its rarer words."""
    rng = np.random.default_rng(seed)
    out = []
    for at in rng.integers(0, len(events), n).tolist():
        event = events[at]
        words = [word for word in event.text.lower().replace("?", " ").replace(".", " ").split() if word not in STOP]
        some = rng.permutation(len(words))[:4].tolist()
        who = event.speaker or "they"
        out.append(f"What did {who} say about the {' and the '.join(words[each].strip(',;!') for each in some)}?")
    return out


class WordDirections:
    """An embedder for measuring speed: every word a fixed random direction, a text the mean of its words."""

    def __init__(self, dim: int = 256) -> None:
        self.dim = dim
        self.reliance = 1.0
        self.name = f"word-directions-{dim}"
        falling = (1.0 + np.arange(dim)) ** -FALL  # as in real embeddings, some directions matter more than others
        self._table = (np.random.default_rng(3).standard_normal((DIRECTIONS, dim)) * falling).astype(np.float32)
        self._at: dict[str, int] = {}

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim]."""
        out = np.empty((len(texts), self.dim), np.float32)
        for row, text in zip(out, texts, strict=True):
            words = [word for word in text.lower().split() if word not in STOP] or text.lower().split() or [""]
            row[:] = self._table[[self._index(word.strip(".,;:!?")) for word in words]].mean(axis=0)
        unit: Floats = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9).astype(np.float32)
        return unit

    def _index(self, word: str) -> int:
        at = self._at.get(word)
        if at is None:
            at = self._at[word] = zlib.crc32(word.encode("utf-8", "surrogatepass")) % DIRECTIONS
        return at
