"""Markdown and text, section by section, file by file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mnesis.errors import BadInput
from mnesis.text.read.markdown import markdown

PAGE = """---
title: "A journey"
date: 2026-03-02
---
Before any heading.

# Lisbon

## Food
The bakery on the corner.

```text
# not a heading

still code
```

## Empty

# Porto
Rain.
"""


def test_sections_keep_their_words_and_their_headings(tmp_path) -> None:
    path = tmp_path / "trip.md"
    path.write_text(PAGE, encoding="utf-8")
    records = list(markdown()(path))
    assert [each.where for each in records] == ["trip.md:5", "trip.md:9", "trip.md:20"]
    assert [each.event.meta.get("heading", "") for each in records] == ["", "Lisbon > Food", "Porto"]
    assert {each.event.meta["title"] for each in records} == {"A journey"}
    assert {each.event.at.date().isoformat() for each in records} == {"2026-03-02"}
    assert records[1].event.text == "## Food\nThe bakery on the corner.\n\n```text\n# not a heading\n\nstill code\n```"


def test_a_long_section_is_cut_between_paragraphs(tmp_path) -> None:
    path = tmp_path / "long.txt"
    paragraphs = [f"Paragraph {n}. " + "word " * 40 for n in range(9)]
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    records = list(markdown(longest=400)(path))
    assert len(records) > 3
    assert "\n\n".join(each.event.text for each in records) == "\n\n".join(paragraphs)
    assert all(len(each.event.text) < 700 for each in records)


def test_a_folder_is_read_in_name_order(tmp_path) -> None:
    for name in ("b.md", "a/two.md", "a/one.txt", ".hidden.md", ".git/x.md", "picture.png"):
        path = tmp_path / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Words of {name}", encoding="utf-8")
    records = list(markdown()(tmp_path / "notes"))
    assert [each.event.source for each in records] == ["b.md:1", "a/one.txt:1", "a/two.md:1"]
    assert [each.event.session for each in records] == ["b.md", "a/one.txt", "a/two.md"]


def test_one_bad_file_of_a_folder_costs_itself(tmp_path) -> None:
    (tmp_path / "a.md").write_bytes(b"\x1f\x8b\x08\x00broken")
    (tmp_path / "b.md").write_text("Fine.", encoding="utf-8")
    bad, good = markdown()(tmp_path)
    assert bad.where == "a.md"
    assert "damaged" in bad.problem
    assert good.event.text == "Fine."


def test_front_matter_with_an_odd_date_is_told(tmp_path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ndate: one fine day\n---\nWords.", encoding="utf-8")
    (record,) = markdown()(path)
    assert "one fine day" in record.problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0)
    try:
        with pytest.raises(BadInput, match="allowed to read"):
            list(markdown()(shut))
    finally:
        shut.chmod(0o700)
