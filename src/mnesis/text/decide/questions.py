"""Keep the questions a memory answers as keys, each with its answer.

Source: Wenhu Chen, Pat Verga, Michiel de Jong, John Wieting, William W. Cohen, Augmenting Pre-trained Language Models
    with QA-Memory for Open-Domain Question Answering, 2022. arXiv 2204.04581
Needs: nothing
Cost: one question a memory, and one for each older pair that resembles a new one, at most four
Differs: pairs are written by rules or a language model instead of a trained generator, and found by words and any
    embedder instead of the paper's encoder; it adds that a key is written anew when its answer changes.

A question is more like another question than like the text that answers it. Each pair is a memory of its own, embedded
by its question alone, and read as question and answer. Where a later memory answers the same question with something
that makes the older answer untrue, the older pair ends at its date. The memory itself stays word for word.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.store import View
from mnesis.text import ask
from mnesis.text.alike import normal, unseen
from mnesis.text.decide import Decide
from mnesis.text.decide._draft import Draft
from mnesis.text.decide._statement import comparable, derived, looks, says_only, single
from mnesis.text.names import without
from mnesis.words import Change, MemCube, replace

MADE_BY = "text.decide.questions"
PAIR = "pair"
FEW = 4  # older pairs looked at for the same question


def questions(most: int = 5) -> Decide:
    """Up to `most` pairs of question and answer for each new memory."""

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        draft = Draft(view)
        for turn in unseen(cubes, view):
            draft.add(turn)
            reply = yield ask.questions(turn.text, turn.speaker, most)
            for each in reply or ():
                kept = yield from _written(_pair(turn, each["question"], each["answer"], view), turn, draft)
                if says_only(turn, kept.text):
                    draft.repeat(turn, kept)
        return draft.changes()

    return decide


def _pair(turn: MemCube, question: str, answer: str, view: View) -> MemCube:
    """The memory of a question and its answer."""
    made = derived(turn, f"{question.strip()} {answer.strip()}", view, MADE_BY)
    pair = {"question": question.strip(), "answer": answer.strip(), "said": turn.text, "alone": single(turn)}
    return replace(made, meta={PAIR: pair}, keys=(without(question.strip(), frozenset(view.speakers())),))


def _written(new: MemCube, turn: MemCube, draft: Draft) -> Asking[MemCube]:
    """Keep a pair, or take the one that is there; what it makes untrue under the same key ends."""
    asked, answer = normal(new.meta[PAIR]["question"]), normal(new.meta[PAIR]["answer"])
    like = looks(turn.text)
    for old in draft.alike(new.text, FEW, lambda each: comparable(new, each) and PAIR in each.meta, new.speaker, like):
        pair = old.meta[PAIR]
        same = normal(pair["question"]) == asked
        if same and normal(pair["answer"]) == answer:
            return draft.witness(old, new)
        if not same and not (pair["alone"] and new.meta[PAIR]["alone"]):
            continue  # of texts that say several things, only what answers the same question is compared
        untrue = yield ask.conflict(pair["said"], turn.text)
        if untrue:
            draft.end(old, new)
    return draft.add(new)
