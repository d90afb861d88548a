"""Keep every new memory, and beside a long one its summary.

Source: Bing Wang, Xinnian Liang, Jian Yang, Hui Huang, Shuangzhi Wu, Peihao Wu, Lu Lu, Zejun Ma, Zhoujun Li,
    Unleashing Infinite-Length Input Capacity for Large-scale Language Models with Self-Controlled Memory System, 2023.
    arXiv 2304.13343
Needs: nothing
Cost: one question ("summary") a memory of more than `longest` words; a rule answers it without a model
Differs: short memories are their own summary.

A stream of memories keeps everything word for word; what is long gets a summary of about `words` words under
``summary`` in its meta, which stands for it where the whole does not fit (see `text.pack.summed`).
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.drive import Asking
from mnesis.errors import BadInput
from mnesis.store import View
from mnesis.text.ask import summary
from mnesis.text.decide import Decide
from mnesis.words import Add, Change, MemCube, replace


def summed(longest: int = 40, words: int = 25) -> Decide:
    """One Add for each new cube, with a summary where it is longer than `longest` words."""
    if longest < 1 or words < 1:
        raise BadInput(f"longest={longest} and words={words} count words; give 1 or more.")

    def decide(cubes: Sequence[MemCube], view: View) -> Asking[list[Change]]:
        rows = view.rows([cube.id for cube in cubes]).tolist()
        new: dict[str, MemCube] = {}
        for cube, row in zip(cubes, rows, strict=True):
            if row < 0 and cube.id not in new:
                brief = None
                if len(cube.text.split()) > longest:
                    brief = yield summary([cube.text], words)
                said = brief.strip() if isinstance(brief, str) else ""
                short = 0 < len(said) < len(cube.text)
                new[cube.id] = replace(cube, meta={**cube.meta, "summary": said}) if short else cube
        return [Add(cube) for cube in new.values()]

    return decide
