"""See mnesis at work on two sample conversations: import, ask, explain, revise, forget, erase, go back in time.

It works offline and leaves nothing behind, unless --keep names a file to keep the space in.

Example:
    mnesis demo --embedder none
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from importlib import resources
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

import mnesis
from mnesis.commands._print import day, reasons, render, table
from mnesis.commands._verb import verb
from mnesis.errors import BadInput
from mnesis.words import Hit, MemCube, Receipt, as_dict

if TYPE_CHECKING:
    from mnesis.memory import Space

FRIENDS = "ana_and_tom"
FILES = {FRIENDS: "ana_and_tom.txt", "assistant": "assistant.jsonl"}
ASKED = ("q2", "q3", "q10", "q9", "q12")  # a fact, a date, a change of mind, two alike names, two memories
SHOWN = 3
LONGEST = 200
NOW = "2026-06-21"  # the day after the last line of the samples


@verb("demo", __doc__)
@click.option("--embedder", default=None, help="none, static, local … (default: $MNESIS_EMBEDDER or static).")
@click.option("--keep", default=None, metavar="PATH", help="Keep the space in this new file.")
def demo(embedder: str | None, keep: str | None) -> None:
    if keep is not None and Path(keep).exists():
        raise BadInput(f"{keep} is there already; name a file that is not, so that the demo does not write into it.")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="mnesis-demo-") as folder:
        path = keep or str(Path(folder) / "demo.mnesis")
        space = mnesis.open(path, **({} if embedder is None else {"embedder": embedder}))
        try:
            bring_in(space)
            recalls = ask(space)
            revise(space)
            forget(space)
            erase(space)
            look_back(space)
            go_back(space)
            healthy = space.verify().ok
        finally:
            space.close()
        size = Path(path).stat().st_size / 1e6
    title("In all")
    render(
        f"{time.perf_counter() - started:.1f} s; a recall took {statistics.median(recalls) * 1000:.1f} ms (median, "
        f"embedding included). The space takes {size:.1f} MB; verify finds it {'well' if healthy else 'DAMAGED'}."
    )
    what_next(keep)


def title(text: str) -> None:
    """Announce a step."""
    render("", f"[bold]{escape(text)}[/bold]")


def bring_in(space: Space) -> None:
    """Import the sample conversations, each into a namespace of its own."""
    from mnesis.importing import import_file

    title("1. Import two conversations")
    rows = []
    for namespace, name in FILES.items():
        with resources.as_file(resources.files("mnesis.samples") / name) as path:
            report = import_file(space, path, namespace=namespace)
        rows.append((name, report.format, report.events, report.added, f"{report.seconds:.2f} s"))
    render(table(("file", "format", "events", "memories", "time"), rows, right=("events", "memories", "time")))


def ask(space: Space) -> list[float]:
    """Ask the sample questions and show what comes, and why; returns how long each recall took."""
    title("2. Ask five questions")
    seconds = []
    for asked in questions():
        start = time.perf_counter()
        hits = space.recall(asked["question"], namespace=Path(asked["file"]).stem, k=SHOWN, now=NOW)
        seconds.append(time.perf_counter() - start)
        render("", f"[bold cyan]{escape(asked['question'])}[/bold cyan]  [dim]{escape(asked['answer'])}[/dim]")
        show_hits(hits, asked["evidence"])
    return seconds


def questions() -> list[dict[str, Any]]:
    """Five of the sample questions, each with its answer and the lines that hold it."""
    text = (resources.files("mnesis.samples") / "questions.json").read_text(encoding="utf-8")
    return [each for each in json.loads(text) if each["id"] in ASKED]


def show_hits(hits: Sequence[Hit], evidence: Collection[str] = ()) -> None:
    """The hits of one question with the reasons for each; a tick where a hit holds the answer."""
    rows = (
        (
            "✓" if set(hit.sources) & set(evidence) else "",
            f"{hit.score:.2f}",
            day(hit.cube.at),
            hit.cube.speaker,
            shorten(hit.text, LONGEST, placeholder=" …"),
            reasons(hit.why, most=3),
        )
        for hit in hits
    )
    render(table(("", "score", "when", "who", "memory", "why"), rows, right=("score",)))


def revise(space: Space) -> None:
    """Correct a memory and look at its history."""
    title("3. Revise a memory")
    question, wrong, right = "When does Tom's train arrive in Lisbon?", "17:42", "18:42"
    cube = holding(space, question, wrong)
    space.revise(cube.id, cube.text.replace(wrong, right), expected_version=cube.version)
    render(f"The train comes at {right}. Every version stays:")
    rows = (
        (each.version, each.text, "" if each.known_to is None else "believed until now")
        for each in space.history(cube.id)
    )
    render(table(("version", "text", ""), rows, right=("version",)))


def forget(space: Space) -> None:
    """Forget a memory and ask for it again."""
    title("4. Forget a memory")
    question, told = "What happened to Ana's bicycle?", "bicycle was stolen"
    cube = holding(space, question, told)
    render("Before:")
    show_hits(space.recall(question, namespace=FRIENDS, k=1, now=NOW))
    space.forget(cube.id)
    after = space.recall(question, namespace=FRIENDS, k=50, now=NOW)
    gone = all(hit.cube.id != cube.id for hit in after)
    render("After:")
    show_hits(after[:1])
    render(f"The memory {'does not come any more' if gone else 'STILL COMES'}; it stays in its history.")


def erase(space: Space) -> None:
    """Remove a memory for good and show the receipt."""
    title("5. Erase a memory")
    cube = holding(space, "What did the doctor say about Tom's stomach?", "My stomach")
    receipt = space.forget(cube.id, namespace=FRIENDS, erase=True)
    if isinstance(receipt, Receipt):
        render(f"[dim]{escape(shorten(cube.text, LONGEST, placeholder=' …'))}[/dim] is gone. The receipt:")
        rows = [(name, shorten(str(value), LONGEST)) for name, value in as_dict(receipt).items()]
        render(table(("receipt", ""), rows))


def look_back(space: Space) -> None:
    """Ask as of an earlier commit."""
    title("6. Ask what was known then")
    question = "When does Tom's train arrive in Lisbon?"
    for as_of, told in ((None, "Now"), (len(FILES), f"As of commit {len(FILES)}, before anything was revised")):
        render(f"{told}:")
        show_hits(space.recall(question, namespace=FRIENDS, k=1, as_of=as_of, now=NOW))


def go_back(space: Space) -> None:
    """Let everything stand as it did after the import, but for what was erased."""
    title("7. Roll back")
    done = space.rollback(len(FILES))
    render(
        f"Commit {', '.join(map(str, done.commits))} lets {len(done.restored)} memories stand as they did at commit "
        f"{done.to}. What was erased stays erased ({len(done.erased)})."
    )
    show_hits(space.recall("What happened to Ana's bicycle?", namespace=FRIENDS, k=1, now=NOW))
    rows = ((each.seq, each.namespace, each.author, each.reason) for each in space.journal())
    render("Nothing was rewritten, the journal only grew:", table(("commit", "namespace", "who", "why"), rows))


def holding(space: Space, question: str, words: str) -> MemCube:
    """The first memory found for a question that holds these words."""
    hits: Iterable[Hit] = space.recall(question, namespace=FRIENDS, k=50, now=NOW)
    return next(hit.cube for hit in hits if words in hit.text)


def what_next(keep: str | None) -> None:
    """Where to go from here."""
    title("What next")
    where = f" --space {keep} --namespace {FRIENDS}" if keep else ""
    rows = [
        (f"mnesis recall 'What is Pipoca allergic to?'{where}", "ask again")
        if keep
        else ("mnesis demo --keep demo.mnesis", "keep the space and ask it more"),
        ("mnesis remember 'I moved to Lisbon.' --speaker Ana", "begin a space of your own"),
        ("mnesis import conversations.json", "bring in what you have"),
        ("mnesis catalog", "every mechanism and its source"),
        ("docs/quickstart.md", "the same from Python"),
    ]
    render(table(("", ""), rows))
