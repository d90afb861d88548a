"""Every slot has a contract, and every contract a slot."""

from __future__ import annotations

from pathlib import Path

from mnesis import catalog


def test_every_slot_has_a_contract(root: Path, settle) -> None:
    wanted = {slot: root / f"tests/contracts/test_{slot.replace('.', '_')}.py" for slot in catalog.slots()}
    settle("slot without contract", (slot for slot, path in wanted.items() if not path.is_file()))


def test_every_contract_has_a_slot(root: Path, settle) -> None:
    known = {f"test_{slot.replace('.', '_')}.py" for slot in catalog.slots()}
    found = {path.name for path in (root / "tests/contracts").glob("test_*.py")}
    settle("orphan contract", found - known)


def test_contracts_find_their_subjects_themselves(root: Path) -> None:
    for slot in catalog.slots():
        path = root / f"tests/contracts/test_{slot.replace('.', '_')}.py"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert f'names("{slot}")' in text, f"{path.name} asks the catalog: names({slot!r})"
