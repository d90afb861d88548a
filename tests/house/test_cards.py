"""Every mechanism's docstring is a complete card, and its file gives the function named like the file."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from mnesis import catalog

LONGEST = 80
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|TBD)\b")
FREE_WORDS = {"nothing", "embedder", "model", "torch"}


def tree_of(address: str) -> ast.Module:
    return ast.parse(catalog.card(address).path.read_text(encoding="utf-8"))


def card_faults(card: catalog.Card, doc: str, extras: set[str]) -> list[str]:
    """What is missing or wrong on one card, as sentences."""
    faults = []
    if not card.sentence.endswith(".") or len(card.sentence) > LONGEST:
        length = len(card.sentence)
        faults.append(f"the first line is one sentence with a full stop, at most {LONGEST} characters, not {length}")
    if UNFINISHED.search(doc):
        faults.append("the card is unfinished")
    if not re.search(r"\b(1[89]|20)\d\d\b", card.source):
        faults.append("Source: names authors, title and a year")
    if not set(re.findall(r"[\w-]+", card.needs)) & (FREE_WORDS | extras):
        faults.append(f"Needs: names one of {sorted(FREE_WORDS | extras)}")
    faults += [f"{name}: is missing" for name in ("Cost", "Differs") if not getattr(card, name.lower())]
    if not card.about:
        faults.append("the idea in plain words is missing")
    fields = [line.partition(":")[0] for line in doc.splitlines() if line.partition(":")[0] in catalog.FIELDS]
    if fields != [name for name in catalog.FIELDS if name in fields]:
        faults.append(f"the fields stand once each, in the order {', '.join(catalog.FIELDS)}")
    return faults


@pytest.fixture(scope="session")
def extras(root: Path) -> set[str]:
    return set(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"])


@pytest.mark.parametrize("address", catalog.names())
def test_the_card_is_complete(address: str, extras: set[str]) -> None:
    doc = ast.get_docstring(tree_of(address)) or ""
    assert not (faults := card_faults(catalog.card(address), doc, extras)), f"{address}: {'; '.join(faults)}"


@pytest.fixture(scope="session")
def imported(root: Path) -> set[str]:
    """Every name that some file imports from some module: ``module.name``."""
    files = [*root.glob("src/mnesis/**/*.py"), *root.glob("tests/**/*.py"), *root.glob("scripts/**/*.py")]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    found = (node for node in nodes if isinstance(node, ast.ImportFrom) and node.module)
    return {f"{node.module}.{each.name}" for node in found for each in node.names}


@pytest.mark.parametrize("address", catalog.names())
def test_the_file_gives_a_function_named_like_it(address: str, imported: set[str]) -> None:
    """Another public function stands beside it only where another file uses that step too."""
    name = address.rpartition(".")[2]
    functions = [each for each in tree_of(address).body if isinstance(each, ast.FunctionDef)]
    public = {each.name for each in functions if not each.name.startswith("_")}
    assert name in public, f"{address} has no function named {name}"
    alone = {each for each in public - {name} if f"mnesis.{address}.{each}" not in imported}
    assert not alone, f"{address}: nobody else uses {sorted(alone)}; begin such names with an underscore"


@pytest.mark.parametrize("address", catalog.names())
def test_the_function_is_typed_and_returns_what_the_slot_promises(address: str) -> None:
    slot, _, name = address.rpartition(".")
    maker = next(each for each in tree_of(address).body if isinstance(each, ast.FunctionDef) and each.name == name)
    arguments = [*maker.args.posonlyargs, *maker.args.args, *maker.args.kwonlyargs]
    assert all(each.annotation for each in arguments), f"{address}: every option has a type"
    promise = ast.parse((catalog.ROOT / slot.replace(".", "/") / "__init__.py").read_text(encoding="utf-8"))
    promised = {each.name for each in ast.walk(promise) if isinstance(each, ast.ClassDef)}
    promised |= {  # what a slot of compositions promises may be defined in the slot it composes from
        each.asname or each.name
        for node in promise.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mnesis.")
        for each in node.names
    }
    returned = {each.id for each in ast.walk(maker.returns) if isinstance(each, ast.Name)} if maker.returns else set()
    assert returned & promised, (
        f"{address} returns {returned or 'nothing'}; its slot promises one of {sorted(promised)}"
    )


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (
            '"""No full stop\n\nSource: A, B, 2020.\nNeeds: nothing\nCost: low\nDiffers: nothing.\n\nIdea."""',
            "full stop",
        ),
        ('"""Fine.\n\nSource: A, B.\nNeeds: nothing\nCost: low\nDiffers: nothing.\n\nIdea."""', "year"),
        ('"""Fine.\n\nSource: A, B, 2020.\nNeeds: luck\nCost: low\nDiffers: nothing.\n\nIdea."""', "Needs"),
        ('"""Fine.\n\nSource: A, B, 2020.\nNeeds: nothing\nDiffers: nothing.\n\nIdea."""', "Cost"),
        ('"""Fine.\n\nSource: A, B, 2020.\nNeeds: nothing\nCost: low\nDiffers: nothing."""', "plain words"),
        ('"""Fine.\n\nNeeds: nothing\nSource: A, B, 2020.\nCost: low\nDiffers: nothing.\n\nIdea."""', "order"),
        ('"""Fine.\n\nSource: A, B, 2020.\nNeeds: nothing\nCost: TODO\nDiffers: nothing.\n\nIdea."""', "unfinished"),
    ],
)
def test_a_poor_card_is_refused(card: str, fault: str, extras: set[str]) -> None:
    doc = ast.get_docstring(ast.parse(card)) or ""
    assert fault in "; ".join(card_faults(catalog.parse_card("x.y.z", doc, Path()), doc, extras))


def test_a_good_card_passes(extras: set[str]) -> None:
    doc = (
        "Fine.\n\nSource: A, B, 2020.\nNeeds: nothing\nCost: low\n  and even\nShapes: x [N]\nDiffers: nothing.\n\nIdea."
    )
    assert card_faults(catalog.parse_card("x.y.z", doc, Path()), doc, extras) == []
