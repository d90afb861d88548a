"""Write every generated page of docs/, the numbers in README.md and the list of pages in mkdocs.yml.

`--check` writes nothing and says which of them are stale. What a page shows comes from the code (cards, signatures,
help texts) or from results/*.jsonl; nothing countable is typed by hand.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

import mnesis
from mnesis import catalog, errors, words
from mnesis.bench import measure
from mnesis.bench.capacity import figure
from mnesis.bench.claims import verdicts
from mnesis.bench.forgetting import figure as forgotten
from mnesis.bench.scatter import scatter
from mnesis.commands.main import main as command_line
from mnesis.commands.main import verbs

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).parent
WRITTEN = "<!-- Written by scripts/docs.py; run make docs instead of editing it. -->\n\n"
TIERS = ("none", "static", "local")
PACE = "pace"
STORIES = "stories"  # networks on questions about stories
# On the results page, not in the README's table.
NOT_RETRIEVAL = ("speed", "crash", "promises", "capacity", "graphcost", "peers", "forgetting", "tending")
BESIDE = "recipes"  # recipes put beside verbatim, with a section of their own
NEURAL = "neural"  # memories made of layers: lines of another kind, with a section of their own

Record = Mapping[str, Any]


# ------------------------------------------------------------------------------------------------------- markdown


def cell(text: object) -> str:
    """A value inside one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def markdown_table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; cells that are already HTML are passed as `Html`."""
    columns = list(columns)
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += [
        "| " + " | ".join(str(each) if isinstance(each, Html) else cell(each) for each in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


class Html(str):
    """Text that goes into a page as it is."""

    __slots__ = ()


# ---------------------------------------------------------------------------------------------------------- pages


def cli_page() -> str:
    """Every verb: what its --help says, laid out as a page."""
    parts = [f"# Command line\n\n{_paragraphs(command_line.help or '')}\n"]
    for name in verbs():
        command = command_line.get_command(click.Context(command_line), name)
        if command is not None:
            parts.append(_verb(name, command))
    return "".join(parts)


def _verb(name: str, command: click.Command) -> str:
    """One verb; from its parameters, not from click's layout, which changes between releases."""
    words_after = [_argument(each) for each in command.params if isinstance(each, click.Argument)]
    usage = " ".join(["mnesis", name, *words_after, "[OPTIONS]"])
    options = [each for each in command.params if isinstance(each, click.Option)]
    rows = [
        (Html(f"`{' '.join(filter(None, (', '.join(each.opts), each.metavar)))}`"), each.help or "", _default(each))
        for each in options
    ]
    example = textwrap.dedent((command.epilog or "").partition("Example:\n")[2]).strip()
    return (
        f"\n## mnesis {name}\n\n```text\n{usage}\n```\n\n{_paragraphs(command.help or '')}\n\n"
        f"{markdown_table(('option', 'what it does', 'default'), rows)}\n```sh\n{example}\n```\n"
    )


def _argument(argument: click.Argument) -> str:
    name = (argument.metavar or argument.name or "").upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _default(option: click.Option) -> str:
    shown = option.show_default if isinstance(option.show_default, str) else option.default
    return "" if shown is False or not isinstance(shown, (str, int)) else str(shown)


def _paragraphs(text: str) -> str:
    return inspect.cleandoc(text).strip()


def api_page() -> str:
    """The front door: its verbs, the words it takes and gives, and what it can raise."""
    from mnesis.memory import Space

    parts = ["# The front door\n\n", _function("mnesis.open", mnesis.open), "\n## Space\n\n", _prose(Space)]
    for name, member in vars(Space).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            parts.append(f"\n### space.{name}\n\n{inspect.getdoc(member) or ''}\n")
        elif inspect.isfunction(member):
            parts.append("\n" + _function(f"space.{name}", member))
    parts.append("\n## The words\n")
    for name in mnesis.__all__:
        if inspect.isclass(word := getattr(words, name, None)):
            parts += [f"\n### {name}\n\n", _prose(word), "\n", _fields(word)]
    tree = inspect.getdoc(errors) or ""
    parts.append(f"\n## What can be raised\n\n```text\n{_block(tree)}\n```\n")
    return "".join(parts)


