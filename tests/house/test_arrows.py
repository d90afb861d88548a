"""Imports run one way, families do not know each other, and heavy packages stay in their rooms."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

# Top to bottom: a room may import from its own row and from the rows below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("commands", "server", "adapters", "__main__"),
    ("bench", "samples"),
    ("importing", "moving", ""),
    ("memory", "exporting", "reembedding", "minds", "tiers"),
    ("asking", "explaining", "forgetting", "intake", "retention", "tending", "using", "vault"),
    ("text.recipes", "kv.recipes", "neural.recipes", "weights.recipes", "train.recipes"),
    ("text", "kv", "neural", "weights", "train", "policy", "scene", "models.rules"),
    ("text.when",),
    ("store", "models"),
    ("walls",),
    ("words", "errors", "catalog", "drive", "schema", "settings"),
)
FAMILIES = ("text", "kv", "neural", "weights", "train", "policy", "scene")
TENSORS = ("kv", "neural", "weights", "train", "policy", "scene", "models.local")

# Every package outside the standard library, and the rooms that may import it.
OUTSIDE: dict[str, tuple[str, ...]] = {
    "numpy": ("",),
    "_typeshed": ("",),  # types only, never at run time
    "simsimd": ("store",),
    "Stemmer": ("store", "text"),
    "dateutil": ("text", "importing"),
    "click": ("commands", "bench"),
    "rich": ("commands", "bench"),
    "torch": TENSORS,
    "transformers": TENSORS,
    "sentence_transformers": ("models.local",),
    "safetensors": ("models", *TENSORS),
    "tokenizers": ("models", *TENSORS),
    "cryptography": ("vault",),
    "keyring": ("vault",),
    "openai": ("models.openai",),
    "httpx": ("models.http", "server", "adapters"),
    "matplotlib": ("bench", "commands"),
    "igraph": ("text.communities",),
    "leidenalg": ("text.communities",),
}


def module_of(path: str) -> str:
    """``text/rank/__init__.py`` -> ``text.rank``; the package itself is the empty name."""
    return path.removesuffix(".py").removesuffix("__init__").strip("/").replace("/", ".")


def inside(module: str, room: str) -> bool:
    return room == "" or module == room or module.startswith(room + ".")


def layer(module: str) -> int:
    """The row a module belongs to: that of the longest room name that holds it."""
    rooms = [(len(room), row) for row, names in enumerate(LAYERS) for room in names if room and inside(module, room)]
    if not rooms and module:
        pytest.fail(f"mnesis.{module} is in no row of LAYERS; say where it belongs")
    return max(rooms)[1] if rooms else next(row for row, names in enumerate(LAYERS) if "" in names)


def imports(tree: ast.Module, path: str, known: set[str]) -> Iterator[str]:
    """Every module a file imports, anywhere in it, by its full name; ``from mnesis import words`` is mnesis.words."""
    package = ["mnesis", *path.split("/")[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (parent, node.module)))
            for each in node.names:
                whole = f"{module}.{each.name}"
                yield whole if whole.removeprefix("mnesis.") in known else module


@pytest.fixture(scope="module")
def edges(trees: dict[str, ast.Module]) -> list[tuple[str, str]]:
    """(module of mnesis, what it imports) for every import there is."""
    known = {module_of(path) for path in trees}
    return [(module_of(path), name) for path, tree in trees.items() for name in imports(tree, path, known)]


def test_imports_run_one_way(edges, settle) -> None:
    ours = [(module, name.partition(".")[2]) for module, name in edges if name.split(".")[0] == "mnesis"]
    assert ours
    settle("imports run one way", (f"{a or 'mnesis'} -> {b or 'mnesis'}" for a, b in ours if layer(a) > layer(b)))


def test_families_do_not_know_each_other(edges, settle) -> None:
    offences = []
    for module, name in edges:
        home, target = module.split(".")[0], name.partition(".")[2].split(".")[0]
        if home in FAMILIES and target in FAMILIES and home != target:
            offences.append(f"{module} -> {name}")
    settle("families apart", offences)


def test_packages_from_outside_stay_in_their_rooms(edges, settle) -> None:
    offences = []
    for module, name in edges:
        package = name.split(".")[0]
        if package in sys.stdlib_module_names or package == "mnesis":
            continue
        if not any(inside(module, room) for room in OUTSIDE.get(package, ())):
            offences.append(f"{module or 'mnesis'} -> {package}")
    settle("packages from outside", offences)


@pytest.mark.parametrize(
    ("upper", "lower"), [("commands.recall", "memory"), ("memory", "text.recipes"), ("text.find.words", "store.view")]
)
def test_the_rows_are_read_as_meant(upper: str, lower: str) -> None:
    assert layer(upper) < layer(lower)


def test_the_parser_sees_every_way_to_import() -> None:
    tree = ast.parse(
        "import a.b\nfrom mnesis import words\ndef f():\n    from ..store import View\n    from . import y"
    )
    assert sorted(imports(tree, "text/find/x.py", {"words", "text.find"})) == [
        "a.b",
        "mnesis.text.find",
        "mnesis.text.store",
        "mnesis.words",
    ]
