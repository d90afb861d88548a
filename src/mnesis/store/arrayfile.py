"""Arrays in one file: a line of JSON, then the arrays, each aligned to 64 bytes, ready to be mapped into memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ALIGNED = 64


def write(path: Path, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write arrays of any shape, and a few facts about them."""
    layout: dict[str, Any] = {**head, "arrays": {}}
    at = 0
    for name, array in arrays.items():
        layout["arrays"][name] = [array.dtype.str, list(array.shape), at]
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    first = json.dumps(layout).encode()
    with path.open("wb") as out:
        out.write(first + b" " * (-(len(first) + 1) % ALIGNED) + b"\n")
        for array in arrays.values():
            out.write(np.ascontiguousarray(array).data)
            out.write(b"\0" * (-array.nbytes % ALIGNED))


def mapped(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """The facts and the arrays of a file, mapped into memory; a ValueError where it is not whole."""
    with path.open("rb") as file:
        first = file.readline()
    head: dict[str, Any] = json.loads(first)
    layout = head.pop("arrays")
    if not any(all(shape) for _, shape, _ in layout.values()):
        raise ValueError(f"{path.name} holds no arrays")
    raw = np.asarray(np.memmap(path, np.uint8, "r"))  # a plain array is much quicker to cut than a memmap
    arrays = {}
    for name, (kind, shape, at) in layout.items():
        start = at + len(first)
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        part = raw[start : start + size]
        if len(part) != size:
            raise ValueError(f"{path.name} is cut short")
        arrays[name] = part.view(kind).reshape(shape)
    return head, arrays
