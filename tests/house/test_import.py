"""Importing mnesis is light, and so is asking the command line what it can do."""

from __future__ import annotations

import subprocess
import sys

import mnesis
from mnesis import words

HEAVY = {"torch", "simsimd", "sentence_transformers", "httpx", "matplotlib", "mnesis.memory", "mnesis.models.static"}


def loaded(statements: str) -> set[str]:
    """Modules that these statements load in a fresh interpreter."""
    code = f"import sys\nbefore = set(sys.modules)\n{statements}\nprint('|'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split("|"))


def test_import_loads_the_standard_library_and_numpy() -> None:
    outside = {name.split(".")[0] for name in loaded("import mnesis")} - sys.stdlib_module_names
    assert {name for name in outside if not name.startswith("_")} == {"mnesis", "numpy"}


def test_import_adds_little_to_numpy() -> None:
    ours = loaded("import mnesis") - loaded("import numpy")
    assert "mnesis.words" in ours
    assert {name for name in ours if name.startswith("mnesis.")} <= {"mnesis.words", "mnesis.errors"}


def test_listing_the_verbs_imports_none_of_them() -> None:
    modules = loaded("from mnesis.commands.main import main\nmain(['--help'], standalone_mode=False)")
    ours = {name for name in modules if name.startswith("mnesis.commands.")}
    assert ours == {"mnesis.commands.main"}
    assert not modules & HEAVY


def test_the_catalog_reads_cards_without_importing_mechanisms() -> None:
    modules = loaded("from mnesis import catalog\nfor each in catalog.names(): catalog.card(each)")
    rooms = ("mnesis.text", "mnesis.neural", "mnesis.models", "mnesis.bench")
    assert not {name for name in modules if name.startswith(rooms)}


def test_exported_names_exist_and_are_sorted() -> None:
    for module in (mnesis, words):
        assert list(module.__all__) == sorted(module.__all__)
        assert all(hasattr(module, name) for name in module.__all__)


def test_words_exports_every_word_it_defines() -> None:
    defined = {
        name for name, value in vars(words).items() if isinstance(value, type) and value.__module__ == words.__name__
    }
    assert defined <= set(words.__all__)
