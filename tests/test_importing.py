"""Importing files into a real space: once, again, cut off, with faults, and the bundled samples."""

from __future__ import annotations

import gzip
import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import mnesis
from mnesis import Space, catalog
from mnesis.errors import BadInput, Malformed, NotFound, Rejected, UnknownName
from mnesis.importing import SHOWN, Fault, import_file
from mnesis.text.recipes import Recipe
from mnesis.words import Event

SAMPLES = files("mnesis") / "samples"


def refuse(event: Event) -> Event:
    """A guard that does not let the word "secret" in."""
    if "secret" in event.text:
        raise Rejected(f"{event.source} holds a secret.")
    return event


def plain() -> Recipe:
    """Every event one cube, found by its words."""
    make = catalog.make
    parts = (make("text.parse.turns"), make("text.decide.append"), (make("text.find.words"),))
    return Recipe("plain", *parts, make("text.rank.reciprocal_rank"), make("text.pack.greedy"), guard=(refuse,))


@pytest.fixture
def space():
    with Space(recipe=plain(), embedder="none") as made:
        yield made


def chat(folder: Path, count: int, **instead: str) -> Path:
    """A file of `count` messages, some lines of it replaced: chat(folder, 9, line3="broken")."""
    lines = [json.dumps({"role": "user", "content": f"message number {n}"}) for n in range(1, count + 1)]
    for name, text in instead.items():
        lines[int(name.removeprefix("line")) - 1] = text
    path = folder / "chat.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def commits(space: Space) -> int:
    return sum(1 for _ in space.journal())


def test_a_report_says_what_came_in(space, tmp_path) -> None:
    report = import_file(space, chat(tmp_path, 25), namespace="noor", batch=10)
    assert (report.format, report.events, report.added, report.known) == ("messages", 25, 25, 0)
    assert (report.faults, report.faulty) == ((), 0)
    assert report.seconds > 0
    assert commits(space) == 3
    assert len(list(space.cubes(namespace="noor"))) == 25
    (hit,) = space.recall("number 17", namespace="noor", k=1)
    assert hit.sources == ("chat.jsonl:17",)


def test_importing_again_adds_nothing(space, tmp_path) -> None:
    path = chat(tmp_path, 25)
    import_file(space, path)
    before = commits(space)
    again = import_file(space, path, batch=7)
    assert (again.events, again.added, again.known) == (25, 0, 25)
    assert commits(space) == before


def test_a_longer_file_adds_only_what_is_new(space, tmp_path) -> None:
    import_file(space, chat(tmp_path, 25))
    more = import_file(space, chat(tmp_path, 40), batch=30)
    assert (more.events, more.added, more.known) == (40, 15, 25)


def test_an_import_that_was_cut_off_goes_on(tmp_path) -> None:
    count = 8_000
    path = chat(tmp_path, count)

    def pull_the_plug(done: int, total: int) -> None:
        if done == total:  # the last block is read, the records of the one before are kept
            raise KeyboardInterrupt

    with Space(tmp_path / "a.mnesis", recipe=plain(), embedder="none") as space:
        with pytest.raises(KeyboardInterrupt):
            import_file(space, path, batch=500, progress=pull_the_plug)
        kept = space.namespaces()["default"]
        assert 0 < kept < count
        assert kept % 500 == 0
        assert space.verify().ok
    with Space(tmp_path / "a.mnesis", recipe=plain(), embedder="none") as space:
        report = import_file(space, path, batch=500)
        assert (report.added, report.known) == (count - kept, kept)
        assert space.namespaces() == {"default": count}
        assert space.verify().ok


def test_faulty_records_are_skipped_and_reported(space, tmp_path) -> None:
    path = chat(tmp_path, 9, line3="not json", line5='{"role": "user", "content": ""}')
    report = import_file(space, path)
    assert report.events == 7
    assert [fault.where for fault in report.faults] == ["chat.jsonl:3", "chat.jsonl:5"]
    assert report.faults[1] == Fault("chat.jsonl:5", "the text is empty.")


