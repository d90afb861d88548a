"""Which older cards a new card belongs to, and what tags they take from it.

Source: Wujiang Xu, Zujie Liang, Kai Mei, Hang Gao, Juntao Tan, Yongfeng Zhang, A-MEM: Agentic Memory for LLM Agents,
    2025. arXiv 2502.12110
Needs: nothing
Cost: one comparison of words an older card
Differs: rules take the place of the language model that decides; the context of a card is left as it is.

Two cards belong together when they share at least two keywords or tags, or one that few cards of the comparison have
and half of the words of the shorter. The older card then takes on the tags of the newer that it lacks, up to eight.

>>> new = {"id": "b", "text": "Basil needs sun.", "keywords": ["basil", "sun"], "tags": ["garden"], "context": ""}
>>> old = {"id": "a", "text": "I sowed basil.", "keywords": ["basil", "sun"], "tags": ["food"], "context": "sowing"}
>>> evolution()({"note": new, "memories": [old]})
{'links': ['a'], 'updates': [{'id': 'a', 'tags': ['food', 'garden'], 'context': 'sowing'}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import content, share
from mnesis.store.terms import terms

MOST = 8  # tags of a card
TOGETHER = 2  # keywords or tags in common
HALF = 0.5


def evolution() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> dict[str, Any]:
        new = parts["note"]
        linked = [old for old in parts.get("memories") or () if _together(new, old)]
        updates = []
        for old in linked:
            held = list(old.get("tags") or ())
            tags = list(dict.fromkeys([*held, *(new.get("tags") or ())]))[: max(MOST, len(held))]
            if tags != held:
                updates.append({"id": old["id"], "tags": tags, "context": old.get("context") or ""})
        return {"links": [old["id"] for old in linked], "updates": updates}

    return answer


def _together(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    mine, theirs = _marks(new), _marks(old)
    common = len(mine & theirs)
    return common >= TOGETHER or (common > 0 and share(content(new["text"]), content(old["text"])) >= HALF)


def _marks(card: Mapping[str, Any]) -> set[str]:
    return {" ".join(terms(each)) for each in (*(card.get("keywords") or ()), *(card.get("tags") or ()))} - {""}
