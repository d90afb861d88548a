"""What is a secret: a password, a key or the number of a card that somebody tells, as opposed to speaking of one."""

from __future__ import annotations

import re

from mnesis.words import Event

# "my password is hunter2", "API key: abc123", "the PIN of the card is 4711"
NAMED = re.compile(
    r"""\b(?:password|passphrase|passcode|pass\ code|pin(?:\ code|\ number)?|api[ -]?key|secret\ key|private\ key
    |access\ token|auth\ token|recovery\ code|cvv|cvc|social\ security\ number|ssn)\b
    (?:\s+(?:for|of|to)\s+[^:=?.!\n]{1,40}?)?\s*(?:is|was|:|=|are)\s*["'`]?(?P<value>[^\s"'`,]+)""",
    re.I | re.X,
)
FORMS = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY"
)
CARD = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")
NO_VALUES = frozenset(
    """a an the my your his her our their not no too very so weak strong wrong right long short safe unsafe old new lost
    gone expired invalid missing required empty secret forgotten written kept stored changed same good bad to""".split()
)


def is_secret(event: Event) -> bool:
    """Whether an event tells a secret.

    >>> told = ("The wifi password is k1tten-42!", "My password is too weak.", "Card 4111 1111 1111 1111")
    >>> [is_secret(Event(text)) for text in told]
    [True, False, True]
    """
    text = event.text
    if FORMS.search(text):
        return True
    if any(match["value"].strip(".!?").lower() not in NO_VALUES for match in NAMED.finditer(text)):
        return True
    return any(_adds_up(re.sub(r"\D", "", match[0])) for match in CARD.finditer(text))


def _adds_up(digits: str) -> bool:
    """Whether the last digit is the check digit of a card number."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


__all__ = ["is_secret"]
