"""Merge names of one person or thing, and take back merges that no longer hold.

Source: Fellegi and Sunter, A Theory for Record Linkage, 1969. doi 10.1080/01621459.1969.10501049
Needs: nothing
Cost: linear in the names of the namespace, the first time; then in new names
Differs: rules that hold or not, in place of weights; a pair is merged only where no other candidate fits.

"Dr Grey" is "Grey"; "R. Grey" is "Ruth Grey" while no other R. Grey is named; "Ruth" is "Ruth Grey" while she is a
person (she spoke, or bears a title) and no other Ruth is named. When a second one turns up, the merge is taken back.
Every merge is a link that says why and rests on the memory that brought the name (see `text.same`); cutting it undoes
it exactly, and names that were told apart stay so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from mnesis.store import View
from mnesis.text.graph import ENTITY
from mnesis.text.same import carriers, merge
from mnesis.text.tend import Tend
from mnesis.words import Change, Connect, Disconnect, Link

MADE_BY = "text.tend.same"
TITLES = frozenset(
    "dr mr mrs ms miss prof professor doctor sir lady lord captain uncle aunt judge father sister".split()
)
JOINING = frozenset("of de da do del di van von der den la le the and & in for on at".split())


def same() -> Tend:
    """Merge and take apart names by rules."""

    def tend(view: View, now: datetime) -> list[Change]:
        drawn = view.drawn()
        apart = {drawn.names[each] for each in drawn.tail[drawn.of_kind("apart")].tolist()}
        first = carriers(view)
        wanted: dict[str, Link] = {}
        for one, other, why in _pairs(first, _people(view, first)):
            link = merge(first[one], one, other, why, view.namespace, MADE_BY)
            if not any(each.startswith(link.tail.rpartition("|")[0] + "|") for each in apart):
                wanted.setdefault(link.tail, link)
        tails = sorted({drawn.names[each] for each in drawn.tail[drawn.of_kind("same")].tolist()})
        standing = {link.tail: link for link in view.linked(tails, ["same"]) if link.made_by == MADE_BY}
        over = [link for tail, link in standing.items() if tail not in wanted]
        return [*map(Disconnect, over), *(Connect(link) for tail, link in wanted.items() if tail not in standing)]

    return tend


def _people(view: View, names: Iterable[str]) -> set[str]:
    """The names that are a person's: they spoke, or somebody gave them a title."""
    drawn = view.drawn()
    spoke = {drawn.names[each].removeprefix(ENTITY) for each in drawn.tail[drawn.of_kind("said_by")].tolist()}
    titled = {" ".join(_bare(name)) for name in names if len(_bare(name)) < len(_words(name))}
    return spoke | titled


def _pairs(names: Iterable[str], people: set[str]) -> Iterator[tuple[str, str, str]]:
    """(the shorter name, the longer one, why), each pair once."""
    known = sorted(name for name in names if "|" not in name)
    short: dict[str, list[str]] = {}  # a word -> the names of several words that begin or end with it
    for name in known:
        words = _bare(name)
        if 1 < len(words) < 5 and not JOINING & set(words) and all(len(word) > 1 for word in words):
            for word in {words[0], words[-1]}:
                short.setdefault(word, []).append(name)
    for name in known:
        words, bare = _words(name), _bare(name)
        plain = " ".join(bare)
        if bare and len(bare) < len(words) and plain in names and plain != name:
            yield plain, name, "title"
        if len(bare) > 1 and len(bare[0]) == 1:
            fits = {" ".join(_bare(each)) for each in short.get(bare[-1], ()) if _fits(bare, _bare(each))}
            yield from _only(name, fits, names, "initial")
        if len(bare) == 1:
            fits = {" ".join(_bare(each)) for each in short.get(bare[0], ())}
            if plain in people or fits & people:
                yield from _only(name, fits, names, "part")


def _only(name: str, fits: set[str], names: Iterable[str], why: str) -> Iterator[tuple[str, str, str]]:
    """The pair, where one candidate alone fits."""
    whole = next(iter(fits)) if len(fits) == 1 else ""
    if whole and whole != name and whole in names:
        yield name, whole, why


def _fits(initials: list[str], words: list[str]) -> bool:
    return len(words) >= 2 and words[-1] == initials[-1] and words[0].startswith(initials[0])


def _words(name: str) -> list[str]:
    return [word.strip(".,") for word in name.replace(".", ". ").split() if word.strip(".,")]


def _bare(name: str) -> list[str]:
    """The words of a name without its titles.

    >>> _bare("prof. dr. ruth grey"), _bare("r. grey"), _bare("doctor")
    (['ruth', 'grey'], ['r', 'grey'], ['doctor'])
    """
    words = _words(name)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return words
