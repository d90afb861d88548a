"""Questions a text answers: its statements with what they name left out.

Source: mnesis, 2026.
Needs: nothing
Cost: a scan for names and dates a statement
Differs: nothing.

A date, a name or a number in a statement is an answer; the question is the statement with "when", "where", "who",
"what" or "how many" in its place. The speaker stands in place of "I".

>>> questions()({"text": "I moved to Lisbon.", "speaker": "Ana"})
[{'question': 'Ana moved to where?', 'answer': 'Lisbon'}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import said_on, statements, text_of
from mnesis.models.rules.entities import entities
from mnesis.text.when import mentions

MOST = 5
ASKED = {"person": "who", "place": "where", "organisation": "what", "other": "what"}
NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d+)?(?= [a-z]+)")
PREPOSITION = re.compile(r"\b(?:on|in|at|since|during|by)\s+$", re.I)


def questions() -> Rule:
    """The rule."""
    names = entities()

    def answer(parts: Mapping[str, Any]) -> list[dict[str, str]]:
        speaker, at = text_of(parts, "speaker"), said_on(parts)
        most = int(parts.get("most") or MOST)
        asked: dict[str, str] = {}
        for each in statements(text_of(parts)):
            dated = [(*mention.span, "when") for mention in mentions(each, at)]
            for begin, end, word in [*dated, *_named(each, names), *_counted(each, dated)]:
                before = PREPOSITION.sub("", each[:begin]) if word == "when" else each[:begin]
                question = f"{before}{word}{each[end:]}".strip().rstrip(".!… ")
                asked.setdefault(f"{_told(question, speaker)}?", each[begin:end])
        return [{"question": question, "answer": answer} for question, answer in asked.items()][:most]

    return answer


def _named(text: str, names: Rule) -> Iterator[tuple[int, int, str]]:
    for each in names({"text": text}):
        at = text.find(each["name"])
        if at >= 0 and not text[at + len(each["name"]) :].startswith(("'", "’")):
            yield at, at + len(each["name"]), ASKED[each["kind"]]


def _counted(text: str, dated: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for match in NUMBER.finditer(text):
        if not any(begin < match.end() and match.start() < end for begin, end, _ in dated):
            yield match.start(), match.end(), "how many"


def _told(question: str, speaker: str) -> str:
    """The question with the speaker in place of "I"."""
    if speaker:
        question = re.sub(r"\b[Mm]y\b", f"{speaker}'s", re.sub(r"\bI\b(?!['’])", speaker, question))
    return question[:1].upper() + question[1:]
