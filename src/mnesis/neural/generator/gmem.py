"""Draw with a bank of what images are like, which the network need not know.

Source: Yi Tang, Peng Sun, Zhenglin Cheng, Tao Lin, Generative Modeling with Explicit Memory, 2024. arXiv 2412.08781
Needs: torch
Cost: a network of three maps a step of drawing; the bank is `bank` * `keys` numbers
Shapes: examples [N, size] -> samples [count, size]; the bank [bank, keys], rows of length 1
Differs: images of a few points and a small network; what an image is like are its first principal components, where the
    paper takes the features of a large vision model; the bank is a sample of them.

A diffusion model learns two things in one set of weights: what there is to draw, and how to draw it. Here the first is
a bank of snippets, one vector an image, outside the network. In training an image comes with its own snippet, in
drawing one is taken from the bank, and the network only learns how to get from noise to the image a snippet speaks of.
`remember` adds images to the bank, and they can be drawn without any training. With a bank of 0 it is a plain model.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, silu

from mnesis.errors import BadInput
from mnesis.neural.generator import Generator

TIMES = 8
HIDDEN = 128
BATCH = 64


class Memory(nn.Module):
    """See `gmem`."""

    def __init__(self, size: int, bank: int, keys: int) -> None:
        super().__init__()
        self.size, self.room, self.keys = size, bank, keys if bank else 0
        self.enter = nn.Linear(size + 2 * TIMES + self.keys, HIDDEN)
        self.inner, self.leave = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, size)
        self.axes: Tensor
        self.middle: Tensor
        self.bank: Tensor
        self.register_buffer("axes", torch.zeros(size, self.keys))
        self.register_buffer("middle", torch.zeros(size))
        self.register_buffer("bank", torch.zeros(bank, self.keys))

    def snippet(self, x: Tensor) -> Tensor:
        """What images are like: [N, keys], of length 1."""
        return normalize((x - self.middle) @ self.axes, dim=-1)

    def velocity(self, x: Tensor, time: Tensor, snippet: Tensor) -> Tensor:
        """Where a picture x at `time` (0 noise, 1 image) is to move."""
        angle = time.unsqueeze(1) * torch.pi * 2.0 ** torch.arange(TIMES, device=x.device) / 4
        z = silu(self.enter(torch.cat([x, angle.sin(), angle.cos(), snippet], dim=1)))
        out: Tensor = self.leave(z + silu(self.inner(z)))
        return out

    def loss(self, x: Tensor, source: torch.Generator) -> Tensor:
        """How far the network is from the straight way between noise and images."""
        noise, time = torch.randn(x.shape, generator=source), torch.rand(len(x), generator=source)
        seen = x * time.unsqueeze(1) + noise * (1 - time.unsqueeze(1))
        return (self.velocity(seen, time, self.snippet(x)) - (x - noise)).square().mean()

    def fit(self, examples: Tensor, steps: int = 200, seed: int = 0) -> list[float]:
        """Fill the bank and train the network on examples [N, size]; the losses."""
        source, losses = torch.Generator().manual_seed(seed), []
        if self.room:
            self.middle = examples.mean(0)
            self.axes = torch.linalg.svd(examples - self.middle, full_matrices=False)[2][: self.keys].T.contiguous()
            self.bank = self.snippet(examples[torch.randperm(len(examples), generator=source)[: self.room]])
        optimizer = torch.optim.Adam(self.parameters(), lr=2e-3)
        for _ in range(steps):
            loss = self.loss(examples[torch.randint(len(examples), (BATCH,), generator=source)], source)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            losses.append(float(loss.detach()))
        return losses

    def remember(self, images: Tensor) -> None:
        """Add images [N, size] to what can be drawn, without training."""
        if not self.room:
            raise BadInput("This model has no bank to add to; make it with bank=1 or more.")
        self.bank = torch.cat([self.bank, self.snippet(images)])

    def sample(self, count: int, seed: int = 0, snippets: Tensor | None = None, steps: int = 20) -> Tensor:
        """`count` pictures [count, size], of `snippets` [count, keys] or of some from the bank."""
        source = torch.Generator().manual_seed(seed)
        x = torch.randn(count, self.size, generator=source)
        if snippets is None:
            rows = torch.randint(max(len(self.bank), 1), (count,), generator=source)
            snippets = self.bank[rows] if self.room else torch.zeros(count, 0)
        with torch.no_grad():
            for n in range(steps):
                x = x + self.velocity(x, torch.full((count,), n / steps), snippets) / steps
        return x


def gmem(size: int = 64, bank: int = 256, keys: int = 24) -> Generator:
    """A generator of examples of `size` numbers, with a bank of `bank` snippets of `keys`."""
    if size < 1 or bank < 0 or not 0 < keys <= size:
        raise BadInput(f"size={size} must be at least 1, bank={bank} at least 0, and keys={keys} 1 to size.")
    return Memory(size, bank, keys)
