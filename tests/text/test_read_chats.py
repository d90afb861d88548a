"""Chat exports: messages a line, and the conversations.json of ChatGPT and Claude."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mnesis.text.read import Record
from mnesis.text.read.chatgpt import chatgpt
from mnesis.text.read.claude import claude
from mnesis.text.read.messages import messages


def lines(folder: Path, *records: Any, name: str = "chat.jsonl") -> Path:
    path = folder / name
    path.write_text(
        "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records), encoding="utf-8"
    )
    return path


def texts(records: list[Record]) -> list[str]:
    return [each.event.text for each in records if each.event]


# ------------------------------------------------------------------------------------------------------ messages


def test_a_message_keeps_who_when_and_where(tmp_path) -> None:
    said = {"id": "m7", "role": "user", "name": "Noor", "content": "hi", "timestamp": 1772409600, "session": "s1"}
    (record,) = messages()(lines(tmp_path, said))
    event = record.event
    assert (event.speaker, event.role, event.trust, event.source, event.session) == ("Noor", "user", "user", "m7", "s1")
    assert event.at.isoformat() == "2026-03-02T00:00:00+00:00"


def test_an_exchange_is_a_session_and_hides_its_instructions(tmp_path) -> None:
    exchange = {
        "id": "talk-1",
        "created_at": "2026-03-02",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {
                "role": "user",
                "content": [{"type": "text", "text": "What is"}, {"type": "image_url"}, {"text": "this?"}],
            },
            {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "look", "arguments": "{}"}}]},
            {"role": "tool", "content": "a cat", "timestamp": "2026-03-03"},
        ],
    }
    path = lines(tmp_path, exchange)
    records = list(messages()(path))
    assert texts(records) == ["What is\nthis?", "look({})", "a cat"]
    assert [each.event.role for each in records] == ["user", "assistant", "tool"]
    assert [each.event.trust for each in records] == ["user", "agent", "tool"]
    assert {each.event.session for each in records} == {"talk-1"}
    assert [each.event.at.day for each in records] == [2, 2, 3]
    assert len({each.event.source for each in records}) == 3
    assert texts(list(messages(system=True)(path)))[0] == "Be kind."


def test_an_array_of_messages_on_one_line_has_sources_apart(tmp_path) -> None:
    path = tmp_path / "chat.json"
    path.write_text(json.dumps([{"role": "user", "content": "a"}, {"role": "user", "content": "a"}]), encoding="utf-8")
    assert len({each.event.source for each in messages()(path)}) == 2


def test_faulty_messages_are_told_by_line(tmp_path) -> None:
    path = lines(
        tmp_path,
        {"role": "user", "content": "one"},
        "not json",
        {"content": "nobody"},
        {"role": "user", "content": 5},
        {"role": "user", "content": ""},
        {"role": "user", "content": "x", "timestamp": "soon"},
        '{"role": "user", "content": "half \\ud83d"}',
        ["a", "list"],
        {"role": "user", "content": "nine"},
    )
    records = list(messages()(path))
    assert texts(records) == ["one", "nine"]
    assert [each.where for each in records] == [f"chat.jsonl:{n}" for n in range(1, 10)]
    assert "surrogate" in records[6].problem


def test_a_caption_is_kept_and_stands_in_for_missing_words(tmp_path) -> None:
    path = lines(tmp_path, {"role": "user", "content": "", "image_caption": "a goat"})
    (record,) = messages()(path)
    assert (record.event.text, record.event.meta) == ("a goat", {"image_caption": "a goat"})


# ------------------------------------------------------------------------------------------------------- chatgpt


def node(name: str, parent: str | None, role: str = "", parts: Any = (), **message: Any) -> dict[str, Any]:
    content = {"content_type": message.pop("content_type", "text"), "parts": list(parts)}
    said = {"id": f"id-{name}", "author": {"role": role}, "content": content, **message} if role else None
    return {"id": name, "parent": parent, "message": said}


def export(folder: Path, *nodes: dict[str, Any], **conversation: Any) -> Path:
    path = folder / "conversations.json"
    whole = {"title": "Trip", "conversation_id": "c1", "mapping": {each["id"]: each for each in nodes}, **conversation}
    path.write_text(json.dumps([whole]), encoding="utf-8")
    return path


def test_only_the_branch_that_was_kept_is_read(tmp_path) -> None:
    path = export(
        tmp_path,
        node("root", None),
        node("q", "root", "user", ["Where to?"], create_time=1772409600.0),
        node("old", "q", "assistant", ["Paris"]),
        node("new", "q", "assistant", ["Porto"]),
        current_node="new",
    )
    records = list(chatgpt()(path))
    assert texts(records) == ["Where to?", "Porto"]
    assert [each.event.source for each in records] == ["id-q", "id-new"]
    assert [each.event.at.isoformat() for each in records] == ["2026-03-02T00:00:00+00:00"] * 2
    assert records[0].event.meta == {"title": "Trip"}
    assert records[1].where == "conversations.json, conversation 1, message 2"


def test_what_was_not_said_is_left_out(tmp_path) -> None:
    path = export(
        tmp_path,
        node("s", None, "system", ["rules"]),
        node("h", "s", "user", ["hidden"], metadata={"is_visually_hidden_from_conversation": True}),
        node("w", "h", "assistant", ["weightless"], weight=0.0),
        node("t", "w", "assistant", ["hm"], content_type="thoughts"),
        node("e", "t", "assistant", [""]),
        node("i", "e", "user", [{"content_type": "image_asset_pointer"}, "a photo"], content_type="multimodal_text"),
        node("tool", "i", "tool", ["42"]),
        current_node="tool",
    )
    assert texts(list(chatgpt()(path))) == ["a photo", "42"]
    assert texts(list(chatgpt(tools=False)(path))) == ["a photo"]


def test_code_is_read_from_its_own_field(tmp_path) -> None:
    code = {"id": "c", "parent": None, "message": {"author": {"role": "assistant"}}}
    code["message"]["content"] = {"content_type": "code", "text": "print(1)"}
    assert texts(list(chatgpt()(export(tmp_path, code, current_node="c")))) == ["print(1)"]


def test_without_a_current_node_the_last_leaf_is_followed(tmp_path) -> None:
    path = export(tmp_path, node("a", None, "user", ["hi"]), node("b", "a", "assistant", ["hello"]))
    assert texts(list(chatgpt()(path))) == ["hi", "hello"]


def test_a_tree_that_bites_its_tail_ends(tmp_path) -> None:
    path = export(tmp_path, node("a", "b", "user", ["hi"]), node("b", "a", "assistant", ["hello"]), current_node="b")
    assert texts(list(chatgpt()(path))) == ["hi", "hello"]


def test_a_message_without_an_author_costs_itself(tmp_path) -> None:
    odd = {"id": "x", "parent": "a", "message": {"id": "x", "content": {"parts": ["?"]}}}
    path = export(
        tmp_path, node("a", None, "user", ["hi"]), odd, node("b", "x", "assistant", ["yes"]), current_node="b"
    )
    records = list(chatgpt()(path))
    assert texts(records) == ["hi", "yes"]
    assert records[1].where.endswith("message 2")


# -------------------------------------------------------------------------------------------------------- claude


def test_claude_blocks_are_joined_and_wordless_messages_left_out(tmp_path) -> None:
    blocks = [
        {"type": "text", "text": "First."},
        {"type": "tool_use", "name": "search"},
        {"type": "text", "text": "Then."},
    ]
    talk = {
        "uuid": "c1",
        "name": "Garden",
        "created_at": "2026-03-02T08:00:00Z",
        "chat_messages": [
            {"uuid": "m1", "sender": "human", "text": "Help", "content": [], "created_at": "2026-03-02T09:00:00Z"},
            {"uuid": "m2", "sender": "assistant", "text": "", "content": blocks},
            {"uuid": "m3", "sender": "human", "text": "", "content": [{"type": "image"}]},
            {"uuid": "m4", "sender": "nobody", "text": "?"},
        ],
    }
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([talk, {"uuid": "c2"}]), encoding="utf-8")
    records = list(claude()(path))
    assert texts(records) == ["Help", "First.\nThen."]
    assert [each.event.role for each in records if each.event] == ["user", "assistant"]
    assert [each.event.at.hour for each in records if each.event] == [9, 8]
    assert [each.where for each in records if not each.event] == [
        "conversations.json, conversation 1, message 4",
        "conversations.json, conversation 2",
    ]
