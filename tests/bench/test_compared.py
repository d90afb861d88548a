"""Recipes put beside verbatim: the same cases for all, costs that add up, runs taken up, minds over the wire."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mnesis import catalog
from mnesis.bench import compared
from mnesis.bench.compared import compare
from mnesis.bench.tasks.locomo import SAMPLE
from mnesis.errors import BadInput, UnknownName
from mnesis.models.openai import openai
from mnesis.schema import example

ASKS = "mem0"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "locomo"
    folder.mkdir(parents=True)
    rows = [{**SAMPLE[0], "conversation_id": name} for name in ("one", "two", "three")]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "conversations.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path / "data"


def lines_of(results: Path) -> list[Any]:
    return [json.loads(line) for line in (results / "recipes.jsonl").read_text("utf-8").splitlines()]


def test_each_recipe_stands_beside_verbatim(tmp_path: Path, data: Path) -> None:
    told: list[tuple[str, int, int]] = []
    results = tmp_path / "results"
    lines = compare(["locomo"], data, "default", "none", results, cases=2, progress=lambda *each: told.append(each))
    assert lines_of(results) == json.loads(json.dumps(lines))
    yard, other = lines
    assert [each["recipe"] for each in lines] == ["verbatim", "default"]
    assert all((each["task"], each["benchmark"], each["cases"], each["events"]) == ("recipes", "locomo", 2, 14)
               for each in lines)  # fmt: skip
    assert all((each["mind"], each["questions"], each["asked"]["questions"]) == ("rules", 0, 0) for each in lines)
    assert yard["metrics"]["against"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": other["metrics"]["against"]["n"]}
    head = yard["headline"]
    gap = other["metrics"][head]["value"] - yard["metrics"][head]["value"]
    assert other["metrics"]["against"]["value"] == pytest.approx(gap)
    assert yard["metrics"]["write_times"]["value"] == yard["metrics"]["bytes_times"]["value"] == 1.0
    assert yard["metrics"]["cubes"]["value"] == 1.0
    assert 0 < other["metrics"]["tokens"]["value"] <= compared.BUDGET
    assert 0 < other["metrics"]["evidence"]["value"] <= 1
    assert other["metrics"]["bytes"]["value"] > 100
    assert told[-1] == ("locomo · default · done", 2, 2)


def test_a_run_that_stopped_goes_on(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = tmp_path / "results"
    lived: list[str] = []
    one = compared._Run._case

    def counted(self: Any, recipe: str, case: Any) -> Any:
        lived.append(f"{recipe} {case.name}")
        if len(lived) == 5:
            raise KeyboardInterrupt
        return one(self, recipe, case)

    monkeypatch.setattr(compared._Run, "_case", counted)
    with pytest.raises(KeyboardInterrupt):
        compare(["locomo"], data, "default", "none", results)
    compare(["locomo"], data, "default", "none", results)
    assert lived == [
        "verbatim one",
        "verbatim two",
        "verbatim three",
        "default one",
        *["default two"] * 2,
        "default three",
    ]
    assert [each["recipe"] for each in lines_of(results)] == ["verbatim", "verbatim", "default"]
    compare(["locomo"], data, "default", "none", results, resume=False)
    assert len(lived) == 13


def test_all_means_every_recipe_and_samples_are_not_recorded(tmp_path: Path) -> None:
    lines = compare(["locomo"], "sample", embedder="none", results=tmp_path)
    assert {each["recipe"] for each in lines} == {each.rpartition(".")[2] for each in catalog.names("text.recipes")}
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_is_refused_before_anything_runs(tmp_path: Path) -> None:
    for wrong in ({"cases": -1}, {"questions": 3}, {"recipe": "nothing"}, {"mind": 7}):
        with pytest.raises(BadInput):
            compare(["locomo"], "sample", embedder="none", results=tmp_path, **wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        compare(["nothing"], "sample", "default", "none", tmp_path)


class Endpoint(BaseHTTPRequestHandler):
    """Answers every question with something that fits its schema; every third time with nonsense."""

    seen = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen += 1
        form = json.loads(body["messages"][0]["content"].partition("fits this schema: ")[2].partition("\n")[0])
        text = "no idea" if self.seen % 3 == 0 else json.dumps(example(form, Random(self.seen)))
        said = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": 50, "completion_tokens": 5, "total_tokens": 55}}  # fmt: skip
        raw = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
        thread.join()


def test_the_same_over_an_endpoint(tmp_path: Path, data: Path, base: str) -> None:
    pytest.importorskip("openai", reason="openai is not installed: pip install 'mnesis[openai]'")
    mind: Any = openai("m", base, "key")
    lines = compare(["locomo"], data, ASKS, "none", tmp_path / "results", cases=1, mind=mind, questions=4)
    yard, asking = lines
    assert yard["asked"]["questions"] == 0
    assert 0 < asking["asked"]["questions"] == Endpoint.seen
    assert asking["asked"]["read"] == 50 * Endpoint.seen
    assert (asking["mind"], asking["questions"]) == ("openai/m", 4)
    mind.close()
