"""Whether a question needs anything remembered; a greeting or a sum does not.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns
Differs: nothing.

It would rather look in vain than leave out what is needed: only texts all of whose sentences greet, thank, agree or
close, or that ask for plain arithmetic, need no memory.

>>> rule = activate()
>>> [rule({"query": text}) for text in ("Thanks, good night!", "Where do I live?", "What is 12 * 7?")]
[False, True, False]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import CHAT, sentences, text_of

SUM = re.compile(r"^(?:what(?:['’]s| is)|how much is|calculate)?\s*[\d.,]+(?:\s*[-+*/x×÷^]\s*[\d.,]+)+\s*\??$", re.I)
CLOSE = re.compile(
    r"^(?:good night|see you(?: soon| later| tomorrow)?|talk to you (?:soon|later)|that is all)[.!]*$", re.I
)


def activate() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> bool:
        said = sentences(text_of(parts, "query"))
        return not said or not all(CHAT.match(each) or SUM.match(each) or CLOSE.match(each) for each in said)

    return answer
