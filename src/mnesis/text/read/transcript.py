"""Plain transcripts: a name, a colon and what was said, with dates in many styles.

Source: mnesis, 2026.
Needs: nothing
Cost: one pass; holds one turn
Differs: nothing.

    [2023-05-08 13:56] Ana: text        2023-05-08 Ana: text        Ana: text
    08/05/2023, 13:56 - Ana: text       [13:56] Ana: text

A line that is only a date, or a heading (`## 8 May 2023`, `## At the airport`), begins a session; turns under it
happened on its day. Without headings each day is a session. A line without a name goes on with the turn before.
After a chat-app line (date, time, dash) only dated lines begin turns, as such exports date every message. A photo
is written `[photo: what it shows]`; its caption is kept in the event's meta.

>>> import pathlib, tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = pathlib.Path(folder, "talk.txt")
...     _ = path.write_text("[2026-03-02 09:30] Ana: I moved to Lisbon.")
...     for record in transcript()(path):
...         print(record.where, record.event.speaker, record.event.at, record.event.session)
talk.txt:1 Ana 2026-03-02 09:30:00+00:00 talk/2026-03-02
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mnesis.errors import BadInput
from mnesis.text.read import Read, Record, Seen
from mnesis.text.read._dates import when
from mnesis.text.read._files import Line, lines, named
from mnesis.text.read._record import at_line, fault, heard
from mnesis.text.read._spoken import plain, spoken

_CAPTION = re.compile(r"\[(?:photo|image|picture)\s*:\s*(?P<caption>[^\]]+)\]", re.IGNORECASE)
_RULE = " \t#=*_-–—~[]"
_OMITTED = "omitted>"


@dataclass(slots=True)
class _Turn:
    """The turn being read: where it began, who spoke, and its lines so far; or the problem it has."""

    line: int
    speaker: str
    at: str
    session: str
    said: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(slots=True)
class _Talk:
    """What holds for the turns to come: the session and day of the last heading, whether every turn is stamped."""

    stem: str
    session: str = ""
    day: str = ""
    stamped: bool = False


def transcript(speakers: Iterable[str] = (), day_first: bool = True) -> Read:
    """Read a transcript; `speakers` are the only names that begin turns, `day_first` reads 08/05/2023 as 8 May."""
    names = frozenset(speakers)

    def read(path: Path, seen: Seen | None = None) -> Iterator[Record]:
        talk, turn = _Talk(Path(named(path)).stem), None
        for line in lines(path, seen):
            text = plain(line.text)
            if line.problem:
                yield fault(at_line(path, line.number), line.problem)
                continue
            begun = _heading(text, talk, day_first) or _begin(line, text, talk, names, day_first)
            if begun is not None:
                yield from _finish(turn, path, day_first)
                turn = begun if isinstance(begun, _Turn) else None
            elif turn is not None:
                turn.said.append(text)
            elif text.strip():
                yield fault(at_line(path, line.number), 'nobody is named before this line; a turn is "Name: text".')
        yield from _finish(turn, path, day_first)

    return read


def _heading(text: str, talk: _Talk, day_first: bool) -> bool | None:
    """Note the session a date line or heading begins; None when the line is neither."""
    title = text.strip(_RULE)
    if not title or len(title) > 60:
        return None
    day = _whole_day(title, day_first) if any(each.isdigit() for each in title) else None
    if day is None and not text.startswith("#"):
        return None
    talk.day = day.isoformat() if day else talk.day
    talk.session = f"{talk.stem}/{day.date() if day else title}"
    return True


def _whole_day(title: str, day_first: bool) -> datetime | None:
    try:
        return when(title, day_first)
    except BadInput:
        return None


def _begin(line: Line, text: str, talk: _Talk, names: frozenset[str], day_first: bool) -> _Turn | bool | None:
    """The turn a line begins; True for a notice of the chat app, None when the line goes on with the one before."""
    stamp, name = spoken(text)
    if name is None:
        return True if stamp and stamp["dash"] else None
    if (names and name["name"] not in names) or (talk.stamped and not stamp):
        return None
    talk.stamped = talk.stamped or bool(stamp and stamp["dash"])
    at, problem = _moment(stamp, talk, day_first)
    session = talk.session or (f"{talk.stem}/{at[:10]}" if at else talk.stem)
    return _Turn(line.number, name["name"], at, session, [name["text"]], problem)


def _moment(stamp: re.Match[str] | None, talk: _Talk, day_first: bool) -> tuple[str, str]:
    """When a turn happened, as ISO text, and what is wrong with its date."""
    if stamp is None or (stamp["only"] and not talk.day):
        return talk.day, ""
    written = f"{stamp['date'] or talk.day[:10]} {stamp['time'] or stamp['only'] or ''}".strip()
    try:
        moment = when(written, day_first)
    except BadInput as err:
        return "", str(err)
    return (moment.isoformat() if moment else ""), ""


def _finish(turn: _Turn | None, path: Path, day_first: bool) -> Iterator[Record]:
    if turn is None:
        return
    where, text = at_line(path, turn.line), "\n".join(turn.said).strip()
    if turn.problem:
        yield fault(where, turn.problem)
    elif not text.endswith(_OMITTED):
        caption = _CAPTION.search(text)
        meta = {"image_caption": caption["caption"].strip()} if caption else {}
        yield heard(where, text, at=turn.at, speaker=turn.speaker, source=where, session=turn.session, meta=meta)
