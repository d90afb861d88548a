"""Two memories a node, of friends and of foes, kept in balance.

Source: Sharma, Raghavendra, Lee, Kumar M and Kumar, Representation Learning in Continuous-Time Dynamic Signed
    Networks, 2022. arXiv 2207.03408
Needs: torch
Cost: two gated updates a node that met somebody in the batch
Shapes: state ally, foe [N, W], last [N]; scores [E], above 0 where a friendly event is expected
Differs: messages are averaged over a batch; what the neighbours hold comes with their memories, without a further
    attention over them; nodes begin with fixed random memories instead of features.

The friend of a friend and the enemy of an enemy are friends (balance theory). After a friendly event each of the two
takes the other's `ally` memory into its own and the other's `foe` memory into its own; after a hostile one they cross:
the other's foes become allies. Whether two nodes will agree is then read off how their allies and foes overlap. With
`balanced=False` one memory is written whatever the sign, as a memory for unsigned streams would.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mnesis.errors import BadInput
from mnesis.neural.stream import Events, State, Stream, mean_into


class Semba(nn.Module):
    """See `semba`."""

    def __init__(self, width: int, balanced: bool) -> None:
        super().__init__()
        self.width, self.balanced = width, balanced
        self.keep = nn.Parameter(torch.tensor(1.0))
        self.fade = nn.Parameter(torch.tensor(-4.0))
        self.weigh = nn.Parameter(torch.tensor([1.0, 1.0, -1.0, -1.0]))
        self.bias = nn.Parameter(torch.zeros(()))

    def start(self, nodes: int) -> State:
        """Every node knows itself: a direction of its own as its ally, and no foes."""
        made = torch.Generator().manual_seed(nodes)
        own = nn.functional.normalize(torch.randn(nodes, self.width, generator=made), dim=1).to(self.bias)
        return {"ally": own, "foe": torch.zeros_like(own), "last": torch.zeros(nodes).to(own)}

    def forward(self, state: State, events: Events) -> tuple[Tensor, State]:
        """Expect, then write."""
        ally, foe = state["ally"], state["foe"]
        one, other = events.source, events.target
        pairs = [(ally[one] * ally[other]).sum(1), (foe[one] * foe[other]).sum(1)]
        pairs += [(ally[one] * foe[other]).sum(1), (foe[one] * ally[other]).sum(1)]
        scores = torch.stack(pairs, 1) @ self.weigh * self.width**0.5 + self.bias
        return scores, self._written(state, events)

    def _written(self, state: State, events: Events) -> State:
        ally, foe, last = state["ally"], state["foe"], state["last"]
        ends = torch.cat([events.source, events.target])
        others = torch.cat([events.target, events.source])
        friendly = torch.cat([events.sign, events.sign])[:, None] > 0
        if not self.balanced:
            friendly = torch.ones_like(friendly)
        toward = torch.where(friendly, ally[others], foe[others])
        against = torch.where(friendly, foe[others], ally[others])
        told_ally, met = mean_into(ally, ends, toward)
        told_foe, _ = mean_into(foe, ends, against)
        at = last.scatter_reduce(0, ends, torch.cat([events.at, events.at]).to(last), "amax")
        left = torch.exp(-nn.functional.softplus(self.fade) * (at - last))[:, None]  # what was long ago fades
        kept = torch.sigmoid(self.keep) * left
        rows = met[:, None]
        fresh_ally = nn.functional.normalize(kept * ally + (1 - kept) * told_ally, dim=1, eps=1e-6)
        mixed_foe = kept * foe + (1 - kept) * told_foe
        fresh_foe = mixed_foe / mixed_foe.norm(dim=1, keepdim=True).clamp(min=1.0)
        return {
            "ally": torch.where(rows, fresh_ally, ally),
            "foe": torch.where(rows, fresh_foe, foe),
            "last": torch.where(met, at, last),
        }


def semba(width: int = 32, balanced: bool = True) -> Stream:
    """Memories of `width` numbers, twice for every node."""
    if width < 2:
        raise BadInput(f"width={width} must be at least 2.")
    return Semba(width, balanced)
