"""Passages: under their headings, at most so long, and nothing lost."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.parse.passages import passages
from mnesis.words import Event, MemCube

DOCUMENT = """\
Before everything.

# Port

It is old.

## Bridge ##

It opened in 1998.

It is red.

### Lamps

## Tower

```python
# no heading

def f(): ...
```

Second
======

Last words.
"""


def cut(text: str, words: int = 200, **given: object) -> list[MemCube]:
    return passages(words)(Event(text, id="e1", **given), "n")  # type: ignore[arg-type]


def test_passages_begin_with_their_headings() -> None:
    assert [each.text for each in cut(DOCUMENT)] == [
        "Before everything.",
        "Port\n\nIt is old.",
        "Port > Bridge\n\nIt opened in 1998.\n\nIt is red.",
        "Port > Bridge > Lamps",
        "Port > Tower\n\n```python\n# no heading\n\ndef f(): ...\n```",
        "Second\n\nLast words.",
    ]
    assert cut(DOCUMENT)[2].meta["headings"] == ["Port", "Bridge"]
    assert [each.id for each in cut(DOCUMENT)] == [f"e1-{n}" for n in range(1, 7)]


def test_a_heading_without_text_lives_on_in_the_path_of_the_next() -> None:
    assert [each.text for each in cut("# A\n\n## B\n\ntext")] == ["A > B\n\ntext"]


def test_headings_without_any_text_are_kept() -> None:
    assert [each.text for each in cut("# A\n# B\n## C")] == ["A", "B > C"]


@pytest.mark.parametrize("text", ["#hashtag and text", "# ", "a\n--\nb", "| a | b |\n|---|---|\n| 1 | 2 |", "---"])
def test_what_only_looks_like_a_heading_is_text(text: str) -> None:
    (cube,) = cut(text)
    assert (cube.id, cube.text) == ("e1", text)


def test_a_heading_may_end_in_a_mark_of_its_own() -> None:
    assert [each.text for each in cut("# C#\n\ntext\n\n# F# ##\n\ntext")] == ["C#\n\ntext", "F#\n\ntext"]


def test_a_title_in_meta_stands_before_the_path() -> None:
    assert [each.text for each in cut("It opened.", meta={"title": "Bridge"})] == ["Bridge\n\nIt opened."]
    assert [each.text for each in cut("# Bridge\n\nIt opened.", meta={"title": "Bridge"})] == ["Bridge\n\nIt opened."]


def test_passages_are_no_longer_than_asked() -> None:
    paragraph = " ".join(f"Sentence number {n} is here." for n in range(40))
    cubes = cut(f"# Long\n\n{paragraph}\n\n{paragraph}\n\nShort end.", words=30)
    bodies = [each.text.removeprefix("Long\n\n") for each in cubes]
    assert all(len(body.split()) <= 30 for body in bodies)
    assert all(body.endswith(".") for body in bodies)
    assert " ".join(bodies).split() == f"{paragraph} {paragraph} Short end.".split()


def test_code_is_kept_whole_up_to_four_times_the_length() -> None:
    code = "```\n" + "\n".join(f"line {n}" for n in range(30)) + "\n```"
    assert [each.text for each in cut(f"# A\n\n{code}", words=20)] == [f"A\n\n{code}"]
    pieces = [each.text.removeprefix("A\n\n") for each in cut(f"# A\n\n{code}", words=10)]
    assert len(pieces) == 2
    assert "\n".join(pieces) == code


def test_settings_at_the_head_are_no_heading() -> None:
    assert cut("---\ntitle: x\n---\n\n# A\n\ntext")[1].text == "A\n\ntext"


def test_dates_belong_to_their_passage() -> None:
    assert ["dates" in each.meta for each in cut(DOCUMENT)] == [False, False, True, False, False, False]


def test_no_words_are_no_option() -> None:
    with pytest.raises(BadInput, match="words=0"):
        passages(words=0)