def _function(name: str, function: Any) -> str:
    signature = inspect.signature(function)
    shown: list[str] = []
    for each in signature.parameters.values():
        if each.name == "self":
            continue
        if each.kind is inspect.Parameter.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        shown.append(_parameter(each))
    gives = signature.return_annotation
    returned = "" if gives is inspect.Signature.empty else f" -> {gives}"
    text = f"{name}({', '.join(shown)}){returned}"
    if len(text) > 96:
        text = f"{name}(\n" + "".join(f"    {each},\n" for each in shown) + f"){returned}"
    return f"### {name}\n\n```python\n{text}\n```\n\n{_markdown(inspect.getdoc(function) or '')}\n"


def _parameter(parameter: inspect.Parameter) -> str:
    """One parameter; by its parts, because annotations are texts here and would be printed in quotes."""
    stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
    kind = "" if parameter.annotation is inspect.Parameter.empty else f": {parameter.annotation}"
    default = parameter.default
    if default is inspect.Parameter.empty:
        return f"{stars}{parameter.name}{kind}"
    shown = default.__name__ if inspect.isfunction(default) else repr(default)
    return f"{parameter.name}{kind} = {shown}"


def _prose(value: Any) -> str:
    return _markdown(inspect.getdoc(value) or "") + "\n"


def _fields(word: type) -> str:
    shown = list(getattr(word, "__dataclass_fields__", {}))
    return f"Fields: {', '.join(f'`{name}`' for name in shown)}.\n" if shown else ""


def _markdown(doc: str) -> str:
    """A docstring as Markdown: ``literal`` to `literal`, examples as code blocks."""
    doc = re.sub(r"``([^`]+)``", r"`\1`", doc)
    out: list[str] = []
    inside = False
    for line in doc.splitlines():
        if line.lstrip().startswith(">>>") and not inside:
            out += ([""] if out and out[-1] else []) + ["```python"]
            inside = True
        elif inside and not line.strip():
            out.append("```")
            inside = False
        out.append(line.strip() if inside else line)
    return "\n".join([*out, *(["```"] if inside else [])])


def _block(doc: str) -> str:
    """The first indented block of a docstring, as it was drawn."""
    lines = [line for line in doc.splitlines() if line.startswith("    ")]
    return "\n".join(line[4:] for line in lines)


def mechanism_pages() -> Iterator[tuple[str, str]]:
    """One page a slot and one that lists the slots."""
    rows = []
    for slot in catalog.slots():
        head, _, rest = _slot_doc(slot).removeprefix("Slot:").strip().partition("\n")
        addresses = catalog.names(slot)
        rows.append((Html(f"[{slot}]({slot}.md)"), head, len(addresses)))
        yield f"docs/mechanisms/{slot}.md", _slot_page(slot, head, rest.strip(), addresses)
    table = markdown_table(("slot", "what goes in and comes out", "mechanisms"), rows)
    yield "docs/mechanisms/index.md", f"# Mechanisms\n\nA slot is a folder, a mechanism a file in it.\n\n{table}"


def _slot_doc(slot: str) -> str:
    import ast

    path = catalog.ROOT / slot.replace(".", "/") / "__init__.py"
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def _slot_page(slot: str, head: str, rest: str, addresses: Iterable[str]) -> str:
    cards = [catalog.card(address) for address in addresses]
    rows = [
        (Html(f"[{each.address}](#{_anchor(each.address)})"), each.sentence, each.needs, each.cost) for each in cards
    ]
    parts = [f"# {slot}\n\n{_capital(head)}\n\n{_markdown(rest)}\n\n"]
    parts.append(
        markdown_table(("address", "what it does", "needs", "cost"), rows) if rows else "There are none yet.\n"
    )
    for each in cards:
        parts.append(f"\n## {each.address} {{: #{_anchor(each.address)} }}\n\n{each.sentence}\n\n")
        for name in catalog.FIELDS:
            if value := getattr(each, name.lower()):
                parts.append(f"- **{name}**: {value}\n")
        parts.append(f"\n{_markdown(each.about)}\n" if each.about else "")
    return "".join(parts)


def _anchor(address: str) -> str:
    return address.rpartition(".")[2]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -------------------------------------------------------------------------------------------------------- results


def results() -> list[Record]:
    """The newest line of every task, recipe and embedder."""
    newest: dict[tuple[str, str, str], Record] = {}
    for path in sorted((ROOT / "results").glob("*.jsonl")):
        if path.stem in (NEURAL, PACE, BESIDE, STORIES):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            key = (record["task"], record["recipe"], record["embedder"])
            if key not in newest or record["when"] >= newest[key]["when"]:
                newest[key] = record
    return [newest[key] for key in sorted(newest)]


