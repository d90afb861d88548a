"""Sentences: where they end, and where they do not."""

from __future__ import annotations

import pytest

from mnesis.text.parse.sentences import sentences
from mnesis.words import Event


@pytest.mark.parametrize(
    "parts",
    [
        ["I came.", "I saw!", "Did I win?", "Yes..."],
        ["Dr. Grey and Mrs. Stone met at 5 p.m. in St. Ives.", "They sailed."],
        ["It costs 3.50 euros.", "Visit example.com today."],
        ["J. R. Smith wrote it.", "I read it."],
        ["I said no.", "Then I left."],
        ["Wait... what?", "Oh."],
        ['He said "stop."', "Then he went."],
        ["昨日、東京で会いました。", "楽しかった！", "また会える？", "はい"],
        ["هل تتذكر؟", "نعم."],
        ["क्या हाल है।", "ठीक है।"],
        ["Buy:", "- bread", "- milk", "1. first", "2. second"],
        ["One paragraph", "another paragraph"],
    ],
    ids=lambda parts: parts[0],
)
def test_sentences_end_where_they_should(parts: list[str]) -> None:
    glue = "\n\n" if parts[0] == "One paragraph" else "\n" if parts[0] == "Buy:" else " "
    glue = "" if parts[0].startswith("昨") else glue
    cubes = sentences()(Event(glue.join(parts), id="e1"), "n")
    assert [each.text for each in cubes] == parts
    assert [each.id for each in cubes] == [f"e1-{n}" for n in range(1, len(parts) + 1)]


def test_each_sentence_knows_its_own_days() -> None:
    cubes = sentences()(Event("I sail. I sailed in 2004. I rest.", id="e1"), "n")
    assert ["dates" in each.meta for each in cubes] == [False, True, False]