def test_only_the_first_faults_are_kept_but_all_are_counted(space, tmp_path) -> None:
    path = chat(tmp_path, 300, **{f"line{n}": "not json" for n in range(1, 300, 2)})
    report = import_file(space, path)
    assert (report.events, report.faulty, len(report.faults)) == (150, 150, SHOWN)


def test_stopping_at_a_fault_keeps_whole_batches_only(space, tmp_path) -> None:
    path = chat(tmp_path, 50, line38="not json")
    with pytest.raises(Malformed, match=r"chat\.jsonl:38: .*30 events before it are kept") as caught:
        import_file(space, path, on_error="stop", batch=10)
    assert caught.value.where == "chat.jsonl:38"
    assert len(list(space.cubes())) == 30
    with pytest.raises(Malformed, match="nothing was kept"):
        import_file(space, chat(tmp_path, 5, line2="not json"), namespace="other", on_error="stop")
    assert "other" not in space.namespaces()


def test_what_a_guard_refuses_costs_itself(space, tmp_path) -> None:
    secret = '{"role": "user", "content": "a secret"}'
    report = import_file(space, chat(tmp_path, 40, line7=secret, line31=secret))
    assert (report.events, report.added, report.faulty) == (38, 38, 2)
    assert [fault.where for fault in report.faults] == ["chat.jsonl:7", "chat.jsonl:31"]
    assert "holds a secret" in report.faults[0].problem


def test_a_refusal_stops_a_strict_import_with_nothing_of_the_batch_kept(space, tmp_path) -> None:
    path = chat(tmp_path, 40, line27='{"role": "user", "content": "a secret"}')
    with pytest.raises(Malformed, match=r"^chat\.jsonl:27: .*chat\.jsonl:27 holds a secret"):
        import_file(space, path, on_error="stop", batch=10)
    assert len(list(space.cubes())) == 20


def test_invalid_utf8_is_placed_and_skipped(space, tmp_path) -> None:
    path = chat(tmp_path, 5)
    path.write_bytes(path.read_bytes().replace(b"number 4", b"n\xfamero 4"))
    report = import_file(space, path)
    assert report.events == 4
    assert report.faults[0].where == "chat.jsonl:4"
    assert "0xfa" in report.faults[0].problem


def test_a_cut_archive_keeps_what_came_before(space, tmp_path) -> None:
    lines = [json.dumps({"role": "user", "content": os.urandom(30).hex()}) for _ in range(20_000)]
    packed = gzip.compress("\n".join(lines).encode())
    path = tmp_path / "chat.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    report = import_file(space, path)
    assert 5_000 < report.events < 15_000
    assert report.faulty == 1
    assert "damaged or cut short" in report.faults[0].problem


def test_progress_runs_from_nothing_to_the_whole_file(space, tmp_path) -> None:
    path = chat(tmp_path, 20_000)
    told: list[tuple[int, int]] = []
    import_file(space, path, progress=lambda done, total: told.append((done, total)))
    size = path.stat().st_size
    assert {total for _, total in told} == {size}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0][0] < size == told[-1][0]


def test_a_folder_is_imported_with_its_progress(space, tmp_path) -> None:
    for name in ("a.md", "b/c.txt", "picture.png"):
        (tmp_path / "notes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notes" / name).write_text(f"Words of {name}.", encoding="utf-8")
    told: list[tuple[int, int]] = []
    report = import_file(space, tmp_path / "notes", progress=lambda done, total: told.append((done, total)))
    assert (report.format, report.events) == ("markdown", 2)
    assert told[-1] == (len("Words of a.md.") + len("Words of b/c.txt."),) * 2


def conversations(folder: Path) -> Path:
    path = folder / "locomo10.json"
    talk = {"session_1_date_time": "1:56 pm on 8 May, 2023"}
    turns = [{"speaker": "Ana", "dia_id": "D1:1", "text": "hello there"}]
    samples = [{"sample_id": name, "conversation": {**talk, "session_1": turns}} for name in ("conv-1", "conv-2")]
    path.write_text(json.dumps(samples), encoding="utf-8")
    return path