def results_page() -> str:
    """Every task's numbers with their intervals, and every target met or missed."""
    found = results()
    parts = [
        "# Results\n\nEvery number is the newest line of its kind in `results/`; intervals are 95 % bootstrap.\n\n"
    ]
    if not found:
        parts.append("No run has been recorded yet; `make bench` records one.\n")
        return "".join([*parts, *recipes_section(), *neural_section(), *pace_section()])
    parts += ["## Targets\n\nFor the default recipe.\n\n", _target_table(found)]
    for task in dict.fromkeys(each["task"] for each in found):
        parts.append(f"\n## {task}\n")
        for embedder in dict.fromkeys(each["embedder"] for each in found if each["task"] == task):
            runs = [each for each in found if (each["task"], each["embedder"]) == (task, embedder)]
            parts.append(_task_tables(embedder, runs))
    return "".join([*parts, *recipes_section(), *neural_section(), *pace_section()])


def trained_memories(preset: str = "cpu") -> list[Record]:
    """The newest line of every memory and drill of a preset."""
    path = ROOT / "results" / f"{NEURAL}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return list({(each["drill"], each["memory"]): each for each in lines if each["preset"] == preset}.values())


def recipes_section() -> Iterator[str]:
    """For every benchmark a table of recipes beside verbatim, and in words which gain and which do not."""
    path = ROOT / "results" / f"{BESIDE}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    runs: dict[tuple[str, str, str, int], dict[str, Record]] = {}
    for each in lines:
        key = (each["benchmark"], each["embedder"], each["mind"], each["questions"])
        runs.setdefault(key, {})[each["recipe"]] = each
    for (task, embedder, mind, asked), newest in sorted(runs.items()):
        one = next(iter(newest.values()))
        head = one["headline"]
        who = f"{mind}, {asked} questions a call" if asked else "no language model"
        yield f"\n## Recipes beside verbatim: {task}, {embedder}, {who}\n\n"
        yield f"{one['cases']} cases, {one['events']:,} events, {one['n']:,} questions, told session by session and "
        yield f"tended once at the end. {head} with its difference to `verbatim` on the same questions and 95 % of it; "
        yield f"then the share of the gold in a context of {one['budget']:,} tokens, and the tokens it takes; writing "
        yield "and tending in milliseconds of the processor for each event, embedding apart; bytes and standing "
        yield "memories on disk for each. Recipes that look and rank as `default` does owe most of their gain to that, "
        yield "not to what their paper adds, so hold them against `default` too. "
        yield f"Commit {one['commit'][:10]}, {one['when'][:10]}.\n\n"
        rows = sorted(newest.values(), key=lambda each: (-each["metrics"][each["headline"]]["value"], each["recipe"]))
        columns = ("in context", "tokens", "write", "× verbatim", "tend", "bytes", "memories")
        yield markdown_table(("recipe", head, "less verbatim's", *columns), map(_beside, rows))
        yield "\n" + _verdicts([each for each in rows if each["recipe"] != "verbatim"], asked)


def _beside(line: Record) -> list[str]:
    metrics = line["metrics"]
    found = {name: each["value"] for name, each in metrics.items()}
    gap = metrics["against"]
    apart = f"{gap['value']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f})" if line["recipe"] != "verbatim" else ""
    shown = (f"{found['evidence']:.3f}", f"{found['tokens']:,.0f}", f"{found['write_ms']:.2f}")
    costs = (f"{found['write_times']:.1f}×", f"{found['tend_ms']:.2f}", f"{found['bytes']:,.0f}")
    return [f"`{line['recipe']}`", f"{found[line['headline']]:.3f}", apart, *shown, *costs, f"{found['cubes']:.2f}"]


def _verdicts(lines: Iterable[Record], asked: int) -> str:
    """Which recipes find more than verbatim, less, or neither, as far as so many questions can tell."""
    told: dict[str, list[str]] = {}
    for each in lines:
        gap = each["metrics"]["against"]
        way = "find more than" if gap["low"] > 0 else "find less than" if gap["high"] < 0 else "gain nothing on"
        told.setdefault(way, []).append(f"`{each['recipe']}`")
    how = "With" if asked else "Without"
    said = (f"{how} a language model {', '.join(names)} {way} `verbatim`." for way, names in told.items())
    return " ".join(said) + " Beyond these intervals nothing is claimed.\n"


