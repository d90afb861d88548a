"""Runs of whole tasks through the front door, on the built-in samples or on small files made from them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mnesis.bench import run as runner
from mnesis.bench.run import ranked_sources, run
from mnesis.bench.tasks.locomo import SAMPLE
from mnesis.errors import BadInput, NotFound, UnknownName
from mnesis.words import Hit, MemCube

FIELDS = {
    "task", "recipe", "embedder", "metrics", "groups", "n", "references", "commit", "dirty", "versions", "machine",
    "seed", "seconds", "when",
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "locomo"
    folder.mkdir(parents=True)
    rows = [{**SAMPLE[0], "conversation_id": name} for name in ("one", "two", "three")]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "conversations.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path / "data"


@pytest.mark.parametrize("name", ["locomo", "longmemeval", "dynamicqa", "timeqa:within=true", "2wiki"])
def test_samples_run_end_to_end_and_are_not_recorded(tmp_path: Path, name: str) -> None:
    (line,) = run([name], "sample", embedder="none", results=tmp_path)
    assert set(line) >= FIELDS
    assert line["metrics"]
    assert all(0 <= each["low"] <= each["value"] <= each["high"] <= 1 for each in line["metrics"].values())
    assert list(line["references"]) == ["bm25"]
    assert list(tmp_path.iterdir()) == []


def test_a_run_appends_one_line_for_each_recipe(tmp_path: Path, data: Path) -> None:
    told: list[tuple[str, int, int]] = []
    lines = run(
        ["locomo"], data, recipe="verbatim,default", embedder="none", results=tmp_path / "results",
        progress=lambda *each: told.append(each),
    )  # fmt: skip
    written = [json.loads(line) for line in (tmp_path / "results" / "locomo.jsonl").read_text("utf-8").splitlines()]
    assert written == json.loads(json.dumps(lines))
    assert [line["recipe"] for line in written] == ["verbatim", "default"]
    assert written[0]["n"] == 18
    assert written[0]["events"] == 21
    assert "adversarial" in written[0]["groups"]
    assert max(done for _, done, _ in told) == 18
    assert all(done <= total for _, done, total in told)
    text = json.dumps(written)
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, data: Path) -> None:
    results = tmp_path / "results"
    seen: list[str] = []

    def stop_at_two(what: str, done: int, total: int) -> None:
        seen.append(what.rpartition(" · ")[2])
        if "references" not in what and seen[-1] == "two" and done > 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(["locomo"], data, embedder="none", results=results, progress=stop_at_two)
    assert not (results / "locomo.jsonl").exists()
    asked: list[str] = []

    def watch(what: str, done: int, total: int) -> None:
        if "references" not in what and done % 6:
            asked.append(what.rpartition(" · ")[2])

    (line,) = run(["locomo"], data, embedder="none", results=results, progress=watch)
    assert set(asked) == {"two", "three"}, "the first case was not asked again"
    (fresh,) = run(["locomo"], data, embedder="none", results=results, resume=False)
    assert fresh["metrics"] == line["metrics"]
    assert len((results / "locomo.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_torn_line_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_text('{"name": "a", "record": {"x": 1}}\n{"name": "b", "rec', encoding="utf-8")
    assert runner.kept_records(path) == {"a": {"x": 1}}


def test_other_data_is_another_fingerprint() -> None:
    (case,) = runner.task_of("locomo").load(None)
    (again,) = runner.task_of("locomo").load(None)
    assert runner.fingerprint(case) == runner.fingerprint(again)
    again.events.pop()
    assert runner.fingerprint(case) != runner.fingerprint(again)


def test_fewer_hits_leave_out_the_measures_beyond_them(tmp_path: Path) -> None:
    (line,) = run(["locomo"], "sample", embedder="none", k=5, results=tmp_path, references=False)
    assert "recall@5" in line["metrics"]
    assert "recall@10" not in line["metrics"]
    assert "session_recall@10" in line["metrics"], "sessions are ranked from a deeper recall"
    assert line["references"] == {}


def test_a_file_of_its_own_gives_the_same_numbers(tmp_path: Path) -> None:
    (ram,) = run(["locomo"], "sample", embedder="none", results=tmp_path)
    (file,) = run(["locomo"], "sample", embedder="none", results=tmp_path, store="sqlite")
    assert ram["metrics"] == file["metrics"]


def test_the_first_hit_of_each_source_counts() -> None:
    hits = [
        Hit(MemCube("1", "", sources=("a", "b")), 3.0),
        Hit(MemCube("2", "", sources=("b", "c")), 2.0),
        Hit(MemCube("3", "", sources=()), 1.0),
    ]
    assert ranked_sources(hits) == ["a", "b", "c"]


def test_wrong_wishes_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--data"):
        run(["locomo"], "")
    with pytest.raises(NotFound, match="--data"):
        run(["locomo"], tmp_path / "nowhere")
    with pytest.raises(UnknownName, match="default"):
        run(["locomo"], "sample", recipe="defalt")
    with pytest.raises(UnknownName, match="static"):
        run(["locomo"], "sample", embedder="statik")
    with pytest.raises(UnknownName, match="sqlite"):
        run(["locomo"], "sample", store="sqlit")
    with pytest.raises(BadInput, match="k=0"):
        run(["locomo"], "sample", k=0)
