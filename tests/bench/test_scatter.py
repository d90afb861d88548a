"""The picture of memories: every point in its place, and names that do not cover each other."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from mnesis.bench.scatter import HIGH, LETTER, LINE, WIDE, scatter

SVG = "{http://www.w3.org/2000/svg}"


def lines(many: int) -> list[dict[str, object]]:
    names = [f"neural.recipes.memory_{n}" for n in range(many)]
    return [
        {"memory": name, "state_bytes": 1024 * (1 + n % 7), "metrics": {"accuracy": {"value": (n % 11) / 10}}}
        for n, name in enumerate(names)
    ]


def test_points_lie_where_they_should_and_names_do_not_meet() -> None:
    root = ElementTree.fromstring(scatter(lines(60), "recall < 1"))
    circles = root.findall(f"{SVG}circle")
    assert len(circles) == 60
    for each in circles:
        assert 0 < float(each.attrib["cx"]) < WIDE
        assert 0 < float(each.attrib["cy"]) < HIGH
    best = min(circles, key=lambda each: float(each.attrib["cy"]))
    assert re.fullmatch(r"memory_\d+", best.findtext(f"{SVG}title") or "")
    labels = [each for each in root.findall(f"{SVG}text") if each.attrib.get("font-size") == "10"]
    assert len(labels) > 50
    boxes = [(float(e.attrib["x"]), float(e.attrib["y"]), LETTER * len(e.text or "")) for e in labels]
    for n, (x, y, wide) in enumerate(boxes):
        for other_x, other_y, other_wide in boxes[n + 1 :]:
            assert abs(y - other_y) >= LINE - 0.2 or x + wide <= other_x + 0.2 or other_x + other_wide <= x + 0.2


def test_more_bytes_lie_to_the_right() -> None:
    made = [
        {"memory": "neural.recipes.a", "state_bytes": 100, "metrics": {"accuracy": {"value": 0.5}}},
        {"memory": "neural.recipes.softmax", "state_bytes": 10_000, "metrics": {"accuracy": {"value": 1.0}}},
    ]
    root = ElementTree.fromstring(scatter(made, "two"))
    one, two = sorted(root.findall(f"{SVG}circle"), key=lambda each: each.findtext(f"{SVG}title") or "")
    assert float(one.attrib["cx"]) < float(two.attrib["cx"])
    assert float(one.attrib["cy"]) > float(two.attrib["cy"])
