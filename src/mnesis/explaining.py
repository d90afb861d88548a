"""Why something was recalled and what a commit did, in plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mnesis.store import View
from mnesis.words import Commit, Hit, MemCube

SHOWN = 60  # characters of a memory in a line
DONE = {"revise": "rewrote", "move": "moved", "retire": "retired", "restore": "brought back", "touch": "noted"}


def of_hit(hit: Hit) -> str:
    """Why a memory was recalled, and where it came from."""
    cube = hit.cube
    when = f" on {cube.at:%Y-%m-%d}" if cube.at else ""
    who = f"{cube.speaker} said" if cube.speaker else "It was told"
    lines = [f"{who}{when}: {cube.text}", f"  score {hit.score:.4f}"]
    reasons = sorted(hit.why.items(), key=lambda each: -abs(each[1]))
    lines += [f"  {name:<12} {value:.4f}" for name, value in reasons]
    lines += [f"  reached {hit.path}"] if hit.path else []
    lines.append(f"  from {', '.join(cube.sources) or 'no named source'}; made by {cube.made_by or 'hand'}, ")
    lines[-1] += f"version {cube.version}, id {cube.id}"
    return "\n".join(lines)


def lines(commit: Commit, told: Iterable[tuple[str, str, str]]) -> list[str]:
    """What a commit did and why, a line a change."""
    head = f"Commit {commit.seq} in {commit.namespace} ({commit.author}, {commit.reason})"
    return [head, *(f"  {what} {text!r}: {why}" for what, text, why in told)]


def accounts(commit: Commit, view: View) -> Iterator[tuple[str, str, str]]:
    """(what was done, the memory, why) for every change of a commit, as far as it is still there to be told."""
    for change in commit.changes:
        op = str(change["op"])
        if op == "add":
            fresh = view.resumed(commit.seq - 1)
            rows = fresh.changed()
            first, last = change["rows"]
            keys = fresh.column("key", rows)
            yield from (
                ("made", _short(cube), _made(cube)) for cube in view.cubes(rows[(keys >= first) & (keys <= last)])
            )
        elif op in DONE:
            yield DONE[op], _text(change, view), str(change.get("reason", "")) or _why(change)
        elif op in ("connect", "disconnect"):
            link = change["link"]
            yield op + "ed", f"{link['head']} {link['kind']} {link['tail']}", link.get("made_by", "")


def _why(change: Mapping[str, Any]) -> str:
    held = [f"{name} {change[name]:g}" for name in ("strength", "importance") if name in change]
    return ", ".join(held) or "no reason was given"


def _text(change: Mapping[str, Any], view: View) -> str:
    versions = view.history(change["id"])
    known = [cube for cube in versions if cube.version <= change.get("version", 0)] or versions
    return _short(known[-1]) if known else str(change["id"])


def _made(cube: MemCube) -> str:
    origin = len(cube.parents) or len(cube.events)
    return f"{cube.made_by or 'hand'}, from {origin} {'memories' if cube.parents else 'events'}"


def _short(cube: MemCube) -> str:
    text = " ".join(cube.text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
