"""A whole space out of the command line and in again."""

from __future__ import annotations

import json
from pathlib import Path


def test_a_whole_space_goes_out_and_in_again(told, tmp_path: Path) -> None:
    head = told("export", "--whole", "-o", "backup.jsonl.gz").json["head"]
    made = told("import", "backup.jsonl.gz", "--space", "copy.mnesis").json
    assert made == {"space": "copy.mnesis", "commits": 3, "memories": 3, "head": head}
    assert told("verify", "--space", "copy.mnesis").json["ok"]
    assert told("export", "--whole", "--space", "copy.mnesis").out == told("export", "--whole").out
    assert told("import", "memory.mnesis", "--space", "third.mnesis").json["head"] == head
    assert "there already" in told("import", "backup.jsonl.gz", "--space", "copy.mnesis", code=1).err
    assert "leave --namespace out" in told("import", "backup.jsonl.gz", "--namespace", "x", code=2).err


def test_one_namespace_and_without_vectors(told) -> None:
    told("remember", "I live in Oslo.", "--namespace", "eva")
    part = told("export", "--whole", "--namespace", "eva").out
    assert "Oslo" in part
    assert "Lisbon" not in part
    told("reembed", "--embedder", "static")
    told("export", "--whole", "--no-vectors", "-o", "bare.jsonl")
    told("import", "bare.jsonl", "--space", "copy.mnesis")
    assert told("recall", "Where did Ana move?", "--space", "copy.mnesis").json[0]["why"]["vectors"]
    assert "--whole" in told("export", "--no-vectors", code=2).err


def test_an_altered_line_is_named(told, tmp_path: Path) -> None:
    told("export", "--whole", "-o", "x.jsonl")
    lines = (tmp_path / "x.jsonl").read_text(encoding="ascii").splitlines(keepends=True)
    assert json.loads(lines[2])["cube"]["text"] == "I moved to Lisbon."
    (tmp_path / "x.jsonl").write_text("".join(lines).replace("Lisbon", "London"), encoding="ascii")
    assert "x.jsonl:3" in told("import", "x.jsonl", "--space", "copy.mnesis", code=2).err
    assert not list(tmp_path.glob("copy*"))
