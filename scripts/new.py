"""Write the file of a new mechanism: an unfinished card and the shape of its slot.

`make new ADDRESS=text.rank.mypaper`
"""

from __future__ import annotations

import ast
import keyword
import sys
from pathlib import Path

from mnesis import catalog
from mnesis.errors import BadInput, MnesisError, UnknownName

CARD = '''"""TODO one sentence that says what it does, at most 80 characters.

Source: TODO authors, the full published title, year. arXiv or doi
Needs: TODO nothing, embedder, model, torch or the name of an extra
Cost: TODO in words, for example linear in candidates
Differs: TODO what is not as published, or: nothing.

TODO the idea in plain words, then an example that runs:

    >>> 1 + 1
    2
"""
'''


def skeleton(address: str) -> str:
    """The text of a new mechanism's file."""
    slot, _, name = address.rpartition(".")
    if slot not in catalog.slots():
        raise UnknownName("slot", slot, catalog.slots())
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name):
        raise BadInput(f"{name!r} cannot name a mechanism; write lower case words joined by _, like reciprocal_rank.")
    tree = ast.parse((catalog.ROOT / slot.replace(".", "/") / "__init__.py").read_text(encoding="utf-8"))
    protocol = next((each for each in tree.body if isinstance(each, ast.ClassDef) and _is_protocol(each)), None)
    if protocol is None:
        body = _maker(name, _returned(slot))
    else:
        methods = (each for each in protocol.body if isinstance(each, ast.FunctionDef))
        call = next((each for each in methods if each.name == "__call__"), None)
        body = _maker(name, protocol.name) if call is None else _part(name, protocol.name, call)
    return f"{CARD}\nfrom __future__ import annotations\n\n{_imports(tree, slot, body)}\n\n\n{body}"


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def _returned(slot: str) -> str:
    """What the mechanisms of a slot without a Protocol return, as the first of them says."""
    for address in catalog.names(slot):
        for node in ast.parse(catalog.card(address).path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name == address.rpartition(".")[2] and node.returns:
                return ast.unparse(node.returns)
    raise BadInput(f"The slot {slot} has neither a Protocol nor a mechanism, so there is no shape to start from.")


def _maker(name: str, returned: str) -> str:
    return f'def {name}() -> {returned}:\n    raise NotImplementedError("TODO")\n'


def _part(name: str, protocol: str, call: ast.FunctionDef) -> str:
    """A maker around a function of the Protocol's shape; the maker alone where the Protocol takes nothing."""
    call.args.args = call.args.args[1:]
    returned = ast.unparse(call.returns).partition(" | Asking")[0] if call.returns else "None"  # most ask nothing
    if not call.args.args and not call.args.kwonlyargs:
        return _maker(name, returned)
    inner = f'    def call({ast.unparse(call.args)}) -> {returned}:\n        raise NotImplementedError("TODO")\n'
    return f"def {name}() -> {protocol}:\n{inner}\n    return call\n"


def _imports(tree: ast.Module, slot: str, body: str) -> str:
    """The slot's own imports that the body uses, and the slot's names."""
    used = {each.id for each in ast.walk(ast.parse(body)) if isinstance(each, ast.Name)}
    lines = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module not in ("__future__", None):
            names = [each.name for each in node.names if (each.asname or each.name) in used]
            lines += [f"from {node.module} import {', '.join(names)}"] if names else []
    given = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    given |= {
        each.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for each in node.targets
        if isinstance(each, ast.Name)
    }
    own = sorted(given & used)
    lines += [f"from mnesis.{slot} import {', '.join(own)}"] if own else []
    outside = sorted(line for line in lines if " mnesis" not in line)
    inside = sorted(line for line in lines if " mnesis" in line)
    return "\n".join([*outside, *([""] if outside and inside else []), *inside])


def main(arguments: list[str]) -> int:
    """Write the file and say what comes next."""
    if len(arguments) != 1 or not arguments[0]:
        print("Name the mechanism: make new ADDRESS=text.rank.mypaper", file=sys.stderr)
        return 2
    address = arguments[0]
    path = Path(catalog.ROOT / (address.replace(".", "/") + ".py"))
    try:
        text = skeleton(address)
        if path.exists():
            raise BadInput(f"{address} is there already; choose another name or edit its file.")
    except MnesisError as err:
        print(err, file=sys.stderr)
        return 2
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(catalog.ROOT.parents[1])}\nFill its card and its body; make test says what lacks.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
