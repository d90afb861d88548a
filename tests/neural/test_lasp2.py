"""LASP-2: a sequence on several processes is the sequence on one, forward and backward, with one gathering each."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import multiprocessing

from mnesis.neural.recipes.lasp2 import Shared, lasp2

PIECES = {2: [9, 6], 3: [5, 3, 7]}


def made() -> Shared:
    torch.manual_seed(0)
    layer = lasp2(width=8, heads=2)
    assert isinstance(layer, Shared)
    return layer.double()


def whole() -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(2, 15, 8, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return x, torch.randn(2, 15, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


def one_of_many(rank: int, world: int, folder: str) -> None:
    """What every process does with its own piece."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meet{world}", rank=rank, world_size=world)
    counted, gather = [], dist.all_gather

    def count(*given: object, **options: object) -> object:
        counted.append(given)
        return gather(*given, **options)  # type: ignore[arg-type]

    dist.all_gather = count
    layer, (x, pull) = made(), whole()
    x, pull = (each.split(PIECES[world], dim=1)[rank] for each in (x, pull))
    x.requires_grad_()
    y = layer.parallel(x)
    forward = len(counted)
    (y * pull).sum().backward()
    calls, sizes = (forward, len(counted) - forward), [tuple(each[1].shape) for each in counted]  # type: ignore[index]
    grads = {name: value.grad for name, value in layer.named_parameters()}
    found = {"y": y.detach(), "x": x.grad, "grads": grads, "calls": calls, "sizes": sizes}
    torch.save(found, Path(folder) / f"{world}-{rank}.pt")
    dist.barrier()
    dist.destroy_process_group()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("world", sorted(PIECES))
def test_pieces_on_processes_are_the_whole_on_one(world: int, tmp_path: Path) -> None:
    multiprocessing.spawn(one_of_many, args=(world, str(tmp_path)), nprocs=world)
    parts = [torch.load(tmp_path / f"{world}-{rank}.pt", weights_only=True) for rank in range(world)]
    layer, (x, pull) = made(), whole()
    x.requires_grad_()
    y, _ = layer(x)
    (y * pull).sum().backward()
    assert x.grad is not None
    assert torch.allclose(torch.cat([each["y"] for each in parts], dim=1), y.detach(), atol=1e-12)
    assert torch.allclose(torch.cat([each["x"] for each in parts], dim=1), x.grad, atol=1e-12)
    for name, value in layer.named_parameters():
        assert torch.allclose(sum(each["grads"][name] for each in parts), value.grad, atol=1e-10), name
    for each in parts:
        assert each["calls"] == (1, 1), "one gathering forward, one backward"
        assert set(each["sizes"]) == {(2, 2, 4, 4)}, "of states, whose size the length of a piece does not change"
