"""Which types of memory a question asks for, by how it asks.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

How something is done asks for procedures; documents, links and files for resources; what is going on now for working
memory; when, last time and what happened for episodes; who somebody is, what they like and where they live for core
memories and what is known. They are tried in this order. A question that shows none of it asks for no type.

>>> rule = wanted_types()
>>> [rule({"query": text}) for text in ("How do I descale the kettle?", "When did we meet?", "What is my name?")]
[['procedural', 'resource'], ['episodic'], ['core', 'semantic']]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.text.when import mentions
from mnesis.words import moment

ANY_DAY = moment("2000-01-01")
HOW = re.compile(
    r"""\bhow\ (?:do|can|should|to|does\ one)\b(?!\ (?:i|you|we|they)\ (?:feel|like|know))
    |\bsteps?\b|\brecipe\b|\binstructions?\b""",
    re.I | re.X,
)
WHICH_PAPER = re.compile(
    r"\b(?:document|file|link|article|pdf|page|manual|attachment|url|report|spreadsheet)s?\b", re.I
)
NOW = re.compile(r"\b(?:right now|at the moment|currently working|still to do|to-?do|next step)\b", re.I)
HAPPENED = re.compile(
    r"""^\W*(?:when|how\ long\ ago|how\ often)\b|\bwhat\ (?:happened|did)\b|\b(?:did|was|were|had)\b.*\?
    |\b(?:last|first)\ time\b|\bwhat\ (?:date|day|year|month)\b|\bremember\ when\b""",
    re.I | re.X,
)
WHO = re.compile(
    r"""\b(?:my|your|his|her|their|\w+['’]s)\ (?:full\ |first\ |last\ |nick)?(?:name|birthday|job|home|hometown|hobb\w+
    |allerg\w+|address|favou?rite|age|profession|family|partner|pets?)\b|\bwho\ (?:am\ i|is|are)\b
    |\b(?:do|does)\ \w+\ (?:like|prefer|live|work|want|believe)\b|\bwhere\ (?:do|does)\b""",
    re.I | re.X,
)
SIGNS = (
    (HOW, ["procedural", "resource"]),
    (WHICH_PAPER, ["resource", "semantic"]),
    (NOW, ["working", "episodic"]),
    (HAPPENED, ["episodic"]),
    (WHO, ["core", "semantic"]),
)


def wanted_types() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> list[str]:
        text = text_of(parts, "query")
        for sign, types in SIGNS:
            if sign.search(text):
                return list(types)
        return ["episodic"] if mentions(text, ANY_DAY) else []

    return answer