def neural_section() -> Iterator[str]:
    """For every preset a table of memories made of layers, smallest state first: accuracy on each drill."""
    path = ROOT / "results" / f"{NEURAL}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    for preset in dict.fromkeys(each["preset"] for each in lines):
        newest = {(each["drill"], each["memory"]): each for each in lines if each["preset"] == preset}
        drills = list(dict.fromkeys(drill for drill, _ in newest))
        sizes = {memory: each["state_bytes"] for (_, memory), each in newest.items()}
        rows = [
            [memory.rpartition(".")[2], f"{sizes[memory]:,}", *(_drilled(newest.get((d, memory))) for d in drills)]
            for memory in sorted(sizes, key=lambda each: (sizes[each], each))
        ]
        one = next(iter(newest.values()))
        yield f"\n## neural, {preset}\n\nAccuracy of what was asked; in brackets 95 % over sequences, then the share "
        yield f"of stale answers where a drill has them. {one['layers']} layers of width {one['width']}, "
        yield f"{one['steps']:,} batches of {one['batch']}; commit {one['commit'][:10]}, {one['when'][:10]}.\n\n"
        yield markdown_table(("memory", "state bytes", *drills), rows)
        if preset == "cpu":
            yield "\n![Share of values recalled against bytes of state, one point a memory](neural.svg)\n"
            yield from claims_section([*newest.values(), *trained_memories("drills")])


def claims_section(trained: list[Record]) -> Iterator[str]:
    """What each paper says, what was measured, whether it held."""
    path = ROOT / "results" / f"{PACE}.jsonl"
    paced = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    found = verdicts(trained, paced)
    counted = {held: sum(each.held == held for each in found) for held in dict.fromkeys(each.held for each in found)}
    yield "\n### What the papers say\n\nOne claim a paper, at this size and with one step size for all, so a memory "
    yield "that learns slowly fares worse than it might. Level: the intervals overlap, so it cannot be told here. "
    yield f"{', '.join(f'{many} {held}' for held, many in counted.items())}.\n\n"
    rows = ([each.claim.memory, each.claim.says, each.measured, each.held] for each in found)
    yield markdown_table(("memory", "its paper says", "measured", "held?"), rows)


def pace_section() -> Iterator[str]:
    """How fast memories made of layers are, quickest first, and the peers that were at hand."""
    path = ROOT / "results" / f"{PACE}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    newest = {each["recipe"]: each for each in lines}
    if not newest:
        return
    one = next(reversed(newest.values()))
    yield f"\n## {PACE}\n\nTokens a second of one layer of width {one['width']} on {one['length']:,} tokens, "
    yield f"{one['threads']} threads; commit {one['commit'][:10]}, {one['when'][:10]}. Rates are of that machine; "
    yield "`stepwise` is the plain recurrence, one token at a time. The exponent is that of the time to read one "
    yield "sequence, from 1,024 tokens to the longest: 1 is linear.\n\n"
    columns = ("forward", "both ways", "stepwise", "forward ÷ stepwise", "exponent", "longest")
    own = [each for each in newest.values() if "ours" not in each]
    own.sort(key=lambda each: -each["metrics"]["forward"]["value"])
    yield markdown_table(("memory", *columns), ([each["recipe"].rpartition(".")[2], *_paced(each)] for each in own))
    peers = [each for each in newest.values() if "ours" in each]
    if peers:
        yield "\nPlain PyTorch forms of other libraries beside ours, on the same vectors in the same run; `apart` is "
        yield "the largest difference of outputs, as a share of the largest number.\n\n"
        named = ("forward", "both", "stepwise")
        rows = []
        for each in peers:
            theirs, mine = each["metrics"], each["references"]["ours"]
            ratios = (f"{mine[name]['value'] / theirs[name]['value']:.2f}×" for name in named)
            apart = theirs.get("apart")
            rows.append([each["recipe"], each["ours"], *ratios, f"{apart['value']:.0e}" if apart else "not compared"])
        yield markdown_table(("peer", "ours", *(f"ours ÷ theirs, {name}" for name in named), "apart"), rows)


def _paced(line: Record) -> list[str]:
    found = {name: metric["value"] for name, metric in line["metrics"].items()}
    rates = [f"{found[name]:,.0f}" for name in ("forward", "both", "stepwise")]
    ratio = f"{found['forward'] / found['stepwise']:.1f}"
    exponent = "" if found["exponent"] != found["exponent"] else f"{found['exponent']:.2f}"
    return [*rates, ratio, exponent, f"{found['longest']:,.0f}"]


def _drilled(line: Record | None) -> str:
    if line is None:
        return ""
    stale = line["metrics"].get("stale")
    return _value(line["metrics"]["accuracy"]) + (f", {stale['value']:.3f} stale" if stale else "")


