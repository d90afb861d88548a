"""The published shapes of LoCoMo, LongMemEval and BEAM, and the one shape they are normalised to."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mnesis.text.read.beam import beam
from mnesis.text.read.locomo import locomo
from mnesis.text.read.longmemeval import longmemeval


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize("reader", [locomo, longmemeval, beam])
def test_the_normalised_shape_is_read_without_its_gold(reader, tmp_path) -> None:
    turns = [
        {"turn_id": "D1:1", "speaker": "user", "text": "hello", "has_answer": True},
        {"turn_id": "D1:2", "speaker": "Ana", "text": "", "image_caption": "a lemon tree", "image_query": "fruit"},
        "not a turn",
    ]
    session = {"session_id": "session_1", "datetime": "1:56 pm on 8 May, 2023", "datetime_iso": "2023-05-08T13:56"}
    talk = {"conversation_id": "conv-1", "sessions": [{**session, "turns": turns}, {"session_id": "none"}]}
    path = tmp_path / "conversations.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps({**talk, "questions": [{"evidence": ["D1:1"]}]}) + "\n").encode()))
    records = list(reader()(path))
    assert [each.namespace for each in records] == ["conv-1"] * 4
    assert [each.event.text for each in records[:2]] == ["hello", "a lemon tree"]
    assert [each.event.role for each in records[:2]] == ["user", ""]
    assert [dict(each.event.meta) for each in records[:2]] == [{}, {"image_caption": "a lemon tree"}]
    assert [each.problem != "" for each in records] == [False, False, True, True]


def test_locomo_sessions_come_in_the_order_of_their_numbers(tmp_path) -> None:
    def turn(n: int) -> list[dict[str, str]]:
        return [{"speaker": "Ana", "dia_id": f"D{n}:1", "text": f"session {n}", "query": "search words"}]

    talk = {"speaker_a": "Ana", **{f"session_{n}": turn(n) for n in (10, 2, 1)}}
    talk |= {f"session_{n}_date_time": f"1:56 pm on {n} May, 2023" for n in (1, 2, 3, 10)}
    records = list(locomo()(write(tmp_path / "locomo10.json", [{"sample_id": "conv-26", "conversation": talk}, {}])))
    assert [each.event.source for each in records if each.event] == ["D1:1", "D2:1", "D10:1"]
    assert [each.event.at.day for each in records if each.event] == [1, 2, 10]
    assert all("search words" not in str(each.event) for each in records)
    assert records[-1].event is None


def test_longmemeval_haystacks_are_namespaces(tmp_path) -> None:
    def question(name: str, count: int = 1) -> dict[str, Any]:
        turns = [
            {"role": "user", "content": "I like tea.", "has_answer": True},
            {"role": "assistant", "content": "Noted."},
        ]
        return {
            "question_id": name,
            "question": "What do I like?",
            "answer": "secret",
            "haystack_session_ids": ["s1"] * count,
            "haystack_dates": ["2023/05/20 (Sat) 02:21"],
            "haystack_sessions": [turns],
        }

    records = list(
        longmemeval()(write(tmp_path / "longmemeval_s.json", [question("q1"), question("q2", 2), question("q3")]))
    )
    assert [each.namespace for each in records if each.event] == ["q1", "q1", "q3", "q3"]
    assert [each.event.source for each in records if each.event] == ["s1_t0", "s1_t1"] * 2
    assert "one length" in records[2].problem
    assert "secret" not in str(records)
    assert "has_answer" not in str(records)


def test_beam_sessions_follow_batches_and_time_anchors(tmp_path) -> None:
    def said(n: int, anchor: str = "") -> dict[str, Any]:
        return {
            "role": "user",
            "id": n,
            "content": f"message {n} ->-> 1,{n}",
            **({"time_anchor": anchor} if anchor else {}),
        }

    first = {"batch_number": 1, "turns": [[said(0, "March-15-2024"), said(1)], [said(2, "March-20-2024")], [said(3)]]}
    second = {"batch_number": 2, "turns": [[said(4)], [said(5, "April-02-2024")], ["odd"]]}
    records = list(beam()(write(tmp_path / "chats/100K/7/chat.json", [first, second])))
    events = [each.event for each in records if each.event]
    assert [each.session for each in events] == ["batch1.1", "batch1.1", "batch1.2", "batch1.2", "batch2.1", "batch2.2"]
    assert [each.at.date().isoformat() for each in events] == [
        *["2024-03-15"] * 2,
        *["2024-03-20"] * 3,
        "2024-04-02",
    ]
    assert [each.text for each in events] == [f"message {n}" for n in range(6)]
    assert {each.namespace for each in records} == {"beam-100K-7"}
    assert records[-1].event is None
