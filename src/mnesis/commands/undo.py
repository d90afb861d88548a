"""Take back what one commit did, where nothing that stands rests on it.

Where something does (a later version, a link, a memory made from it) nothing is changed, and the commits to undo first
are named. mnesis history lists the commits.

Example:
    mnesis remember "I moved to Porto." --speaker Ana
    mnesis undo 2
"""

from __future__ import annotations

import click

from mnesis.commands._verb import Where, on_space, verb
from mnesis.commands.rollback import tell


@verb("undo", __doc__)
@click.argument("commit", type=int)
@on_space
def undo(where: Where, commit: int) -> None:
    with where.open() as space:
        tell(where, space.undo(commit))
