"""When two names are one: the links that say so, why, and how they are taken apart again.

A merge is a link from the memory that brought the name to ``same:<name>|<name>|<why>``; names as linkers write them.
Nothing else is changed by it, so cutting the link undoes it exactly, and erasing the memory erases the merge with it.
``apart`` links say that two names are not one, whatever the rules think.
"""

from __future__ import annotations

from mnesis.store import View
from mnesis.text.graph import ENTITY, SAME
from mnesis.words import Change, Connect, Disconnect, Link

WHY = {
    "title": "{one} is {other} without a title",
    "initial": "{one} has the initials of {other}, and nobody else here has",
    "part": "{one} is a part of the name {other}, and of nobody else's here",
    "alias": "a memory says that {one} is also called {other}",
    "speaker": "who spoke as {one} said that it is {other}",
    "told": "somebody said so",
}


def merge(cube: str, one: str, other: str, why: str, namespace: str, made_by: str) -> Link:
    """The link that says that two names are one; `cube` is the memory that it rests on."""
    first, second = sorted((one.replace("|", "/"), other.replace("|", "/")))
    return Link(cube, f"{SAME}{first}|{second}|{why}", "same", 1.0, namespace, made_by=made_by)


def because(link: Link) -> str:
    """Why two names were merged, as a sentence.

    >>> because(merge("c1", "dr grey", "grey", "title", "default", "text.tend.same"))
    '“grey” is “dr grey” without a title (found with c1).'
    """
    one, other, why, *_ = [*link.tail.removeprefix(SAME).split("|"), "", "told"]
    short, long = sorted((one, other), key=len)
    return WHY.get(why, WHY["told"]).format(one=f"“{short}”", other=f"“{long}”") + f" (found with {link.head})."


def merges(view: View, name: str) -> list[Link]:
    """The merges that a name takes part in, each of which `because` explains."""
    drawn = view.drawn()
    tails = {drawn.names[each] for each in drawn.tail[drawn.of_kind("same")].tolist()}
    wanted = [tail for tail in tails if name in tail.removeprefix(SAME).split("|")[:2]]
    return view.linked(sorted(wanted), ["same"])


def separate(view: View, one: str, other: str) -> list[Change]:
    """The changes that take a merge apart for good: the links are cut, and the rules may not draw them again."""
    pair = {one, other}
    found = [link for link in merges(view, one) if pair == set(link.tail.removeprefix(SAME).split("|")[:2])]
    apart = dict.fromkeys(
        Link(each.head, each.tail, "apart", 1.0, each.namespace, made_by=each.made_by) for each in found
    )
    return [*map(Disconnect, found), *map(Connect, apart)]


def carriers(view: View) -> dict[str, str]:
    """The first memory that names each entity, by the entity's name."""
    drawn = view.drawn()
    named = drawn.of_kind("mentions", "said_by")
    out: dict[str, str] = {}
    for head, tail in zip(drawn.head[named].tolist(), drawn.tail[named].tolist(), strict=True):
        name = drawn.names[tail]
        if name.startswith(ENTITY):
            out.setdefault(name.removeprefix(ENTITY), drawn.names[head])
    return out


__all__ = ["because", "carriers", "merge", "merges", "separate"]
