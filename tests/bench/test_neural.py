"""The bench of memories made of layers, at the size of a smoke test: lines, resuming, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mnesis.bench import neural as bench
from mnesis.bench.neural import PRESETS, drill_of, fingerprint, measured, neural, trained
from mnesis.bench.run import run
from mnesis.errors import BadInput, UnknownName

FIELDS = {
    "task",
    "drill",
    "preset",
    "memory",
    "metrics",
    "state_bytes",
    "parameters",
    "lr",
    "seconds",
    "commit",
    "when",
}


def test_a_line_for_each_memory_and_drill(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    lines = neural("smoke", ["delta_net", "neural.recipes.softmax"], tmp_path, progress=lambda *each: told.append(each))
    written = [json.loads(line) for line in (tmp_path / "neural.jsonl").read_text("utf-8").splitlines()]
    assert written == json.loads(json.dumps(lines))
    assert [(each["task"], each["memory"].rpartition(".")[2]) for each in lines] == [
        ("mqar", "delta_net"), ("mqar", "softmax"), ("stale", "delta_net"), ("stale", "softmax"),
    ]  # fmt: skip
    for line in lines:
        assert set(line) >= FIELDS
        accuracy = line["metrics"]["accuracy"]
        assert 0 <= accuracy["low"] <= accuracy["value"] <= accuracy["high"] <= 1
        assert ("stale" in line["metrics"]) == (line["task"] == "stale")
    assert lines[0]["state_bytes"] == lines[2]["state_bytes"]
    assert lines[1]["state_bytes"] > lines[3]["state_bytes"], "the longer drill needs more keys and values"
    assert told[-1][1:] == (4, 4)
    assert not list((tmp_path / ".partial").glob("*.jsonl"))


def test_a_run_that_stopped_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def stopping(address: str, *rest: object) -> dict[str, object]:
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(address)
        return trained(address, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bench, "trained", stopping)
    with pytest.raises(KeyboardInterrupt):
        neural("smoke", ["delta_net", "softmax"], tmp_path)
    assert not (tmp_path / "neural.jsonl").exists()
    kept = tmp_path / ".partial" / f"neural-smoke-{fingerprint()}.jsonl"
    kept.write_text(kept.read_text("utf-8") + '{"name": "cut in the mid', "utf-8")
    made.clear()
    assert len(neural("smoke", ["delta_net", "softmax"], tmp_path)) == 4
    assert made == ["neural.recipes.softmax"]


def test_trainings_beside_each_other_bring_the_same(tmp_path: Path) -> None:
    one = neural("smoke", ["delta_net", "softmax"], tmp_path)
    both = neural("smoke", ["delta_net", "softmax"], tmp_path, jobs=2)
    assert [each["metrics"] for each in one] == [each["metrics"] for each in both]
    assert [each["memory"] for each in one] == [each["memory"] for each in both]


def test_the_same_training_twice_is_the_same(tmp_path: Path) -> None:
    drill, size = drill_of("mqar:length=16,pairs=2,vocab=16"), PRESETS["smoke"]
    one, other = (trained("neural.recipes.gla", drill, size, 1e-2) for _ in range(2))
    assert one["loss"] == other["loss"]
    assert one["metrics"] == other["metrics"]


def test_training_teaches(tmp_path: Path) -> None:
    drill = drill_of("mqar:length=8,pairs=1,vocab=8")
    form = {"width": 16, "heads": 1, "layers": 1, "steps": 120, "batch": 32, "rates": (1e-2,), "tests": 200}
    size = bench.Preset(("mqar",), **form)  # type: ignore[arg-type]
    assert trained("neural.recipes.delta_net", drill, size, 1e-2)["metrics"]["accuracy"]["value"] > 0.9


def test_the_interval_narrows_with_sequences() -> None:
    drill = drill_of("mqar")
    few, many = (drill.draw(np.random.default_rng(0), n) for n in (20, 2000))
    spans = []
    for batch in (few, many):
        said = np.where(np.random.default_rng(1).random(batch["answers"].shape) < 0.5, batch["answers"], 0)
        accuracy = measured(drill, batch, said)["accuracy"]
        assert accuracy["low"] < 0.5 < accuracy["high"]
        spans.append(accuracy["high"] - accuracy["low"])
    assert spans[1] < spans[0] / 5


@pytest.mark.parametrize(
    ("options", "message"), [({"preset": "huge"}, "preset"), ({"recipes": ["delta_nut"]}, "delta_net")]
)
def test_what_is_not_there_is_named(options: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=message):
        neural(results=tmp_path, **options)  # type: ignore[arg-type]


def test_drills_and_texts_are_not_mixed_up(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="drills"):
        drill_of("locomo")
    with pytest.raises(BadInput, match="bench neural"):
        run(["mqar"], "sample", embedder="none", results=tmp_path)


def test_every_preset_names_drills_that_exist() -> None:
    for preset in PRESETS.values():
        for name in preset.drills:
            assert drill_of(name).length > 0
