"""Questions on stories: read from every form the data comes in, learned and asked."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mnesis.bench.stories import Words, stories
from mnesis.bench.tasks.babi_qa import babi_qa
from mnesis.errors import BadInput, Malformed

RELEASED = """1 Mary moved to the bathroom.
2 John went to the hallway.
3 Where is Mary? \tbathroom\t1
4 Daniel went back to the hallway.
5 Where is Daniel? \thallway\t4
1 Sandra moved to the garden.
2 Where is Sandra? \tgarden\t1
"""


def test_the_release_is_read_as_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "en-10k"
    folder.mkdir()
    for part in ("train", "test"):
        (folder / f"qa1_single-supporting-fact_{part}.txt").write_text(RELEASED, encoding="utf-8")
    tales = list(babi_qa().load(tmp_path))
    assert [tale.learned for tale in tales] == [False] * 3 + [True] * 3
    told = ("mary moved to the bathroom", "john went to the hallway", "daniel went back to the hallway")
    assert tales[1].sentences == told
    assert (tales[1].question, tales[1].answer, tales[1].support) == ("where is daniel", "hallway", (2,))
    assert tales[2].sentences == ("sandra moved to the garden",), "a new story begins anew"


def test_stories_in_lines_show_only_what_was_said_before_the_question(tmp_path: Path) -> None:
    story = {
        "task": "qa1",
        "statements": [{"turn_id": "1", "text": "Mary is in the school."}, {"turn_id": "3", "text": "Mary left."}],
        "questions": [{"question": "Where is Mary?", "answer": "school", "evidence": ["1"], "asked_after": 2}],
    }
    with gzip.open(tmp_path / "stories.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(story) + "\n" for _ in range(5)))
    tales = list(babi_qa().load(tmp_path))
    assert [tale.sentences for tale in tales] == [("mary is in the school",)] * 5
    assert [tale.learned for tale in tales] == [True] * 4 + [False]


def test_long_stories_keep_their_last_sentences_and_support_moves_with_them() -> None:
    tale = next(babi_qa(length=1).load(None))
    assert tale.sentences == ("mary went to the garden",)
    assert tale.support == (0,)


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qa1_x_train.txt").write_text("Mary moved.\n", encoding="utf-8")
    with pytest.raises(Malformed, match="number"):
        list(babi_qa().load(tmp_path))
    with pytest.raises(BadInput, match="qa21"):
        babi_qa(kind="qa21")


def test_words_that_were_not_learned_are_padding() -> None:
    tales = list(babi_qa().load(None))
    words = Words([tale for tale in tales if "garden" not in " ".join(tale.sentences)])
    story, question, answer = words.numbers(tales[:1])
    assert story.shape == (1, 3, 5)
    assert question[0].tolist()[3:] == [0, 0]
    assert story[0, 0, -1] == 0
    assert answer[0] == -1


def test_a_network_learns_the_sample_and_its_line_is_written(tmp_path: Path) -> None:
    (line,) = stories(None, ["memn2n"], steps=150, width=16, results=tmp_path)
    assert line["metrics"]["accuracy"]["value"] > 0.6
    assert (line["learned"], line["n"]) == (18, 9)
    assert json.loads((tmp_path / "stories.jsonl").read_text(encoding="utf-8"))["network"] == "neural.network.memn2n"
    with pytest.raises(BadInput, match="width"):
        stories(None, ["memn2n"], width=3, results=tmp_path)
