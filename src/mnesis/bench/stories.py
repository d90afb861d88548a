"""Networks of neural.network on questions about stories: what each learns to answer.

    mnesis bench stories --data …                     every network on babi_qa, one training for each kind of question
    mnesis bench stories:steps=2000 --recipe memn2n,dmn

Every network has the same width and is trained on the same questions with the same step sizes, then asked questions on
stories it has not seen. One line a network and kind goes to ``<results>/stories.jsonl``: accuracy with an interval over
questions, how many were learned from and asked, parameters, seconds. Without data it runs on the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnesis import catalog
from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.bench.tasks import Quiz, Tale
from mnesis.bench.tasks.babi_qa import babi_qa
from mnesis.errors import BadInput, Unavailable

SLOT = "neural.network"
PAD = 0


class Words:
    """Words by number; 0 is padding and every word that was not learned."""

    def __init__(self, tales: Sequence[Tale]) -> None:
        texts = [text for tale in tales for text in (*tale.sentences, tale.question)]
        self.known = {word: n for n, word in enumerate(sorted({w for text in texts for w in text.split()}), start=1)}
        self.answers = {answer: n for n, answer in enumerate(sorted({tale.answer for tale in tales}))}

    def numbers(self, tales: Sequence[Tale]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stories [N,S,L], questions [N,L] and answers [N] (-1 where the answer was never learned)."""
        sentences = max(len(tale.sentences) for tale in tales)
        longest = max(len(text.split()) for tale in tales for text in (*tale.sentences, tale.question))
        story, question = np.full((len(tales), sentences, longest), PAD), np.full((len(tales), longest), PAD)
        for n, tale in enumerate(tales):
            for place, text in enumerate(tale.sentences):
                self._put(story[n, place], text)
            self._put(question[n], tale.question)
        return story, question, np.array([self.answers.get(tale.answer, -1) for tale in tales])

    def _put(self, row: np.ndarray, text: str) -> None:
        numbers = [self.known.get(word, PAD) for word in text.split()]
        row[: len(numbers)] = numbers


def stories(
    data: Path | None = None,
    networks: Sequence[str] = (),
    steps: int = 1_000,
    width: int = 32,
    *,
    quiz: Quiz | None = None,
    results: Path = Path("results"),
    progress: Progress | None = None,
) -> list[Record]:
    """Train these networks (all, where none is named) on each kind of question; lines go to ``stories.jsonl``."""
    if steps < 1 or width < 4 or width % 2:
        raise BadInput(f"steps={steps} must be at least 1, and width={width} even and at least 4.")
    chosen = quiz or babi_qa()
    addresses = [catalog.find(each, SLOT) for each in networks] or list(catalog.names(SLOT))
    tales = list(chosen.load(data))
    groups = list(dict.fromkeys(tale.group for tale in tales))
    lines: list[Record] = []
    for group in groups:
        given = [tale for tale in tales if tale.group == group]
        for address in addresses:
            if progress:
                progress(f"stories · {group} · {address.rpartition('.')[2]}", len(lines), len(groups) * len(addresses))
            line = {"task": chosen.name, "group": group, "network": address, "width": width, "steps": steps, "seed": 0}
            lines.append({**line, **answered(address, given, steps, width), **circumstances()})
            append(results / "stories.jsonl", lines[-1])
    return lines


def answered(address: str, tales: Sequence[Tale], steps: int, width: int) -> Record:
    """Train one network on the tales to learn from and ask it the others."""
    try:
        from mnesis.neural import quizzing
    except ModuleNotFoundError as err:
        raise Unavailable("Networks on stories need torch; install it with: pip install 'mnesis[torch]'") from err
    learned, asked = ([tale for tale in tales if tale.learned == which] for which in (True, False))
    if not learned or not asked:
        raise BadInput("A quiz needs tales to learn from and others to be asked; one of the two is missing here.")
    words = Words(learned)
    form = {"vocab": len(words.known) + 1, "answers": len(words.answers), "width": width}
    given, wanted = words.numbers(learned), words.numbers(asked)
    found = quizzing.answered(address, given, wanted, steps, **form)
    value = float((found.said == wanted[2]).mean())
    half = 1.96 * (value * (1 - value) / len(asked)) ** 0.5
    return {
        "metrics": {"accuracy": {"value": value, "low": max(0.0, value - half), "high": min(1.0, value + half)}},
        "learned": len(learned),
        "n": len(asked),
        "parameters": found.parameters,
        "seconds": round(found.seconds, 1),
    }
