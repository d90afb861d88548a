"""Let everything that stood at a commit, or at a moment, stand again.

History is not rewritten: the way back is one more commit in every namespace concerned, so it can be undone too. With
--namespace only that one goes back. What was erased since stays erased, and is named.

Example:
    mnesis remember "I moved to Porto." --speaker Ana
    mnesis rollback 1
"""

from __future__ import annotations

import click

from mnesis.commands._print import put_json, put_table, say
from mnesis.commands._verb import Where, commit_or_moment, on_space, verb
from mnesis.errors import BadInput
from mnesis.words import Rewound, as_dict


@verb("rollback", __doc__)
@click.argument("to", metavar="COMMIT|WHEN")
@on_space
def rollback(where: Where, to: str) -> None:
    target = commit_or_moment(to)
    if not target and target != 0:
        raise BadInput("Name the commit to go back to, or a moment as ISO 8601; mnesis history lists the commits.")
    with where.open() as space:
        tell(where, space.rollback(target, namespace=where.only))


def tell(where: Where, done: Rewound) -> None:
    """What a rollback or an undo did."""
    if where.json:
        put_json({"to": done.to, **as_dict(done)})
        return
    rows = [
        ("stands again as at commit", done.to),
        ("new commits", ", ".join(map(str, done.commits)) or "none: nothing had changed"),
        ("restored", len(done.restored)),
        ("retired", len(done.retired)),
        ("links drawn or cut", done.links),
    ]
    put_table(("", ""), rows)
    if done.erased:
        say(f"{len(done.erased)} erased since stay erased: {', '.join(done.erased)}")
