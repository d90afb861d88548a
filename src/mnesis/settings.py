"""The only reader of the environment: a handful of names, each an argument somewhere too.

MNESIS_SPACE      the space the command line opens when --space is not given (default ./memory.mnesis)
MNESIS_EMBEDDER   the embedder a new space is made with when none is given (default static)
MNESIS_KEY        the key of the vault, for the command line
MNESIS_ENDPOINT   base address of an OpenAI-compatible server for the http mind
MNESIS_API_KEY    its key
MNESIS_MODEL      the model there that answers questions
MNESIS_MIND       who answers what recipes ask on the command line when --mind is not given (default rules)
MNESIS_DATA       the folder benchmark data lies in when --data is not given
"""

from __future__ import annotations

import os


def space() -> str:
    """The space the command line opens when none is named."""
    return os.environ.get("MNESIS_SPACE", "memory.mnesis")


def embedder() -> str:
    """The embedder a new space is made with when none is named."""
    return os.environ.get("MNESIS_EMBEDDER", "static")


def key() -> str | None:
    """The key of the vault, or None where there is none."""
    return os.environ.get("MNESIS_KEY") or None


def endpoint() -> str:
    """Base address of an OpenAI-compatible server, or an empty text."""
    return os.environ.get("MNESIS_ENDPOINT", "")


def api_key() -> str:
    """The key for that server, or an empty text."""
    return os.environ.get("MNESIS_API_KEY", "")


def model() -> str:
    """The model that answers questions there, or an empty text."""
    return os.environ.get("MNESIS_MODEL", "")


def mind() -> str:
    """Who answers questions when nobody is named."""
    return os.environ.get("MNESIS_MIND", "rules")


def data() -> str:
    """The folder benchmark data lies in, or an empty text."""
    return os.environ.get("MNESIS_DATA", "")
