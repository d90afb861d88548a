"""The chunk-parallel form of every memory that is a matrix with decay and at most one rank-one transition a step.

    S_t = exp(g_t) * S_{t-1} + a_t (b_t S_{t-1}) + k_t v_t        y_t = q_t S_t

Inside a chunk every S is a sum over the chunk's own steps plus what the state it began with has become, so all reads
are products of [C, C] matrices. Where there is a transition, the rows u_t = b_t S_{t-1} depend on each other; they
solve one unit triangular system (the compact WY form) and then count as values written at a_t. Only the hand-over of
the state from chunk to chunk is sequential. Decays are summed from the step of writing to the step of reading, never
as a difference of two long sums, so a strong decay costs no precision.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad


def woven(
    state: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    decay: Tensor | None = None,
    a: Tensor | None = None,
    b: Tensor | None = None,
    chunk: int = 16,
) -> tuple[Tensor, Tensor]:
    """All reads and the last state. state [B,H,K,V]; q, k, a, b [B,T,H,K]; v [B,T,H,V]; decay [B,T,H] or [B,T,H,K]."""
    steps = q.shape[1]
    q, k, v = (_cut(each, chunk) for each in (q, k, v))
    g = None if decay is None else _cut(decay, chunk)
    near, far = _spans(g)
    first, last = (None, None) if g is None else _edges(g)
    inner = _pairs(q, k, near, 0) @ v
    q_first, k_last = _times(q, first), _times(k, last)
    written = k_last.mT @ v  # what each chunk adds, [B,H,N,K,V]
    a_last = whole = reach = None
    if a is not None and b is not None:
        a, b = _cut(a, chunk), _cut(b, chunk)
        before = None if first is None or g is None else _previous(first)
        system = torch.eye(chunk, dtype=q.dtype, device=q.device) - _pairs(b, a, far, -1)
        right = torch.cat([_times(b, before), _pairs(b, k, far, -1) @ v], dim=-1)
        solved = torch.linalg.solve_triangular(system, right, upper=False, unitriangular=True)
        reach, whole = solved.split([q.shape[-1], v.shape[-1]], dim=-1)
        a_last, q_a = _times(a, last), _pairs(q, a, near, 0)
    out = []
    for n in range(q.shape[2]):
        y = inner[:, :, n] + q_first[:, :, n] @ state
        kept = state if first is None else _rows(first[:, :, n, -1]) * state
        if whole is not None and reach is not None and a_last is not None:
            u = whole[:, :, n] + reach[:, :, n] @ state
            y = y + q_a[:, :, n] @ u
            kept = kept + a_last[:, :, n].mT @ u
        state = kept + written[:, :, n]
        out.append(y)
    return torch.stack(out, dim=2).flatten(2, 3)[:, :, :steps].transpose(1, 2), state


def _cut(x: Tensor, chunk: int) -> Tensor:
    """[B,T,H,…] to [B,H,N,C,…], filled up with zeros, which write nothing."""
    x = x.transpose(1, 2)
    missing = -x.shape[2] % chunk
    if missing:
        x = pad(x, (*(0, 0) * (x.dim() - 3), 0, missing))
    return x.reshape(*x.shape[:2], -1, chunk, *x.shape[3:])


def _spans(g: Tensor | None) -> tuple[Tensor | None, Tensor | None]:
    """What is left at step t of what was written at s: [B,H,N,C(t),C(s)(,K)]; `far`: what was left just before t."""
    if g is None:
        return None, None
    size = g.shape[3]
    late = torch.ones(size, size, dtype=torch.bool, device=g.device).tril(-1)  # t after s
    spread = g.unsqueeze(4)
    late = late.reshape(size, size, *(1,) * (spread.dim() - 5))
    near = torch.where(late, spread, torch.zeros_like(spread)).cumsum(3).exp()
    return near, torch.cat([torch.ones_like(near[:, :, :, :1]), near[:, :, :, :-1]], dim=3)


def _edges(g: Tensor) -> tuple[Tensor, Tensor]:
    """What is left at each step of the state before the chunk, and at its end of what each step wrote."""
    later = torch.cat([g[:, :, :, 1:], torch.zeros_like(g[:, :, :, :1])], dim=3)
    return g.cumsum(3).exp(), later.flip(3).cumsum(3).flip(3).exp()


def _previous(first: Tensor) -> Tensor:
    return torch.cat([torch.ones_like(first[:, :, :, :1]), first[:, :, :, :-1]], dim=3)


def _times(x: Tensor, factor: Tensor | None) -> Tensor:
    if factor is None:
        return x
    return x * (factor if factor.dim() == x.dim() else factor.unsqueeze(-1))


def _rows(factor: Tensor) -> Tensor:
    """[B,H] or [B,H,K] to what multiplies the rows of [B,H,K,V]."""
    return factor.unsqueeze(-1) if factor.dim() == 3 else factor[..., None, None]


def _pairs(left: Tensor, right: Tensor, span: Tensor | None, diagonal: int) -> Tensor:
    """left_t · right_s under the decay between them, for s up to t (0) or before t (-1)."""
    if span is None:
        return (left @ right.mT).tril(diagonal)
    if span.dim() == left.dim():
        return (left @ right.mT * span).tril(diagonal)
    return torch.einsum("bhntk,bhnsk,bhntsk->bhnts", left, right, span).tril(diagonal)
