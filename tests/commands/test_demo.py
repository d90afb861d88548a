"""The demo does what it says it does, offline, and leaves nothing behind unless asked to."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("embedder", ["none", "static"])
def test_the_demo_finds_revises_and_forgets(embedder: str, cli, tmp_path: Path) -> None:
    shown = cli("demo", "--embedder", embedder).out
    assert shown.count("✓") >= 4  # of five questions, at least four find their evidence
    assert "18:42" in shown
    assert "does not come any more" in shown
    assert "erased    ['" in shown
    then = shown.partition("6. Ask what was known then")[2].partition("7. Roll back")[0]
    assert "18:42" in then.partition("As of commit 2")[0]
    assert "17:42" in then.partition("As of commit 2")[2]
    back = shown.partition("7. Roll back")[2]
    assert "Commit 6 lets 2 memories stand as they did at commit 2. What was erased stays erased (1)." in " ".join(
        back.split()
    )
    assert "bicycle was stolen" in " ".join(back.split())
    assert "rollback to 2" in back
    assert "verify finds it well" in " ".join(shown.split())
    assert list(tmp_path.iterdir()) == []


def test_a_kept_space_can_be_asked_more(cli, tmp_path: Path) -> None:
    cli("demo", "--embedder", "none", "--keep", "demo.mnesis")
    found = cli("recall", "What is Pipoca allergic to?", "--space", "demo.mnesis", "--namespace", "ana_and_tom").json
    assert any("Chicken" in hit["text"] for hit in found)
    assert "demo.mnesis" in cli("demo", "--keep", "demo.mnesis", code=2).err
