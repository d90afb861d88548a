"""How fast memories made of layers are: tokens a second, and how their cost grows with the length.

    mnesis bench pace                       every recipe;  pace:width=64,length=1024,longest=32768 for other sizes

One line a recipe goes to ``<results>/pace.jsonl``:

    forward     tokens a second read, without gradients
    both        tokens a second with gradients of every parameter
    stepwise    tokens a second when they come one at a time, which is the plain recurrence
    exponent    of the time to read one sequence, from 1,024 tokens to the longest one: 1 is linear, 2 the square
    longest     the longest sequence read; one that would take more than 20 seconds is not tried

Where flash-linear-attention or titans-pytorch is installed, their plain PyTorch forms are measured in the same run on
the same vectors beside ours, one line each. Rates are of this machine: only ratios within one run mean anything. A run
that is stopped is taken up where it stopped, as long as the code of memories is the same.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

from mnesis import catalog
from mnesis.bench.neural import PARTIAL, SLOT, Finished, fingerprint
from mnesis.bench.record import Progress, Record, append, circumstances
from mnesis.errors import BadInput, Unavailable

SHORTEST = 1_024
HEADS, BATCH, STEPS = 2, 2, 64


def pace(
    width: int = 64,
    length: int = 1_024,
    longest: int = 32_768,
    recipes: tuple[str, ...] = (),
    *,
    results: Path = Path("results"),
    progress: Progress | None = None,
) -> list[Record]:
    """Measure these recipes (all, where none is named) and the peers at hand; lines go to ``<results>/pace.jsonl``."""
    if width < 8 or width % (2 * HEADS) or length < 64 or length % 64 or longest < SHORTEST:
        raise BadInput(
            f"width={width} must be a multiple of {2 * HEADS}, length={length} of 64, and longest={longest} at least "
            f"{SHORTEST}."
        )
    try:
        from mnesis.neural.pace import threads
    except ModuleNotFoundError as err:
        raise Unavailable("Memory made of layers needs torch; install it with: pip install 'mnesis[torch]'") from err
    sizes = f"{width}-{length}-{longest}"
    finished = Finished(results / PARTIAL / f"pace-{sizes}-{fingerprint()}.jsonl", resume=True)
    addresses = [catalog.find(each, SLOT) for each in recipes] or list(catalog.names(SLOT))
    lines = []
    for done, address in enumerate(addresses):
        if progress:
            progress(f"pace · {address.rpartition('.')[2]}", done, len(addresses) + 1)
        lines.append(finished.get(address, partial(of_recipe, address, width, length, longest)))
    if progress:
        progress("pace · peers", len(addresses), len(addresses) + 1)
    if not recipes:
        lines += of_peers(width, length)
    same = {"width": width, "length": length, "threads": threads(), **circumstances()}
    lines = [{"task": "pace", **line, **same} for line in lines]
    for line in lines:
        append(results / "pace.jsonl", line)
    finished.path.unlink(missing_ok=True)
    return lines


def of_recipe(address: str, width: int, length: int, longest: int) -> Record:
    """The line of one recipe."""
    from mnesis.neural.pace import growth
    from mnesis.neural.pace import pace as measured

    found = measured(address, width, HEADS, BATCH, length, STEPS)
    lengths = [SHORTEST << n for n in range((longest // SHORTEST).bit_length())]
    grown = growth(address, width, HEADS, lengths)
    metrics = {name: {"value": round(value, 1)} for name, value in asdict(found).items()}
    metrics["exponent"] = {"value": round(grown.exponent, 3)}
    metrics["longest"] = {"value": float(grown.lengths[-1])}
    return {"recipe": address, "embedder": "", "metrics": metrics, "seconds": [round(s, 4) for s in grown.seconds]}


def of_peers(width: int, length: int) -> list[Record]:
    """One line a peer that is installed, with the pace of ours beside it."""
    from mnesis.neural.pace import peers

    lines = []
    for each in peers(HEADS, width // HEADS, BATCH, length, STEPS):
        metrics = {name: {"value": round(value, 1)} for name, value in asdict(each.theirs).items()}
        mine = {name: {"value": round(value, 1)} for name, value in asdict(each.mine).items()}
        metrics |= {} if each.apart != each.apart else {"apart": {"value": each.apart}}
        lines.append(
            {"recipe": each.name, "embedder": "", "metrics": metrics, "ours": each.ours, "references": {"ours": mine}}
        )
    return lines
