"""Cut a document into passages that each begin with the headings they stand under.

Source: mnesis, 2026.
Needs: nothing
Cost: one scan of the lines; one cube for about `words` words
Differs: nothing.

A paragraph that says "it opened in 1998" is found by what it is about only when the title and the section say so
again. Markdown headings (``#`` and underlined ones) make the path, "Title > Section"; paragraphs of one section are
joined until there are `words` words, longer ones are cut where sentences end, and code stays whole up to four times
that. A heading without text of its own is kept in the path of what follows, or as a passage. ``title`` in the event's
meta stands before the path. A short text without headings is kept whole, under the event's own id.

>>> from mnesis.words import Event
>>> document = "# Port\\n\\nIt is old.\\n\\n## Bridge\\n\\nIt opened in 1998."
>>> [cube.text for cube in passages()(Event(document, id="e1"), "ana")]
['Port\\n\\nIt is old.', 'Port > Bridge\\n\\nIt opened in 1998.']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mnesis.errors import BadInput
from mnesis.text.parse import Parse
from mnesis.text.parse._cut import chunks, keys, part, size, whole
from mnesis.text.parse.dates import annotated
from mnesis.words import Event, MemCube

MADE_BY = "text.parse.passages"
CODE = 4  # code is kept whole up to so many times the words of a passage

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(slots=True)
class _Block:
    """A heading (level 1 to 6), a paragraph or code (level 0)."""

    text: str
    level: int = 0
    code: bool = False


@dataclass(slots=True)
class _Section:
    """The blocks under one heading, and the headings above it."""

    path: tuple[str, ...]
    blocks: list[_Block] = field(default_factory=list)


def passages(words: int = 200) -> Parse:
    """A parser for documents; `words` is how long a passage is at most, its headings not counted."""
    if words < 1:
        raise BadInput(f"words={words} leaves no room for a word; give 1 or more.")

    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> list[MemCube]:
        title = event.meta.get("title", "")
        sections = _sections(_blocks(event.text), title if isinstance(title, str) else "")
        found = [(each.path, body) for each in sections for body in _bodies(each.blocks, words)]
        if not found:
            return []
        if len(found) == 1 and not found[0][0]:
            meta = annotated(event.meta, event.text, event.at)
            return [whole(event, namespace, MADE_BY, keys(event.text, names, 2 * words), meta)]
        cubes = []
        for n, (path, body) in enumerate(found, start=1):
            text = "\n\n".join(filter(None, (" > ".join(path), body)))
            meta = annotated({**event.meta, "headings": list(path)} if path else event.meta, body, event.at)
            cubes.append(part(event, namespace, MADE_BY, n, text, keys(text, names, 2 * words), meta))
        return cubes

    return parse


def _blocks(text: str) -> Iterator[_Block]:
    """Headings, paragraphs and code of a Markdown or plain text, in order."""
    lines = text.splitlines()
    held: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = _FENCE.match(line)
        heading = _HEADING.match(line)
        end = at + 1
        if fence or (at == 0 and line.rstrip() == "---" and _closing(lines) > 0):
            end = _fenced(lines, at, fence[1]) if fence else _closing(lines) + 1
            block = _Block("\n".join(lines[at:end]), code=True)
        elif heading and (title := _title(line[heading.end() :])):
            block = _Block(title, len(heading[1]))
        elif len(held) == 1 and _UNDERLINE.match(line):
            block = _Block(held.pop().strip(), 1 if "=" in line else 2)
        elif line.strip():
            held.append(line)
            at += 1
            continue
        else:
            block = _Block("")
        if held:
            yield _Block("\n".join(held))
            held = []
        if block.text:
            yield block
        at = end
    if held:
        yield _Block("\n".join(held))


def _title(rest: str) -> str:
    """The text of a heading without the marks that may close it: "Bridge ##", but not "C#"."""
    title = rest.rstrip()
    unmarked = title.rstrip("#")
    return title if unmarked[-1:].strip() else unmarked.rstrip()


def _fenced(lines: list[str], at: int, fence: str) -> int:
    """The line after the fence that closes this one; the end of the text when none does."""
    for end in range(at + 1, len(lines)):
        closing = lines[end].strip()
        if len(closing) >= len(fence) and not closing.strip(fence[0]):
            return end + 1
    return len(lines)


def _closing(lines: list[str]) -> int:
    """The line that closes a block of settings at the head of a document; 0 when there is none."""
    return next((at for at, line in enumerate(lines[1:60], start=1) if line.rstrip() in ("---", "...")), 0)


def _sections(blocks: Iterator[_Block], title: str) -> list[_Section]:
    """Blocks gathered under their headings; a heading whose text stands in a later path needs no section."""
    root = (title.strip(),) if title.strip() else ()
    path: list[_Block] = []
    out = [_Section(root)]
    for block in blocks:
        if not block.level:
            out[-1].blocks.append(block)
            continue
        deeper = bool(path) and block.level > path[-1].level
        if not out[-1].blocks and (deeper or not path):
            out.pop()
        while path and path[-1].level >= block.level:
            path.pop()
        path.append(block)
        headings = tuple(each.text for each in path)
        out.append(_Section(headings if headings[:1] == root else root + headings))
    return [each for each in out if each.blocks or each.path != root]


def _bodies(blocks: list[_Block], words: int) -> Iterator[str]:
    """Blocks joined to passages of at most `words` words; one empty body for a heading without text."""
    held: list[str] = []
    length = 0
    for piece in (piece for block in blocks for piece in _pieces(block, words)):
        more = size(piece)
        if held and length + more > words:
            yield "\n\n".join(held)
            held, length = [], 0
        held.append(piece)
        length += more
    if held or not blocks:
        yield "\n\n".join(held)


def _pieces(block: _Block, words: int) -> Iterator[str]:
    if not block.code:
        yield from chunks(block.text, words)
        return
    held: list[str] = []
    length = 0
    for line in block.text.split("\n") if size(block.text) > CODE * words else [block.text]:
        more = size(line)
        if held and length + more > CODE * words:
            yield "\n".join(held)
            held, length = [], 0
        held.append(line)
        length += more
    yield "\n".join(held)
