"""The catalog: what it lists, what a card says, how mechanisms are made, what it says when there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mnesis import catalog
from mnesis.errors import BadInput, Unavailable, UnknownName
from mnesis.text.recipes import Recipe


def test_slots_and_families_are_folders() -> None:
    assert {"text.parse", "text.find", "text.rank", "text.recipes", "models"} <= set(catalog.slots())
    ranks = catalog.names("text.rank")
    assert "text.rank.recency" in ranks
    assert all(name.startswith("text.rank.") for name in ranks)
    assert set(ranks) < set(catalog.names("text")) < set(catalog.names())
    assert not [name for name in catalog.names() if name.rsplit(".", 1)[-1].startswith("_")]
    assert len(set(catalog.names())) == len(catalog.names())


def test_listing_and_reading_cards_imports_no_mechanism() -> None:
    code = """
import json, sys
from mnesis import catalog
cards = [catalog.card(name) for name in catalog.names()]
print(json.dumps([len(cards), [name for name in sys.modules if name.startswith(("mnesis.text", "mnesis.models"))]]))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    cards, imported = json.loads(ran.stdout)
    assert cards == len(catalog.names())
    assert imported == []


def test_a_card_says_what_the_docstring_says() -> None:
    card = catalog.card("text.find.words")
    assert card.sentence == "Find memories that share words with the question."
    assert card.source.startswith("Robertson and Zaragoza, The Probabilistic Relevance Framework")
    assert card.source.endswith("10.1561/1500000019")
    assert card.needs == "nothing"
    assert card.differs.endswith("matched by who, not as words.")
    assert ">>> space.remember" not in card.differs
    assert ">>>" in card.about
    told = card.as_dict()
    assert told["address"] == "text.find.words"
    assert "path" not in told
    assert json.loads(json.dumps(told)) == told


def test_a_docstring_is_parsed_field_by_field() -> None:
    doc = """One sentence.

Source: Somebody, A Title,
    continued, 2026.
Needs: nothing
Cost:  little

Prose with a colon: it is no field.
Needs: neither is this.
"""
    card = catalog.parse_card("text.x.y", doc, Path("y.py"))
    assert (card.sentence, card.source) == ("One sentence.", "Somebody, A Title, continued, 2026.")
    assert (card.needs, card.cost, card.shapes, card.differs) == ("nothing", "little", "", "")
    assert card.about == "Prose with a colon: it is no field.\nNeeds: neither is this."
    assert catalog.parse_card("a.b", "", Path("b.py")).sentence == ""


def test_a_mechanism_is_made_with_its_options() -> None:
    recipe = catalog.make("text.recipes.default")
    assert isinstance(recipe, Recipe)
    assert callable(catalog.make("text.rank.recency", half_life=30.0))
    with pytest.raises(
        UnknownName, match=r"no option of text.rank.recency named 'half_live'; did you mean 'half_life'"
    ):
        catalog.make("text.rank.recency", half_live=30.0)


def test_names_that_are_not_there_come_with_the_near_ones() -> None:
    with pytest.raises(UnknownName, match=r"did you mean 'text.rank.recency'") as err:
        catalog.make("text.rank.recncy")
    assert err.value.near[0] == "text.rank.recency"
    with pytest.raises(UnknownName, match="no mechanism"):
        catalog.card("text.rank")
    with pytest.raises(UnknownName, match=r"no slot named 'text.ranks'; did you mean 'text.rank'"):
        catalog.names("text.ranks")
    with pytest.raises(UnknownName, match="no recipe named 'defalt'; did you mean 'default'"):
        catalog.find("defalt", "text.recipes")
    with pytest.raises(UnknownName, match="there are: "):
        catalog.find("", "text.recipes")


@pytest.mark.parametrize("odd", ["../words", "text.rank.__init__", "text/rank/recency", "text.rank._hidden", " "])
def test_an_address_never_leaves_the_catalog(odd: str) -> None:
    for look in (catalog.card, catalog.make):
        with pytest.raises(UnknownName):
            look(odd)


def test_a_bare_name_an_address_and_somebody_elses_are_all_found() -> None:
    assert catalog.find("default", "text.recipes") == "text.recipes.default"
    assert catalog.find("text.recipes.default", "text.recipes") == "text.recipes.default"
    assert catalog.find("theirs.memory:recipe", "text.recipes") == "theirs.memory:recipe"


def test_somebody_elses_mechanism_is_made_from_module_and_maker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs_for_catalog.py").write_text(
        "from mnesis.text.recipes.default import default\n"
        "from dataclasses import replace\n"
        "def ours(name='ours'):\n    return replace(default(), name=name)\n"
        "number = 7\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert catalog.make("theirs_for_catalog:ours").name == "ours"
    assert catalog.make("theirs_for_catalog:ours", name="mine").name == "mine"
    with pytest.raises(UnknownName, match="did you mean 'name'"):
        catalog.make("theirs_for_catalog:ours", nam="mine")
    with pytest.raises(BadInput, match="is not a function"):
        catalog.make("theirs_for_catalog:number")
    for wrong in ("theirs_for_catalog:nothing", "no_such_module_at_all:ours", ":", "theirs_for_catalog:"):
        with pytest.raises(BadInput, match="Write it as module:function"):
            catalog.make(wrong)
    assert catalog.make("builtins:dict", a=1) == {"a": 1}


def test_what_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "mnesis.text.rank.recency", raising=False)
    with pytest.raises(Unavailable, match="needs numpy, which is not installed; install it with: pip install 'mnesis"):
        catalog.make("text.rank.recency")
