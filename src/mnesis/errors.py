"""Everything mnesis can raise, drawn as a tree.

    MnesisError
    ├── BadInput (ValueError)        what was asked cannot be done as written
    │   ├── UnknownName              no such mechanism, recipe, task, column …; carries the near matches
    │   └── Malformed                a record of an import or a reply that is not in its format; carries where
    ├── Rejected                     a guard refused an event; carries the event
    ├── NotFound (LookupError)       no cube, commit or file of that name in this namespace
    ├── Conflict                     somebody else revised the cube first; carries both versions
    ├── Entangled                    later commits rest on the one to be undone; carries their numbers
    ├── Held                         a legal hold refuses an erasure; says where it stands
    ├── Locked                       the vault was asked for without its key, or with another one
    ├── Unavailable                  a mind, an extra or a file this needs is not there; says what to install
    ├── SpaceError                   the space itself: damaged, of a newer version, not writable, closed
    │   └── Superseded               vectors of a model the space has left behind; the front door makes them anew
    └── BudgetSpent                  a recipe asked more questions or tokens than its budget allows

Every message is a sentence that says what was asked, what is wrong and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class MnesisError(Exception):
    """The root: catch this to catch everything mnesis raises on purpose."""


class BadInput(MnesisError, ValueError):
    """What was asked cannot be done as written."""


class UnknownName(BadInput):
    """There is nothing of that name; `near` holds the closest names there are."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        self.near = tuple(near(name, self.known))
        if self.near:
            hint = f"did you mean {' or '.join(map(repr, self.near))}?"
        elif self.known:
            hint = f"there are: {', '.join(self.known[:20])}{' …' if len(self.known) > 20 else ''}."
        else:
            hint = "there are none here."
        super().__init__(f"There is no {what} named {name!r}; {hint}")


class Malformed(BadInput):
    """A record is not in the format it should be in; `where` names the file and line or record."""

    def __init__(self, where: str, problem: str) -> None:
        self.where = where
        self.problem = problem
        super().__init__(f"{where}: {problem}")


class Rejected(MnesisError):
    """A guard refused an event, and nothing of it was stored; `event` is that event, where it is known."""

    def __init__(self, message: str, event: Any = None) -> None:
        self.event = event
        super().__init__(message)


class NotFound(MnesisError, LookupError):
    """There is nothing under that id in this namespace."""


class Conflict(MnesisError):
    """The cube was revised by somebody else first; read it again and decide anew.

    `expected` and `found` are version numbers; `known` is the MemCube the caller knew and `standing` the one that
    stands, each None where it cannot be read (any more).
    """

    def __init__(self, message: str, *, expected: int, found: int, known: Any = None, standing: Any = None) -> None:
        self.expected = expected
        self.found = found
        self.known = known
        self.standing = standing
        super().__init__(message)


class Entangled(MnesisError):
    """A commit cannot be undone by itself; `commits` are the later ones that rest on it, newest first."""

    def __init__(self, message: str, commits: Iterable[int]) -> None:
        self.commits = tuple(commits)
        super().__init__(message)


class Held(MnesisError):
    """A legal hold stands on this namespace, so nothing there can be erased."""


class Locked(MnesisError):
    """The vault does not open with this key, or there is none."""


class Unavailable(MnesisError):
    """Something this needs is not installed or not reachable; the message says what to do."""


class SpaceError(MnesisError):
    """The space cannot be used as it is: damaged, newer than this mnesis, read-only or closed."""


class Superseded(SpaceError):
    """The vectors given were made with a model this space does not use any more."""


class BudgetSpent(MnesisError):
    """The question budget of this call is spent."""


def near(name: str, known: Iterable[str], n: int = 3) -> list[str]:
    """The known names closest to `name`, comparing whole addresses and their last parts.

    >>> near("recncy", ["text.rank.recency", "text.rank.weighted"])
    ['text.rank.recency']
    """
    names = list(known)
    whole = difflib.get_close_matches(name, names, n=n, cutoff=0.6)
    tails: dict[str, list[str]] = {}
    for each in names:
        tails.setdefault(each.rsplit(".", 1)[-1], []).append(each)
    tail = name.rsplit(".", 1)[-1]
    by_tail = [each for t in difflib.get_close_matches(tail, tails, n=n, cutoff=0.6) for each in tails[t]]
    return list(dict.fromkeys(whole + by_tail))[:n]
