"""A memory that knows which of its rows are free, and in what order it wrote them.

Source: Alex Graves, Greg Wayne, Malcolm Reynolds, Tim Harley, Ivo Danihelka, et al., Hybrid computing using a neural
    network with dynamic external memory, 2016. doi 10.1038/nature20101
Needs: torch
Cost: one step a sentence; `rows` squared numbers of links, and a sorting of the rows
Shapes: story [B, S, N], question [B, N] -> logits [B, answers]
Differs: one reading head; the controller is a gated recurrent unit; a step is a sentence.

A Turing machine's head may write over what is still needed. Here every row has a usage: it rises where something is
written and falls where what was read is freed, and what is new goes to the row used least. Links remember which row was
written after which, so a reading head may also go on to what came next, or back to what came before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from mnesis.errors import BadInput
from mnesis.neural.network import Network
from mnesis.neural.network._recurrent import Held, Reader
from mnesis.neural.network._turing import likeness, read, written


class Differentiable(Reader):
    """See `dnc`."""

    def __init__(self, vocab: int, answers: int, width: int, rows: int, cell: int) -> None:
        super().__init__(vocab, answers, width, width + cell)
        self.rows, self.cell = rows, cell
        self.sizes = [cell, cell, cell, cell, 1, 1, 1, 1, 1, 3]
        self.fresh = nn.Parameter(torch.randn(rows, cell) * 0.1)
        self.controller, self.says = nn.GRUCell(width + cell, width), nn.Linear(width, sum(self.sizes))

    def begin(self, like: Tensor) -> dict[str, Tensor]:
        rows = len(like)
        held = {"h": like.new_zeros(rows, self.width), "r": like.new_zeros(rows, self.cell)}
        held |= {name: like.new_zeros(rows, self.rows) for name in ("usage", "w", "at", "last")}
        return held | {
            "M": self.fresh.expand(rows, -1, -1).to(like),
            "links": like.new_zeros(rows, self.rows, self.rows),
        }

    def step(self, x: Tensor, held: Held) -> tuple[Tensor, dict[str, Tensor]]:
        h = self.controller(torch.cat([x, held["r"]], dim=-1), held["h"])
        wanted, asked, erase, add, *gates, modes = torch.split(self.says(h), self.sizes, dim=-1)
        strength, sharp = 1 + softplus(gates[0]), 1 + softplus(gates[1])
        free, place, write = (torch.sigmoid(each) for each in gates[2:])
        usage = (held["usage"] + held["w"] - held["usage"] * held["w"]) * (1 - free * held["at"])
        like = torch.softmax(likeness(held["M"], torch.tanh(wanted)) * strength, dim=-1)
        w = write * (place * allocation(usage) + (1 - place) * like)
        memory = written(held["M"], w, torch.sigmoid(erase), torch.tanh(add))
        links = linked(held["links"], held["last"], w)
        last = (1 - w.sum(-1, keepdim=True)) * held["last"] + w
        before, found, after = torch.softmax(modes, dim=-1).chunk(3, dim=-1)
        content = torch.softmax(likeness(memory, torch.tanh(asked)) * sharp, dim=-1)
        on = torch.einsum("bij,bj->bi", links, held["at"])
        back = torch.einsum("bji,bj->bi", links, held["at"])
        at = before * back + found * content + after * on
        r = read(memory, at)
        kept = {"h": h, "r": r, "M": memory, "usage": usage, "w": w, "at": at, "links": links, "last": last}
        return torch.cat([h, r], dim=-1), kept


def allocation(usage: Tensor) -> Tensor:
    """Shares of what is new over the rows [B,N]: the one used least first."""
    order = usage.argsort(dim=-1, stable=True)
    filled = usage.gather(-1, order)
    before = torch.cat([torch.ones_like(filled[:, :1]), filled[:, :-1]], dim=-1).cumprod(-1)
    return torch.zeros_like(usage).scatter(-1, order, (1 - filled) * before)


def linked(links: Tensor, last: Tensor, w: Tensor) -> Tensor:
    """Links [B,N,N] from row j to the row i that was written after it."""
    keep = 1 - w.unsqueeze(-1) - w.unsqueeze(-2)
    made = keep * links + w.unsqueeze(-1) * last.unsqueeze(-2)
    return made * (1 - torch.eye(w.shape[-1], device=w.device, dtype=w.dtype))


def dnc(vocab: int = 32, answers: int = 8, width: int = 32, rows: int = 8, cell: int = 16) -> Network:
    """A memory of `rows` rows of `cell` numbers that are allocated and linked."""
    if min(vocab - 1, answers, width, cell) < 1 or rows < 2:
        raise BadInput(
            f"vocab={vocab} and rows={rows} must be 2 up; answers={answers}, width={width}, cell={cell} 1 up."
        )
    return Differentiable(vocab, answers, width, rows, cell)
