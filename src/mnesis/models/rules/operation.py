"""What a new fact does to the memories there are: ADD, UPDATE, DELETE or NOOP.

Source: Prateek Chhikara, Dev Khant, Saket Aryan, Taranjeet Singh, Deshraj Yadav, Mem0: Building Production-Ready AI
    Agents with Scalable Long-Term Memory, 2025. arXiv 2504.19413
Needs: nothing
Cost: one comparison a memory
Differs: rules take the place of the language model that decides.

Each memory is compared as `models.rules.update` does it, the first that fits decides: one that says the fact already
makes it a NOOP, one the fact takes the place of an UPDATE, one it only ends a DELETE. Without any it is an ADD.

>>> rule = operation()
>>> rule({"fact": "I moved to Lisbon.", "memories": [{"id": "a", "text": "I live in Porto."}]})
{'operation': 'UPDATE', 'target': 'a', 'text': 'I moved to Lisbon.'}
>>> rule({"fact": "I like tea.", "memories": []})["operation"]
'ADD'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.models.rules.update import update

DOES = {"PASS": "NOOP", "REPLACE": "UPDATE", "DELETE": "DELETE"}


def operation() -> Rule:
    """The rule."""
    compared = update()

    def answer(parts: Mapping[str, Any]) -> dict[str, str]:
        fact = text_of(parts, "fact")
        for memory in parts.get("memories") or ():
            does = DOES.get(compared({"old": memory["text"], "new": fact}))
            if does is not None:
                target = "" if does == "NOOP" else str(memory["id"])
                return {"operation": does, "target": target, "text": fact if does == "UPDATE" else ""}
        return {"operation": "ADD", "target": "", "text": fact}

    return answer