def test_what_a_file_keeps_apart_stays_apart(space, tmp_path) -> None:
    path = conversations(tmp_path)
    assert import_file(space, path).added == 2
    assert space.namespaces() == {"conv-1": 1, "conv-2": 1}
    assert import_file(space, path, namespace="all").added == 2
    assert sorted(cube.sources[0] for cube in space.cubes(namespace="all")) == ["conv-1/D1:1", "conv-2/D1:1"]
    assert sorted(cube.session for cube in space.cubes(namespace="all")) == ["conv-1/session_1", "conv-2/session_1"]


def test_options_go_to_the_reader(space, tmp_path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("note;who\nhello there;Ana\n", encoding="utf-8")
    assert import_file(space, path, text="note", speaker="who").events == 1
    with pytest.raises(UnknownName, match=r"column of notes\.csv named 'nota'; did you mean 'note'"):
        import_file(space, path, text="nota")
    with pytest.raises(UnknownName, match="did you mean 'speaker'"):
        import_file(space, path, speakr="who")


def test_the_sources_are_the_same_packed_or_not(space, tmp_path) -> None:
    path = chat(tmp_path, 5)
    import_file(space, path)
    packed = tmp_path / "chat.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert import_file(space, packed).known == 5


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"format": "mesages"}, UnknownName, "did you mean 'messages'"),
        ({"on_error": "ignore"}, UnknownName, "skip, stop"),
        ({"batch": 0}, BadInput, "at least 1"),
        ({"batch": "many"}, BadInput, "at least 1"),
    ],
)
def test_what_cannot_be_done_as_asked_is_told(options: dict[str, Any], error, message: str, space, tmp_path) -> None:
    with pytest.raises(error, match=message):
        import_file(space, chat(tmp_path, 3), **options)
    assert commits(space) == 0


def test_a_missing_or_unclear_file_is_told(space, tmp_path) -> None:
    with pytest.raises(NotFound, match="no file at"):
        import_file(space, tmp_path / "nowhere.jsonl")
    with pytest.raises(BadInput, match="is a folder"):
        import_file(space, tmp_path, format="messages")
    (tmp_path / "a.json").write_text('{"rows": 5}', encoding="utf-8")
    with pytest.raises(BadInput, match="format=…, one of"):
        import_file(space, tmp_path / "a.json")
    assert commits(space) == 0


# ------------------------------------------------------------------------------------------- the bundled samples

QUESTIONS = json.loads((SAMPLES / "questions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def samples():
    """A space with both sample conversations, each in a namespace of its own."""
    with mnesis.open(embedder="none") as made:
        for name in ("ana_and_tom.txt", "assistant.jsonl"):
            report = import_file(made, Path(str(SAMPLES / name)), namespace=name)
            assert (report.faulty, report.known) == (0, 0)
        yield made


def test_the_samples_are_whole_conversations(samples) -> None:
    friends = list(samples.cubes(namespace="ana_and_tom.txt"))
    assert {cube.speaker for cube in friends} == {"Ana", "Tom"}
    assert 80 <= len(friends) <= 120
    assert len({cube.session for cube in friends}) == 8
    assert min(cube.at for cube in friends).isoformat()[:7] == "2025-11"
    assert max(cube.at for cube in friends).isoformat()[:7] == "2026-06"
    assert sum("image_caption" in cube.meta for cube in friends) == 3
    assistant = list(samples.cubes(namespace="assistant.jsonl"))
    assert {cube.role for cube in assistant} == {"user", "assistant"}
    assert len(assistant) == 60


def test_there_are_questions_of_every_kind() -> None:
    assert len(QUESTIONS) == 12
    assert {each["kind"] for each in QUESTIONS} == {"single", "temporal", "multi-hop", "update", "who"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each["question"])
def test_recall_finds_the_evidence_in_the_samples(question: dict[str, Any], samples) -> None:
    known = {source for cube in samples.cubes(namespace=question["file"]) for source in cube.sources}
    assert set(question["evidence"]) <= known
    hits = samples.recall(question["question"], namespace=question["file"], k=5, now="2026-06-21")
    assert set(question["evidence"]) & {source for hit in hits for source in hit.sources}
