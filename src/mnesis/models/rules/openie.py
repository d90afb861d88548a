"""Rules have read a text already and add nothing to it.

Source: mnesis, 2026.
Needs: nothing
Cost: nothing
Differs: nothing.

Facts are read off by `text.link.facts` when a memory is told; only a language model reads them anew.
"""

from __future__ import annotations

from mnesis.models.rules import Rule


def openie() -> Rule:
    """The rule."""
    return lambda parts: {"facts": [], "by": "rules"}
