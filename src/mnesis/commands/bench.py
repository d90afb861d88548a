"""Measure recipes on benchmark data and append one line a run to the results folder.

Every line says what was run: recipe, embedder, commit, machine, versions, and reference rows measured beside it. A
run that was stopped is taken up where it stopped. A task's options follow a colon (beam:size=500K); --list names the
tasks. The data is not part of mnesis: `mnesis show bench.tasks.locomo` says where it is published, and --data sample
tries the path out on a few questions of our own. Some tasks need no data: speed measures rates, latencies and sizes,
crash kills a writing process a thousand times and looks the space through, promises measures what is lost and half
seen among many readers and writers, tending times `tend` as memories come in, capacity fills associative memories,
pace times memory made of layers, stories trains networks on questions about stories, and neural trains memory made of
layers (--recipe names some, all are the default) on sequences it makes up. graphcost builds graphs without a model;
forgetting lives through locomo and forgets, in several ways.

--recipe all puts every recipe beside verbatim: what it finds, what its contexts take, what writing costs, what it
leaves on disk, on a sample of each task (--cases). With --mind and --questions recipes may ask a language model.

Example:
    mnesis bench locomo --data sample --embedder none
    mnesis bench locomo beam --recipe all --data sample --embedder none
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import click

from mnesis import catalog, settings
from mnesis.commands._print import counter_bar, put_json, put_table, render, table
from mnesis.commands._verb import json_option, verb, wants_json
from mnesis.errors import BadInput

SLOT = "bench.tasks"
Metrics = Mapping[str, Mapping[str, float]]


@verb("bench", __doc__)
@click.argument("tasks", nargs=-1)
@click.option("--list", "listing", is_flag=True, help="Name the tasks and what they measure.")
@click.option("--data", default=settings.data, metavar="PATH", show_default="$MNESIS_DATA", help="Where the data lies.")
@click.option("--recipe", default="default", show_default=True, help="One or several, with commas.")
@click.option(
    "--embedder", default=settings.embedder, show_default="$MNESIS_EMBEDDER or static", help="none, static, local …"
)
@click.option("-k", "--k", type=int, default=None, help="How many hits are asked for (default: the task's own).")
@click.option("--results", default="results", show_default=True, metavar="FOLDER", help="Where the line is appended.")
@click.option("--beside", is_flag=True, help="Put the recipes named beside verbatim, as --recipe all does.")
@click.option("--cases", type=int, default=None, help="How many cases a recipe is put to beside others (0: all).")
@click.option("--mind", default=None, help="Who answers what recipes ask; see docs/questions.md.")
@click.option("--questions", default=0, show_default=True, help="How many questions one call may ask.")
@click.option("--preset", default="cpu", show_default=True, help="How large the runs of the task neural are.")
@click.option("--again", is_flag=True, help="Start anew instead of taking up a run that was stopped.")
@json_option
def bench(
    tasks: tuple[str, ...],
    listing: bool,
    data: str,
    recipe: str,
    embedder: str,
    k: int | None,
    results: str,
    beside: bool,
    cases: int | None,
    mind: str | None,
    questions: int,
    preset: str,
    again: bool,
    json: bool,
) -> None:
    if listing:
        list_tasks(wants_json(json))
        return
    if not tasks:
        raise BadInput("Name at least one task; mnesis bench --list names them all.")
    if "neural" in tasks:
        if len(tasks) > 1:
            raise BadInput("The task neural runs by itself; leave the others out, or run them before or after it.")
        put_memories(measure_memories(preset, recipe, results, again), wants_json(json))
        return
    if beside or recipe == "all":
        asked = {"mind": mind, "questions": questions, "cases": cases}
        put_beside(
            measure_beside(
                tasks, data=data, recipe=recipe, embedder=embedder, results=results, resume=not again, **asked
            ),
            wants_json(json),
        )
        return
    if mind is not None or questions or cases is not None:
        raise BadInput("--mind, --questions and --cases go with recipes beside each other: --recipe all, or --beside.")
    lines = measure(tasks, data=data, recipe=recipe, embedder=embedder, k=k, results=results, resume=not again)
    if wants_json(json):
        put_json(lines)
        return
    for line in lines:
        rows = [row(line["recipe"], line["metrics"])]
        rows += [row(name, metrics) for name, metrics in line.get("references", {}).items()]
        render(
            table((f"{line['task']} · {line['embedder']}", *line["metrics"]), rows, right=tuple(line["metrics"])), ""
        )


def measure(tasks: Sequence[str], **options: Any) -> list[dict[str, Any]]:
    """Run the tasks under a progress bar."""
    from mnesis.bench.run import run

    with counter_bar() as bar:
        bars: dict[str, Any] = {}

        def progress(label: str, done: int, total: int) -> None:
            what = label.rpartition(" · ")[0] or label  # one bar a recipe, not one a case
            if what not in bars:
                bars[what] = bar.add_task(what, total=total)
            bar.update(bars[what], completed=done)

        return run(tasks, progress=progress, **options)


def measure_beside(tasks: Sequence[str], **options: Any) -> list[dict[str, Any]]:
    """Put recipes beside each other under a progress bar."""
    from mnesis.bench.compared import compare

    with counter_bar() as bar:
        shown = bar.add_task("recipes", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(shown, description=what, completed=done, total=total)

        return compare(tasks, progress=progress, **options)


def put_beside(lines: Sequence[Mapping[str, Any]], json: bool) -> None:
    """One table a benchmark, what finds most first."""
    if json:
        put_json(list(lines))
        return
    for task in dict.fromkeys(line["benchmark"] for line in lines):
        mine = [line for line in lines if line["benchmark"] == task]
        head = mine[0]["headline"]
        columns = (head, "against", "evidence", "tokens", "write_times", "tend_ms", "bytes_times")
        rows = [
            [line["recipe"], *(number(line["metrics"][name]) for name in columns)]
            for line in sorted(mine, key=lambda line: -line["metrics"][head]["value"])
        ]
        render(table((f"{task} · {mine[0]['embedder']}", *columns), rows, right=columns), "")


def measure_memories(preset: str, recipe: str, results: str, again: bool) -> list[dict[str, Any]]:
    """Train and ask memories made of layers under a progress bar."""
    from mnesis.bench.neural import neural

    wanted = [] if recipe == "default" else [each.strip() for each in recipe.split(",")]
    with counter_bar() as bar:
        shown = bar.add_task("neural", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(shown, description=what, completed=done, total=total)

        return neural(preset, wanted, results, not again, progress, jobs=os.cpu_count() or 1)


def put_memories(lines: Sequence[Mapping[str, Any]], json: bool) -> None:
    """One row a memory, smallest state first: bytes, and the accuracy on every drill."""
    if json:
        put_json(list(lines))
        return
    drills = list(dict.fromkeys(line["drill"] for line in lines))
    found = {(line["memory"], line["drill"]): line for line in lines}
    size = {line["memory"]: line["state_bytes"] for line in reversed(lines)}
    rows = [
        [
            each.rpartition(".")[2],
            f"{size[each]:,}",
            *(number(found[each, one]["metrics"]["accuracy"]) for one in drills),
        ]
        for each in sorted(size, key=size.__getitem__)
    ]
    render(table(("memory", "state bytes", *drills), rows, right=("state bytes", *drills)), "")


def row(name: str, metrics: Metrics) -> list[str]:
    """One line of the table a person sees: every measure with its interval."""
    return [name, *(number(metric) for metric in metrics.values())]


def number(metric: Mapping[str, float]) -> str:
    """A value and, where it has one, its interval."""
    span = f" ({metric['low']:.3f}–{metric['high']:.3f})" if "low" in metric and "high" in metric else ""
    return f"{metric['value']:.3f}{span}"


def list_tasks(json: bool) -> None:
    """The tasks there are, by name."""
    cards = [catalog.card(address) for address in catalog.names(SLOT)]
    rows = [(card.address.removeprefix(f"{SLOT}."), card.sentence, card.source) for card in cards]
    if json:
        put_json([dict(zip(("task", "sentence", "source"), each, strict=True)) for each in rows])
    else:
        put_table(("task", "what it measures", "source"), rows)
