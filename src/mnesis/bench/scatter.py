"""Accuracy against bytes of state, one point a memory, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from mnesis.bench.record import Record

WIDE, HIGH = 960, 640
LEFT, RIGHT, TOP, BELOW = 56, 24, 40, 56
LETTER, LINE = 5.4, 11.0  # how much room a letter and a line of a label take
Box = tuple[float, float, float, float]


def scatter(lines: Sequence[Record], title: str) -> str:
    """The accuracy of these lines against `state_bytes`, on a logarithmic axis; names are moved until they fit."""
    sizes = [max(1, int(line["state_bytes"])) for line in lines]
    low, high = math.log2(min(sizes)) - 0.3, math.log2(max(sizes)) + 0.9
    across, down = WIDE - LEFT - RIGHT, HIGH - TOP - BELOW

    def at(size: float, share: float) -> tuple[float, float]:
        return LEFT + (math.log2(size) - low) / (high - low) * across, TOP + (1 - share) * down

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20">{escape(title)}</text>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = round(at(1, share)[1], 1)
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDE - RIGHT}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{share:g}</text>')
    for power in range(math.ceil(low), math.floor(high) + 1):
        x = round(at(2**power, 0)[0], 1)
        parts.append(f'<line x1="{x}" y1="{HIGH - BELOW}" x2="{x}" y2="{HIGH - BELOW + 5}" stroke="#888888"/>')
        parts.append(f'<text x="{x}" y="{HIGH - BELOW + 20}" text-anchor="middle">{_bytes(2**power)}</text>')
    parts.append(f'<text x="{LEFT + across / 2}" y="{HIGH - 14}" text-anchor="middle">bytes of state</text>')
    points = [at(size, float(line["metrics"]["accuracy"]["value"])) for size, line in zip(sizes, lines, strict=True)]
    names = [line["memory"].rpartition(".")[2] for line in lines]
    return "\n".join([*parts, *_drawn(points, names), "</svg>\n"])


def _drawn(points: Sequence[tuple[float, float]], names: Sequence[str]) -> Iterator[str]:
    taken: list[Box] = [(x - 3, y - 3, x + 3, y + 3) for x, y in points]
    for (x, y), name in sorted(zip(points, names, strict=True), key=lambda each: (each[0][1], each[0][0])):
        box = next(
            (box for box in _places(x, y, LETTER * len(name)) if not any(_meet(box, each) for each in taken)), None
        )
        colour = "#c0392b" if name == "softmax" else "#2471a3"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{escape(name)}</title></circle>'
        if box is None:
            continue  # no room: the name is in the circle, for whoever points at it
        taken.append(box)
        if math.hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y) > 2 * LINE + LETTER * len(name) / 2:
            nearest = min(max(x, box[0]), box[2])
            yield f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{nearest:.1f}" y2="{box[3] - 2:.1f}" stroke="#bbbbbb"/>'
        yield f'<text x="{box[0]:.1f}" y="{box[3] - 2:.1f}" font-size="10">{escape(name)}</text>'


def _places(x: float, y: float, wide: float) -> Iterator[Box]:
    """Where a name may stand, nearest first, within the picture."""
    for away in range(24):
        for up in dict.fromkeys((-away, away)):
            for left in (x + 5, x - 5 - wide, x - wide / 2):
                top = y - LINE / 2 + up * LINE * 0.55
                if up == 0 and left == x - wide / 2:
                    continue
                if left > 2 and left + wide < WIDE - 2 and top > TOP - 14 and top + LINE < HIGH - BELOW + 4:
                    yield (left, top, left + wide, top + LINE)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bytes(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"