def _task_tables(embedder: str, runs: Iterable[Record]) -> str:
    """Recipes and reference rows side by side, measure by measure; then the same group by group."""
    runs = list(runs)
    columns = {each["recipe"]: each["metrics"] for each in runs}
    columns |= {name: metrics for each in runs for name, metrics in each.get("references", {}).items()}
    parts = [f"\n### {embedder}\n\n", _measure_table(f"n = {max(each['n'] for each in runs):,}", columns)]
    groups = list(dict.fromkeys(group for each in runs for group in each.get("groups", {})))
    if groups and all(group.isdigit() for group in groups):  # sizes: every measure of each
        for group in groups:
            of_size = {each["recipe"]: each["groups"].get(group, {}) for each in runs}
            parts += ["\n", _measure_table(f"at {int(group):,} memories", of_size)]
    elif groups:
        head = next(iter(runs[0]["metrics"]))
        rows = ([g, *(_value(each["groups"].get(g, {}).get(head)) for each in runs)] for g in groups)
        parts += ["\n", markdown_table((f"{head} by group", *(each["recipe"] for each in runs)), rows)]
    parts.append("\n" + "".join(f"- {_circumstances(each)}\n" for each in runs))
    return "".join(parts)


def _measure_table(title: str, columns: Mapping[str, Mapping[str, Record]]) -> str:
    """One row a measure, one column a system."""
    names = list(dict.fromkeys(name for metrics in columns.values() for name in metrics))
    rows = ([name, *(_value(metrics.get(name)) for metrics in columns.values())] for name in names)
    return markdown_table((title, *columns), rows)


def _circumstances(run: Record) -> str:
    """Where and on what a line was made."""
    machine = run.get("machine", "")
    if isinstance(machine, Mapping):
        machine = ", ".join(f"{value} {name}" if name == "cpus" else str(value) for name, value in machine.items())
    commit = f"commit {str(run['commit'])[:10] or 'unknown'}{' with changes' if run.get('dirty') else ''}"
    reason = f"; {run['reason']}" if run.get("reason") else ""
    return f"{run['recipe']}: {commit}, {run['when'][:10]}, {machine}{reason}"


def _value(metric: Record | None) -> str:
    """A number with its interval."""
    if metric is None:
        return ""
    low, high = metric.get("low"), metric.get("high")
    span = f" ({_number(low)}–{_number(high)})" if low is not None and high is not None else ""
    return f"{_number(metric['value'])}{span}"


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.0f}"


def _target_table(found: Iterable[Record]) -> str:
    """Every target, the best of the runs it speaks of, and whether it was met."""
    runs = [each for each in found if each["recipe"] == "default"]
    rows = []
    for aim in measure.targets():
        held = [(run, verdict) for run in runs for verdict in measure.verdicts(run) if _speaks_of(verdict, aim, run)]
        what = f"{aim['metric']} ({aim['group']})" if aim.get("group") else aim["metric"]
        if not held:
            rows.append((aim["task"], what, aim["tier"], _wanted(aim), "not measured", Html(""), aim.get("reason", "")))
        for run, verdict in held:
            mark = Html('<span class="met">met</span>' if verdict.met else '<span class="missed">missed</span>')
            shown = f"{verdict.relation} {verdict.target:.3f}"
            why = "" if verdict.met else aim.get("reason", "")
            rows.append((verdict.task, what, run["embedder"], shown, f"{verdict.value:.3f}", mark, why))
    return markdown_table(("task", "metric", "tier", "target", "reached", "", "why"), rows)


def _speaks_of(verdict: measure.Verdict, aim: Record, run: Record) -> bool:
    same = (verdict.task, verdict.metric, verdict.group) == (aim["task"], aim["metric"], aim.get("group", ""))
    return same and aim["tier"] in ("any", measure.tier(run["embedder"]))


def _wanted(aim: Record) -> str:
    target = aim["target"]
    bound = f"best of {', '.join(target['best_of'])}" if isinstance(target, Mapping) else f"{target:.3f}"
    return f"{aim['relation']} {bound}"


def readme_numbers() -> str:
    """The table in README.md: the default recipe on every task, by tier."""
    kept = (each for each in results() if each["recipe"] == "default" and each["task"] not in NOT_RETRIEVAL)
    best = {(each["task"], each["embedder"]): each for each in kept}
    tasks = list(dict.fromkeys(task for task, _ in best))
    if not tasks:
        return "No run has been recorded yet; `make bench` records one.\n"
    rows = []
    for task in tasks:
        runs = [best.get((task, tier)) for tier in TIERS]
        metric = next(iter(next(each for each in runs if each)["metrics"]))
        rows.append([task, metric, *("" if each is None else _value(each["metrics"].get(metric)) for each in runs)])
    return markdown_table(("task", "metric", *TIERS), rows)


