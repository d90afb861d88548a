"""Markdown and plain text, a file or a whole folder, an event for every section.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one section
Differs: nothing.

A heading begins a section; its lines are kept word for word, and a long section is cut between paragraphs, never
inside fenced code. The file is the session, the place of the first line the source, and the headings above it are
kept in `meta`. A date in the front matter is the event's time. Folders are read in name order, without hidden files.

>>> import pathlib, tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "trip.md")
...     _ = path.write_text("# Lisbon\\n## Food\\nThe bakery on the corner.")
...     [(record.where, record.event.meta["heading"]) for record in markdown()(path)]
[('trip.md:2', 'Lisbon > Food')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mnesis.errors import MnesisError
from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._files import Line, is_folder, lines, named, text_files
from mnesis.text.read._record import fault, heard

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_PAIR = re.compile(r"([A-Za-z_]+):\s*(.*)")


@dataclass(slots=True)
class _Page:
    """What holds for the sections of one file: its name, its front matter, the headings above and the open fence."""

    name: str
    about: dict[str, str] = field(default_factory=dict)
    above: list[tuple[int, str]] = field(default_factory=list)
    fence: str = ""


def markdown(longest: int = 1200, day_first: bool = True) -> Read:
    """Read Markdown or text; a section of more than `longest` characters is cut between its paragraphs."""

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        if not is_folder(path):
            yield from page(path, named(path), seen)
            return
        refused: list[str] = []
        for each in text_files(path, refused):
            name = each.relative_to(path).as_posix().removesuffix(".gz")
            try:
                yield from page(each, name, seen)
            except MnesisError as err:  # one file of many that cannot be opened or unpacked is that file's problem
                yield fault(name, str(err))
        for name in refused:
            yield fault(name, "the folder cannot be listed; check that you are allowed to read it.")

    def page(path: Path, name: str, seen: Seen | None) -> Iterator[Record]:
        state = _Page(name)
        section: list[Line] = []
        for line in _body(lines(path, seen), state.about):
            if line.problem:
                yield fault(f"{name}:{line.number}", line.problem)
                continue
            if section and _breaks(line, section, state, longest):
                yield from _section(section, state, day_first)
                section = []
            _enter(line, state)
            section.append(line)
        yield from _section(section, state, day_first)

    return read


def _body(numbered: Iterator[Line], about: dict[str, str]) -> Iterator[Line]:
    """The lines after the front matter, of which title and date are written into `about`."""
    front = False
    for line in numbered:
        if line.number == 1 and line.text.rstrip() == "---":
            front = True
        elif front:
            pair = _PAIR.fullmatch(line.text.rstrip())
            front = line.text.rstrip() not in ("---", "...")
            if pair and pair[1].lower() in ("title", "date"):
                about[pair[1].lower()] = pair[2].strip("\"' ")
        else:
            yield line


def _breaks(line: Line, section: list[Line], state: _Page, longest: int) -> bool:
    """Whether a new section begins at this line: at a heading, or at a paragraph when the section is long."""
    if state.fence:
        return False
    if _HEADING.fullmatch(line.text):
        return True
    begins = bool(line.text.strip()) and not section[-1].text.strip()
    return begins and sum(len(each.text) + 1 for each in section) >= longest


def _enter(line: Line, state: _Page) -> None:
    """Note the heading or fence this line opens or closes."""
    fence, heading = _FENCE.match(line.text), _HEADING.fullmatch(line.text)
    if fence:
        if not state.fence:
            state.fence = fence[1]
        elif fence[1].startswith(state.fence):
            state.fence = ""
    elif heading and not state.fence:
        level = len(heading[1])
        state.above[:] = [each for each in state.above if each[0] < level] + [(level, heading[2])]


def _section(section: list[Line], state: _Page, day_first: bool) -> Iterator[Record]:
    """The event of one section; headings with nothing under them and blank stretches have none."""
    if not any(line.text.strip() and not _HEADING.fullmatch(line.text) for line in section):
        return
    first = next(line for line in section if line.text.strip())
    text = "\n".join(line.text for line in section).strip("\n")
    where = f"{state.name}:{first.number}"
    heading = " > ".join(title for _, title in state.above)
    title = state.about.get("title") or (state.above[0][1] if state.above else "") or Path(state.name).stem
    meta = {"title": title, **({"heading": heading} if heading else {})}
    at = state.about.get("date")
    yield heard(where, text, at=at, source=where, session=state.name, meta=meta, day_first=day_first)
