"""`make new` writes a file that has its slot's shape and that the tests refuse until its card is filled."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from mnesis import catalog
from mnesis.errors import BadInput, UnknownName


@pytest.fixture(scope="module")
def new(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripts_new", root / "scripts/new.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("slot", catalog.slots())
def test_every_slot_has_a_skeleton_that_imports(slot: str, new: ModuleType) -> None:
    text = new.skeleton(f"{slot}.mypaper")
    names: dict[str, object] = {"__name__": "skeleton"}
    exec(compile(text, "skeleton", "exec"), names)
    assert callable(names["mypaper"])
    card = catalog.parse_card(f"{slot}.mypaper", ast.get_docstring(ast.parse(text)) or "", Path())
    assert all("TODO" in getattr(card, name) for name in ("sentence", "source", "needs", "cost", "differs", "about"))


def test_the_skeleton_has_the_shape_of_its_slot(new: ModuleType) -> None:
    text = new.skeleton("text.rank.mypaper")
    assert "def mypaper() -> Rank:" in text
    assert "(query: Query, found: Found, view: View) -> Found:" in text


@pytest.mark.parametrize("address", ["text.rnk.mypaper", "mypaper"])
def test_an_unknown_slot_is_named(address: str, new: ModuleType) -> None:
    with pytest.raises(UnknownName, match="slot"):
        new.skeleton(address)


@pytest.mark.parametrize("name", ["My", "my-paper", "class", ""])
def test_a_name_that_cannot_be_a_function_is_refused(name: str, new: ModuleType) -> None:
    with pytest.raises(BadInput, match="cannot name"):
        new.skeleton(f"text.rank.{name}")


def test_a_mechanism_that_is_there_is_not_overwritten(new: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    address = catalog.names("text.rank")[0]
    before = catalog.card(address).path.read_bytes()
    assert new.main([address]) == 2
    assert "already" in capsys.readouterr().err
    assert catalog.card(address).path.read_bytes() == before


def test_the_file_is_written_where_its_slot_lies(
    new: ModuleType, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slot = tmp_path / "src/mnesis/text/rank"
    slot.mkdir(parents=True)
    (slot / "__init__.py").write_bytes((root / "src/mnesis/text/rank/__init__.py").read_bytes())
    monkeypatch.setattr(catalog, "ROOT", tmp_path / "src/mnesis")
    assert new.main(["text.rank.mypaper"]) == 0
    assert "src/mnesis/text/rank/mypaper.py" in capsys.readouterr().out
    assert "text.rank.mypaper" in catalog.names("text.rank")
    assert new.main(["text.rank.mypaper"]) == 2
