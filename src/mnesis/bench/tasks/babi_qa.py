"""Questions on stories of a few sentences, of twenty kinds, answered with a word.

Source: Jason Weston, Antoine Bordes, Sumit Chopra, Alexander M. Rush, Bart van Merriënboer, Armand Joulin, Tomas
    Mikolov, Towards AI-Complete Question Answering: A Set of Prerequisite Toy Tasks, 2015. arXiv 1502.05698 (CC BY 3.0)
Needs: nothing
Cost: none to speak of
Shapes: tales; a sentence is words in small letters without marks
Differs: from the release all that was said before a question is its story. A file of stories that names no part to
    learn from is split: four stories of five are learned from, every fifth is asked.

The published 10k setting gives a network 10,000 questions of a kind to learn from and 1,000 it has not seen, trains one
network a kind, or one for all, with the last 50 sentences (320 where a story is longer), and calls a kind solved from
95 % on. Put the release here (``en-10k/qa1_single-supporting-fact_train.txt`` and so on) to run it so; `kind` names one
of the twenty, and the empty name all. Without data there are a few stories of our own, of the first kind.

>>> tale = next(babi_qa().load(None))
>>> tale.sentences[tale.support[0]], tale.question, tale.answer
('mary went to the garden', 'where is mary', 'garden')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mnesis.bench.tasks import Quiz, Tale
from mnesis.bench.tasks._files import located, records
from mnesis.errors import BadInput, Malformed

FOLDER, FILE = "babi", "stories.jsonl"
ORIGIN = "https://research.facebook.com/downloads/babi/"
LICENCE = "CC BY 3.0"
KINDS = 20
PERSONS, PLACES = ("mary", "john", "ann"), ("garden", "kitchen", "office")


def babi_qa(kind: str = "", length: int = 50) -> Quiz:
    """The questions of one kind (``qa1`` to ``qa20``) or of all, on the last `length` sentences."""
    if kind and kind not in {f"qa{n + 1}" for n in range(KINDS)}:
        raise BadInput(f"kind={kind!r} is none of qa1 to qa{KINDS}; leave it empty for all.")
    if length < 1:
        raise BadInput(f"length={length} must be at least 1 sentence.")

    def load(data: Path | None) -> Iterator[Tale]:
        tales = _sample() if data is None else _released(data, kind) or _stories(data)
        for tale in tales:
            if not kind or tale.group == kind:
                yield _cut(tale, length)

    return Quiz("babi-qa", load, LICENCE)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _cut(tale: Tale, length: int) -> Tale:
    gone = max(len(tale.sentences) - length, 0)
    support = tuple(each - gone for each in tale.support if each >= gone)
    return Tale(tale.group, tale.sentences[gone:], tale.question, tale.answer, support, tale.learned)


def _sample() -> Iterator[Tale]:
    """Two persons move; where is one of them?"""
    for n in range(27):
        first, second, third = n % 3, n // 3 % 3, n // 9
        moved = [(PERSONS[0], PLACES[first]), (PERSONS[1], PLACES[second]), (PERSONS[0], PLACES[third])]
        sentences = tuple(f"{person} went to the {place}" for person, place in moved)
        who = n % 2
        yield Tale("qa1", sentences, f"where is {PERSONS[who]}", moved[2 - who][1], (2 - who,), n % 3 != 0)


def _released(data: Path, kind: str) -> list[Tale]:
    """The files of the release, where they lie in the folder or in en-10k below it; empty where they do not."""
    found: list[Tale] = []
    for place in (data, data / "en-10k", data / FOLDER, data / FOLDER / "en-10k"):
        for path in sorted(place.glob(f"{kind or 'qa*'}_*_t*.txt")):
            group, part = path.name.partition("_")[0], path.stem.rpartition("_")[2]
            found += _file(path, group, part == "train")
        if found:
            break
    return found


def _file(path: Path, group: str, learned: bool) -> Iterator[Tale]:
    said: dict[str, str] = {}
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        number, _, rest = line.partition(" ")
        if not number.isdecimal():
            raise Malformed(f"{path.name}, line {row}", "a line begins with its number in the story.")
        if number == "1":
            said = {}
        question, tab, answer = rest.partition("\t")
        if not tab:
            said[number] = _words(rest)
            continue
        answer, _, support = answer.partition("\t")
        places = {each: n for n, each in enumerate(said)}
        known = tuple(places[each] for each in support.split() if each in places)
        yield Tale(group, tuple(said.values()), _words(question), answer.strip().lower(), known, learned)


def _stories(data: Path) -> Iterator[Tale]:
    for n, record in enumerate(records(located(data, FOLDER, FILE, ORIGIN))):
        for each in record["questions"]:
            told = [one for one in record["statements"] if int(one["turn_id"]) < each["asked_after"]]
            places = {one["turn_id"]: place for place, one in enumerate(told)}
            yield Tale(
                record["task"],
                tuple(_words(one["text"]) for one in told),
                _words(each["question"]),
                each["answer"].strip().lower(),
                tuple(places[one] for one in each["evidence"] if one in places),
                n % 5 != 4,
            )
