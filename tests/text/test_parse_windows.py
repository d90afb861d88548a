"""Windows: every sentence with its neighbours."""

from __future__ import annotations

import pytest

from mnesis.errors import BadInput
from mnesis.text.parse.windows import windows
from mnesis.words import Event

TEXT = "One.  Two.\nThree. Four."


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 1, ["One.  Two.", "One.  Two.\nThree.", "Two.\nThree. Four.", "Three. Four."]),
        (0, 0, ["One.", "Two.", "Three.", "Four."]),
        (2, 0, ["One.", "One.  Two.", "One.  Two.\nThree.", "Two.\nThree. Four."]),
    ],
)
def test_a_window_moves_on_by_one_sentence(before: int, after: int, expected: list[str]) -> None:
    cubes = windows(before, after)(Event(TEXT, id="e1"), "n")
    assert [each.text for each in cubes] == expected


@pytest.mark.parametrize("text", ["One.", "One. Two."])
def test_what_fits_one_window_is_kept_whole(text: str) -> None:
    (cube,) = windows()(Event(text, id="e1"), "n")
    assert (cube.id, cube.text) == ("e1", text)


def test_sentences_are_not_counted_below_zero() -> None:
    with pytest.raises(BadInput, match="before=-1"):
        windows(before=-1)
