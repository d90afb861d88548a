"""Changing the model from the command line."""

from __future__ import annotations

LIVES = "Where did Ana move?"


def test_another_embedder_and_back(told) -> None:
    made = told("reembed", "--embedder", "static").json
    assert (made["memories"], made["dim"], made["differing"]) == (3, 256, 0)
    assert told("recall", LIVES, "-k", "1").json[0]["why"]["vectors"]
    assert told("reembed", "--embedder", "static").json["memories"] == 0
    assert told("verify").json["ok"]
    assert told("reembed", "--embedder", "none", "--keep").json["dim"] == 0
    assert told("verify").json["ok"]


def test_opening_with_another_embedder_names_the_way(told) -> None:
    assert "mnesis reembed" in told("recall", LIVES, "--embedder", "static", code=1).err


def test_what_cannot_be_changed_says_so(told) -> None:
    assert "name the embedder" in told("reembed", code=2).err
    assert "none to give up" in told("reembed", "--abandon", code=1).err
    assert "'static'" in told("reembed", "--embedder", "statik", code=2).err
    assert "no memory space" in told("reembed", "--embedder", "static", "--space", "nowhere.mnesis", code=1).err