# ------------------------------------------------------------------------------------------------------- promises


def promises_page() -> str:
    """Every promise of a space, how it is tested, by which command, and the figures that were measured."""
    told = tomllib.loads((SCRIPTS / "promises.toml").read_text(encoding="utf-8"))["promise"]
    newest = {str(each["task"]): each for each in sorted(results(), key=lambda each: str(each["when"]))}
    parts = [
        "# Promises\n\nWhat a space promises, how that is tested, and what was measured. The figures are the newest "
        "lines of their kind in `results/`; `mnesis bench crash promises` writes new ones.\n"
    ]
    for number, each in enumerate(told, 1):
        parts.append(f"\n## {number}. {each['title']}\n\n{_joined(each['says'])}\n\n")
        if not each["tests"]:
            parts.append("Not kept yet.\n")
            continue
        parts.append(f"{_joined(each['how'])}\n\n```sh\npython -m pytest {' '.join(each['tests'])}\n```\n")
        figures = [_figure(newest, *name.split("."), words) for name, words in each.get("figures", {}).items()]
        shown = [figure for figure in figures if figure]
        parts.append("\n" + "".join(f"- {figure}\n" for figure in shown) if shown else "")
    measured = [f"- {_circumstances(newest[task])}, `{task}`\n" for task in ("crash", "promises") if task in newest]
    return "".join([*parts, "\n## Measured on\n\n" if measured else "", *measured])


def _joined(text: str) -> str:
    return " ".join(text.split())


def _figure(newest: Mapping[str, Record], task: str, metric: str, words: str) -> str:
    value = newest.get(task, {}).get("metrics", {}).get(metric, {}).get("value")
    if value is None:
        return ""
    return f"**{value:,.0f}** {words}" if value == int(value) else f"**{value:,.1f}** {words}"


# ------------------------------------------------------------------------------------------------------- assembly


def between(path: str, mark: str, text: str, comment: tuple[str, str] = ("<!-- ", " -->")) -> str:
    """The file at `path` with `text` between its two marker lines."""
    opening, closing = (f"{comment[0]}{word}{comment[1]}" for word in (mark, f"/{mark}"))
    whole = (ROOT / path).read_text(encoding="utf-8")
    before, found, rest = whole.partition(opening)
    _, closed, after = rest.partition(closing)
    if not (found and closed):
        raise SystemExit(f"{path} has lost its markers {opening} … {closing}; put them back where the text belongs.")
    return f"{before}{opening}\n{text}{closing}{after}"


def pages() -> dict[str, str]:
    """Every generated file and what it should hold."""
    made = {
        "docs/cli.md": cli_page(),
        "docs/api.md": api_page(),
        "docs/results.md": results_page(),
        "docs/promises.md": promises_page(),
        **dict(mechanism_pages()),
    }
    if curves := [each for each in results() if each["task"] == "capacity"]:
        made["docs/capacity.svg"] = figure(curves)
    made["docs/forgetting.svg"] = forgotten()
    if points := [each for each in trained_memories() if each["task"] == "mqar"]:
        made["docs/neural.svg"] = scatter(points, "Share of values recalled (mqar) against bytes of state")
    made = {path: WRITTEN + text for path, text in made.items()}
    listed = "".join(f"      - {slot}: mechanisms/{slot}.md\n" for slot in catalog.slots())
    made["mkdocs.yml"] = between("mkdocs.yml", "slots", listed, ("      # ", ""))
    made["README.md"] = between("README.md", "numbers", readme_numbers())
    return made


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are stale."""
    if arguments not in ([], ["--check"]):
        print("docs.py takes nothing, or --check.", file=sys.stderr)
        return 2
    made = pages()
    written = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/mechanisms").glob("*.md")}
    orphans = sorted(written - made.keys())
    stale = [path for path, text in made.items() if not _same(ROOT / path, text)]
    if arguments:
        for path in [*stale, *orphans]:
            print(f"{path} is stale; run: make docs", file=sys.stderr)
        return 1 if stale or orphans else 0
    for path in stale:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(made[path], encoding="utf-8")
        print(f"wrote {path}")
    for path in orphans:
        (ROOT / path).unlink()
        print(f"removed {path}")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
