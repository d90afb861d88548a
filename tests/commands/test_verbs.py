"""Each verb does what its help says, on a real space in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LIVES = "Where did Ana move?"


def test_remember_then_recall(told) -> None:
    best = told("recall", LIVES, "-k", "2").json[0]
    assert best["text"] == "I moved to Lisbon."
    assert best["speaker"] == "Ana"
    assert best["sources"] == ["chat:1"]
    assert best["why"]


def test_every_line_of_standard_input_is_an_event(cli) -> None:
    made = cli("remember", "-", "--speaker", "Ana", input="I like jazz.\n\nI play the piano.\n").json
    assert [cube["text"] for cube in made] == ["I like jazz.", "I play the piano."]


def test_a_source_that_is_known_adds_nothing(told) -> None:
    again = ("--speaker", "Ana", "--at", "2026-03-02", "--source", "chat:1")
    twice = told("remember", "I moved to Lisbon.", *again)
    assert twice.json == []
    assert "--again" in twice.err


def test_ids_alone_can_be_piped(told) -> None:
    whole = told("recall", LIVES, "-k", "2").json
    assert told("recall", LIVES, "-k", "2", "--ids").out.split() == [hit["id"] for hit in whole]


def test_namespaces_are_walls(told) -> None:
    told("remember", "I live in Oslo.", "--namespace", "eva")
    assert {hit["text"] for hit in told("recall", "Where does she live?", "--namespace", "eva").json} == {
        "I live in Oslo."
    }
    assert "I live in Oslo." not in told("recall", "Oslo live").out


def test_context_is_within_its_budget_and_traceable(told) -> None:
    packed = told("context", LIVES, "--budget", "60").json
    assert packed["tokens"] <= packed["budget"] == 60
    assert all(line["cubes"] for line in packed["lines"])
    assert told("context", LIVES, "--budget", "60", "--plain").out.strip() == packed["text"]


def test_revise_and_history(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    assert told("revise", id, "I moved to Porto.", "--expected-version", "1").json["version"] == 2
    versions = told("history", id).json
    assert [each["text"] for each in versions] == ["I moved to Lisbon.", "I moved to Porto."]
    assert versions[0]["known_to"]
    assert "known_to" not in versions[1]


def test_a_lost_race_is_an_error(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    told("revise", id, "I moved to Porto.")
    lost = told("revise", id, "I moved to Faro.", "--expected-version", "1", code=1)
    assert "version 2" in lost.err
    assert told("history", id).json[-1]["text"] == "I moved to Porto."


def test_as_of_answers_from_what_was_known(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    told("revise", id, "I moved to Porto.")
    assert "Lisbon" in told("recall", LIVES, "--as-of", "3").out
    assert "Lisbon" not in told("recall", LIVES).out


def test_forget_by_question(told) -> None:
    gone = told("forget", "--query", "the bicycle in Berlin").json
    assert [cube["text"] for cube in gone] == ["My bicycle was stolen in Berlin."]
    assert "bicycle" not in told("recall", "the bicycle in Berlin").out
    assert "bicycle" in told("history", gone[0]["id"]).out


def test_forget_an_id_that_is_not_there_forgets_nothing(told) -> None:
    before = told("export").out
    assert "bicycle" in told("forget", "bicycle", code=1).err
    assert told("export").out == before


def test_erase_leaves_nothing(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    receipt = told("forget", id, "--erase").json
    assert receipt["erased"] == [id]
    assert receipt["versions"] == 1
    told("history", id, code=1)


def test_forget_asks_for_one_of_id_and_question(told) -> None:
    assert "--query" in told("forget", code=2).err
    assert "--query" in told("forget", "x", "--query", "y", code=2).err


def test_explain_names_finders_and_sources(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    said = told("explain", id, LIVES).json
    assert said["place"] == 1
    assert "chat:1" in said["explanation"]
    assert "answers" in told("explain", "nobody", LIVES, code=1).err


def test_export_is_one_json_object_a_line(told, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in told("export").out.splitlines()]
    assert [each["text"] for each in lines] == [
        "I moved to Lisbon.",
        "I adopted a cat called Miso.",
        "My bicycle was stolen in Berlin.",
    ]
    assert "3 memories" in told("export", "--output", "all.jsonl").err
    assert [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()] == lines


def test_verify_finds_a_healthy_space_healthy(told) -> None:
    said = told("verify").json
    assert (said["ok"], said["problems"]) == (True, [])
    assert said["head"].startswith("3:")


def test_a_head_kept_elsewhere_tells_whether_the_journal_was_rewritten(told) -> None:
    head = told("verify", "--head").out.strip()
    told("remember", "One more.")
    assert told("verify", "--against", head).json["ok"]
    number, _, hash = head.partition(":")
    other = told("verify", "--against", f"{number}:{hash[::-1]}", code=1)
    assert f"Commit {number} has not the hash" in other.json["problems"][0]
    assert "is gone" in told("verify", "--against", f"9:{hash}", code=1).json["problems"][0]
    assert "SEQ:HASH" in told("verify", "--against", "yesterday", code=2).err


def test_the_doctor_finds_nothing_wrong_with_a_healthy_space(told) -> None:
    assert told("doctor", "memory.mnesis").json == {"ok": True, "findings": []}
    (finding,) = told("doctor", "elsewhere.mnesis", code=1).json["findings"]
    assert "There is no file" in finding["wrong"]
    assert "mnesis remember" in finding["do"]


def test_the_doctor_is_told_of_a_space_as_every_verb_is(told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = {"ok": True, "findings": []}
    (tmp_path / "memory.mnesis").rename(tmp_path / "ana.mnesis")
    assert not told("doctor", code=1).json["ok"]
    assert told("doctor", "--space", "ana.mnesis").json == told("doctor", "ana.mnesis").json == healthy
    twice = told("doctor", "ana.mnesis", "--space", "tom.mnesis", code=2).err
    assert "named twice, as ana.mnesis and by --space tom.mnesis; leave one of them out" in twice
    monkeypatch.setenv("MNESIS_SPACE", "ana.mnesis")
    assert told("doctor").json == healthy
    for named in (["tom.mnesis"], ["--space", "tom.mnesis"]):
        (finding,) = told("doctor", *named, code=1).json["findings"]
        assert "There is no file tom.mnesis" in finding["wrong"]
    (tmp_path / "ana.mnesis").rename(tmp_path / "memory.mnesis")
    monkeypatch.delenv("MNESIS_SPACE")
    assert told("doctor").json == healthy
    assert told("doctor", "--space", "memory.mnesis", "--salvage", "rescued.mnesis").json["cubes"] == 3


def test_what_can_be_read_of_a_damaged_space_is_rescued(told, tmp_path: Path) -> None:
    damaged = tmp_path / "memory.mnesis"
    raw = damaged.read_bytes()
    damaged.write_bytes(bytes(4096) + raw[4096:])
    advice = told("doctor", "memory.mnesis", code=1).json["findings"][0]["do"]
    assert "mnesis doctor memory.mnesis --salvage NEW" in advice
    said = told("doctor", "memory.mnesis", "--salvage", "rescued.mnesis")
    assert (said.json["cubes"], said.json["damaged"]) == (3, [])
    assert "3 memories rescued" in said.err
    assert told("verify", "--space", "rescued.mnesis").json["ok"]
    assert "Miso" in told("recall", "What is the cat called?", "--space", "rescued.mnesis").out
    assert "is there already" in told("doctor", "memory.mnesis", "--salvage", "rescued.mnesis", code=2).err
    assert "no file" in told("doctor", "elsewhere.mnesis", "--salvage", "more.mnesis", code=1).err


def test_tend_says_why(told) -> None:
    told("remember", "The ferry leaves from the northern pier", "--speaker", "Ana")
    told("remember", "the ferry leaves from the northern pier!", "--speaker", "Ana")
    (commit,) = told("tend").json
    assert [each["change"] for each in commit["accounts"]] == ["rewrote", "retired"]
    assert commit["accounts"][1]["why"].startswith("says the same as ")
    assert commit["accounts"][1]["memory"] == "the ferry leaves from the northern pier!"
    assert told("tend", "--again").json == []


def test_tend_twice_is_tend_once(told) -> None:
    told("tend", "--now", "2026-06-01")
    assert told("tend", "--now", "2026-06-01").json == []


def test_import_reports_and_repeats_nothing(cli, tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text("Ana: I adopted a cat.\nTom: What is its name?\nAna: Miso.\n", encoding="utf-8")
    first = cli("import", "chat.txt").json
    assert first["added"] == 3
    assert first["faults"] == []
    assert cli("import", "chat.txt").json["added"] == 0
    assert "Miso" in cli("recall", "What is the name of the cat?").out


def test_import_names_the_line_it_skips(cli, tmp_path: Path) -> None:
    (tmp_path / "chat.jsonl").write_text(
        '{"role": "user", "content": "I moved."}\nnot json\n{"role": "user", "content": "To Faro."}\n', encoding="utf-8"
    )
    done = cli("import", "chat.jsonl")
    assert done.json["added"] == 2
    assert "chat.jsonl:2" in done.err
    stopped = cli("import", "chat.jsonl", "--on-error", "stop", "--namespace", "strict", code=2)
    assert "chat.jsonl:2" in stopped.err
    assert cli("export", "--namespace", "strict").out == ""


def test_import_maps_columns(cli, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("author,body\nAna,I like jazz.\n", encoding="utf-8")
    cli("import", "notes.csv", "--map", "text=body", "--map", "speaker=author")
    (note,) = [json.loads(line) for line in cli("export").out.splitlines()]
    assert (note["speaker"], note["text"]) == ("Ana", "I like jazz.")
    assert "FIELD=COLUMN" in cli("import", "notes.csv", "--map", "body", code=2).err


def test_catalog_and_show_agree(cli) -> None:
    listed = cli("catalog", "text.rank").json
    assert {"address", "sentence", "source", "needs", "cost"} == set(listed[0])
    shown = cli("show", listed[0]["address"]).json
    assert shown["sentence"] == listed[0]["sentence"]
    options = {each["name"]: each for each in cli("show", "text.rank.recency").json["options"]}
    assert options
    assert all(each["type"] for each in options.values())


def test_show_says_which_extra_is_missing(cli) -> None:
    from mnesis import catalog
    from mnesis.errors import Unavailable

    lacking = []
    for address in catalog.names():
        try:
            catalog.maker(address)
        except Unavailable:
            lacking.append(address)
    if not lacking:
        pytest.skip("every extra is installed here, so nothing is missing")
    shown = cli("show", lacking[0])
    assert "pip install" in shown.err
    assert shown.json["source"]


def test_bench_lists_its_tasks(cli) -> None:
    assert "locomo" in {each["task"] for each in cli("bench", "--list").json}
    assert "--list" in cli("bench", code=2).err


def test_history_without_an_id_is_the_journal(told) -> None:
    told("remember", "I live in Oslo.", "--namespace", "eva", "--key", "k1")
    entries = told("history").json
    assert [each["commit"] for each in entries] == [1, 2, 3, 4]
    assert (entries[-1]["namespace"], entries[-1]["changes"]) == ("eva", {"once": 1, "add": 1})
    assert [each["commit"] for each in told("history", "--last", "1").json] == [4]
    assert [each["commit"] for each in told("history", "--namespace", "eva").json] == [4]
    assert "journal" in told("history", "--as-of", "1", code=2).err
    assert "--last" in told("history", "x", "--last", "1", code=2).err


def test_rollback_and_back_again(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    told("revise", id, "I moved to Porto.")
    done = told("rollback", "1").json
    assert (done["to"], done["commits"], done["restored"], len(done["retired"])) == (1, [5], [id], 2)
    assert [json.loads(line)["text"] for line in told("export").out.splitlines()] == ["I moved to Lisbon."]
    assert told("history").json[-1]["reason"] == "rollback to 1"
    told("undo", "5")
    assert "Porto" in told("export").out
    assert told("rollback", "2026-01-01").json["to"] == 0
    assert told("export").out == ""
    assert "0 (nothing yet) to 7" in told("rollback", "99", code=2).err
    assert "ISO 8601" in told("rollback", "soon", code=2).err
    assert "mnesis history" in told("rollback", "", code=2).err


def test_undo_names_what_rests_on_a_commit(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    told("revise", id, "I moved to Porto.")
    assert "commit 4 rests on it" in told("undo", "1", code=1).err
    assert told("undo", "4").json["restored"] == [id]
    assert told("undo", "1").json["retired"] == [id]
    assert "from 1 to 6" in told("undo", "9", code=1).err


def test_a_key_is_told_once(told) -> None:
    first = told("remember", "I live in Oslo.", "--key", "k1").json
    assert told("remember", "I live in Oslo.", "--key", "k1").json == first
    assert "something else" in told("remember", "I live in Rome.", "--key", "k1", code=1).err


def test_context_and_history_in_time(told) -> None:
    (id,) = told("recall", LIVES, "-k", "1", "--ids").out.split()
    told("revise", id, "I moved to Porto.")
    assert "Lisbon" in told("context", LIVES, "--as-of", "3", "--plain").out
    assert "Lisbon" not in told("context", LIVES, "--plain").out
    assert told("context", LIVES, "--valid-at", "2026-01-01", "--plain").out.strip() == ""
    assert [each["text"] for each in told("history", id, "--as-of", "3").json] == ["I moved to Lisbon."]
    assert told("history", id, "--valid-at", "2026-01-01").json == []
