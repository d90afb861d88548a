"""Namespaces: how they are named, what lies beneath what, and which ids may be given.

A namespace is one name or several with slashes between them, from the widest to the narrowest:
``org/user/agent/session``. Each is a room with walls of its own: a recall in ``org/ana`` sees what was told to
``org/ana`` and nothing else, neither ``org`` above it nor ``org/ana/agent`` beneath it, and the words of one do not
make those of another rarer. Where a verb has `within`, it takes in the rooms beneath as well, when it is asked to.
"""

from __future__ import annotations

import unicodedata

from mnesis.errors import BadInput, Rejected

LONGEST = 500  # characters of a namespace or an id
OURS = "~"  # begins the names the space keeps for itself


def inside(name: str, room: str) -> bool:
    """Whether a namespace is this one or lies beneath it.

    >>> inside("org/ana/agent", "org/ana"), inside("org/anabel", "org/ana")
    (True, False)
    """
    return name == room or name.startswith(room + "/")


def above(name: str) -> list[str]:
    """A namespace and those it lies in, narrowest first.

    >>> above("org/ana/agent")
    ['org/ana/agent', 'org/ana', 'org']
    """
    parts = name.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]


def is_clean(text: str) -> bool:
    """Whether a name holds no control characters, line breaks or broken Unicode."""
    return (text.isascii() and text.isprintable()) or not any(
        unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text
    )


def check_namespace(namespace: str) -> None:
    """Refuse what cannot name a namespace, in a sentence."""
    if not isinstance(namespace, str) or not namespace.strip():
        raise BadInput("The namespace is empty; name one, for example 'ana' or 'org/ana'.")
    if len(namespace) > LONGEST or not is_clean(namespace):
        raise BadInput(f"A namespace is a plain name of at most {LONGEST} characters, without control characters.")
    if "/" in namespace or namespace in (".", ".."):
        parts = namespace.split("/")
        if not all(part.strip() for part in parts) or any(part in (".", "..", "*", "**") for part in parts):
            raise BadInput(
                f"{namespace!r} is no namespace: between slashes stands a name, for example 'org/ana'. There is no way "
                "up (..) and no wildcard; to take in what lies beneath, say within=True."
            )
    if namespace.startswith(OURS):
        raise BadInput(f"Namespaces that begin with {OURS!r} are the space's own; choose another name.")


def check_id(id: str) -> None:
    """Refuse an id that could be taken for something else: a path, an entity, a name of the space's own."""
    if len(id) > LONGEST or not is_clean(id) or id != id.strip():
        raise Rejected(
            f"The id {id[:60]!r} cannot be kept: an id is at most {LONGEST} plain characters, without spaces at its "
            "ends and without control characters."
        )
    parts = id.replace("\\", "/").split("/")
    if parts[0] == "" or any(part in (".", "..") for part in parts) or id.startswith((OURS, "entity:", "erased:")):
        raise Rejected(
            f"The id {id!r} cannot be kept: it reads like a path or a name that mnesis keeps for itself. Leave the id "
            "away and one is made, or put the name into source."
        )


def check_words(**given: str) -> None:
    """Refuse what cannot stand in the journal beside a commit."""
    for name, text in given.items():
        if not isinstance(text, str) or not is_clean(text):
            raise BadInput(f"{name} is plain text without control characters or broken Unicode, not {text!r}.")
