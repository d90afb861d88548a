"""The memory a text belongs to, by the signs of each type.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

Looked for in this order: links, files and long texts (resource); who somebody is (core); how something is done
(procedural); what is being done now (working); what happened, by past tenses and dates (episodic). What is left states
a fact (semantic).

>>> rule = memory_type()
>>> [rule({"text": text}) for text in ("My name is Ana.", "I went to Porto yesterday.", "Water boils at 100 degrees.")]
['core', 'episodic', 'semantic']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.text.when import mentions
from mnesis.words import moment

LONG = 220  # words from which on a text is a document
ANY_DAY = moment("2000-01-01")
RESOURCE = re.compile(r"https?://|www\.|\b[\w-]+\.(?:pdf|docx?|xlsx?|csv|png|jpe?g|zip|md|txt|py|ipynb)\b|```", re.I)
CORE = re.compile(
    r"\b(?:my (?:full |first |last |nick)?(?:name|birthday|job|hometown|pronouns|favou?rite|allerg\w+|religion|address"
    r"|phone|email)\b|(?:i am|i['’]m) (?:a|an|the|from|allergic|married|single|vegan|vegetarian|\d+ years old)\b"
    r"|i (?:live|work|was born|grew up|study) (?:in|at|as|for|on)\b|i (?:really |always |absolutely )?(?:love|hate"
    r"|prefer|like|enjoy|can['’]t stand|dislike)\b|call me\b)",
    re.I,
)
PROCEDURE = re.compile(
    r"\bhow to\b|\bstep \d|\b(?:first|1\.),? .*\b(?:then|next|2\.)\b|^(?:to|in order to) \w+[^.]*, (?:you )?\w+"
    r"|\b(?:you (?:need|have) to|make sure to|be sure to|always remember to|press|click|type|run|install|preheat"
    r"|stir)\b",
    re.I | re.S,
)
WORKING = re.compile(
    r"\b(?:right now|at the moment|currently|just now|to-?do|in progress|i['’]m (?:about to|trying to|working on)"
    r"|remind me|next step|let me)\b",
    re.I,
)
PAST = re.compile(
    r"\b(?:was|were|had|did|went|saw|met|got|made|came|took|gave|told|said|bought|found|left|ate|began|wrote|spoke|lost"
    r"|won|felt|heard|kept|drove|flew|ran|sang|slept|taught|thought|broke|built|caught|chose|fell|fought|grew|held|paid"
    r"|read|sold|sent|spent|stood|understood|wore|(?<!\bis )(?<!\bam )(?<!\bare )\w{3,}ed)\b",
    re.I,
)


def memory_type() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> str:
        text = text_of(parts)
        if RESOURCE.search(text) or len(text.split()) >= LONG:
            return "resource"
        dated = bool(mentions(text, ANY_DAY))
        if CORE.search(text) and not (dated and PAST.search(text)):
            return "core"
        if PROCEDURE.search(text):
            return "procedural"
        if WORKING.search(text):
            return "working"
        return "episodic" if dated or PAST.search(text) else "semantic"

    return answer
