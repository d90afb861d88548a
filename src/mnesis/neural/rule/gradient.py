"""Train a small model on every step: the memory is its weights.

Source: Ali Behrouz, Meisam Razaviyayn, Peilin Zhong, Vahab Mirrokni, It's All Connected: A Journey Through Test-Time
    Memorization, Attentional Bias, Retention, and Online Optimization, 2025. arXiv 2504.13173
Needs: torch
Cost: the weights, their momentum and their copy a head; linear in time, C * C reads a chunk where all is linear
Shapes: q, k [B, T, H, K], v [B, T, H, V], lr, decay, momentum [B, T, H] (the last two logarithms), w0 … once
    [H, K, V] -> [B, T, H, V]; state A0 … and W0 … [B, H, K, V], S0 …, n [B], seen: the window
Differs: momentum and the window are this rule's too, so that one rule serves its followers and forerunners.

Four choices: a structure (matrix or small network), an objective (how wrong is y where v belongs), a retention (how
weights fade) and a learner (from which steps, with what momentum, in which direction). At each step

    S <- exp(momentum) S - sum over the window of lr * gradient        A <- exp(decay) A + turn(S)        W = image(A)

and y is what W stores at q. Gradients are taken at the weights the current block of `every` steps began with; with 1
they are taken anew at every step. Inside a block gradients therefore do not wait for each other: where nothing but
sums is done to them, reads are products of [C, C] matrices with the factors of the gradients, and no weight matrix is
ever built; a turn or an image needs the matrices themselves.

>>> import torch
>>> from mnesis.neural.rule import Size, sequential
>>> rule, one = gradient(every=1), torch.ones(1, 2, 1)
>>> x = {"q": one[..., None], "k": one[..., None], "v": 4 * one[..., None], "lr": one / 2, "decay": 0 * one}
>>> x["w0"] = torch.zeros(1, 1, 1)
>>> sequential(rule, rule.init(Size(1, 1, 1), 1, x), x)[0].flatten().tolist()
[2.0, 3.0]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from mnesis.errors import BadInput
from mnesis.neural.learner import Learner, plain
from mnesis.neural.objective import Objective, squared
from mnesis.neural.retention import Retention, fading
from mnesis.neural.rule import Inputs, Port, Rule, Size, State, where, zeros
from mnesis.neural.rule._grid import grid
from mnesis.neural.structure import Structure, bent, bent_slope, linear


@dataclass(frozen=True, slots=True)
class _Gradient:
    structure: Structure
    objective: Objective
    retention: Retention
    learner: Learner
    every: int

    @property
    def ports(self) -> Mapping[str, Port]:
        ports = {"q": Port("k", "sphere"), "k": Port("k", "sphere"), "v": Port("v"), "lr": Port("", "positive")}
        ports |= {"decay": Port("", "log")} if self.retention.fades else {}
        ports |= {"momentum": Port("", "log")} if self.learner.momentum else {}
        return {**ports, **self.objective.ports, **self.structure.ports}

    @property
    def seen(self) -> tuple[str, ...]:
        """What a window keeps of the steps before."""
        return ("k", "v", "lr", *self.objective.ports) if self.learner.window > 1 else ()

    def init(self, size: Size, batch: int, x: Inputs) -> State:
        if self.structure.residual and size.keys != size.values:
            raise BadInput(f"A residual memory needs keys as long as values, not {size.keys} and {size.values}.")
        state = {}
        for name, weight in zip(self.structure.names, self._starts(x), strict=True):
            number = name[1:]
            state["A" + number] = weight.unsqueeze(0).expand(batch, *weight.shape).clone()
            if self.learner.momentum:
                state["S" + number] = torch.zeros_like(state["A" + number])
            if self.every > 1:
                state["W" + number] = state["A" + number].clone()
        for name in self.seen:
            state["seen " + name] = zeros(x, batch, self.learner.window - 1, *self.ports[name].shape(size))
        return {**state, "n": torch.zeros(batch, dtype=torch.long, device=state["A0"].device)}

    # ------------------------------------------------------------------------------------------- one step at a time

    def step(self, state: State, x: Inputs) -> State:
        """The definition, with gradients by automatic differentiation."""
        names, after = self.structure.names, dict(state)
        start = (state["n"] % self.every) == 0
        weights = []
        for name in names:
            now = state["A" + name[1:]]
            if self.every > 1:
                after["W" + name[1:]] = now = where(start, now, state["W" + name[1:]])
            weights.append(self._image(now))
        steps = [x] + [{n: state["seen " + n][:, i] for n in self.seen} for i in range(self.learner.window - 1)]

        def loss(weights: list[Tensor]) -> Tensor:
            total = zeros(x)
            for each in steps:
                y = self.structure.apply(weights, each["k"], x.get("gain"), x.get("bias"))
                total = total + (each["lr"] * self.objective.loss(y, each["v"], each)).sum()
            return total

        for name, pull in zip(names, torch.func.grad(loss)(weights), strict=True):
            change = -pull
            if self.learner.momentum:
                change = after["S" + name[1:]] = _spread(x["momentum"].exp()) * state["S" + name[1:]] + change
            if self.learner.turn is not None:
                change = self.learner.turn(change)
            sum_ = state["A" + name[1:]]
            after["A" + name[1:]] = (_spread(x["decay"].exp()) * sum_ if self.retention.fades else sum_) + change
        for name in self.seen:
            kept = state["seen " + name]
            after["seen " + name] = torch.cat([x[name].unsqueeze(1).to(kept), kept[:, :-1]], dim=1)
        after["n"] = (state["n"] + 1) % self.every
        return after

    def read(self, state: State, x: Inputs) -> Tensor:
        weights = [self._image(state["A" + name[1:]]) for name in self.structure.names]
        return self.structure.apply(weights, x["q"], x.get("gain"), x.get("bias"))

    # --------------------------------------------------------------------------------------------------- in chunks

    def chunked(self, state: State, x: Inputs, mask: Tensor | None = None, chunk: int = 16) -> tuple[Tensor, State]:
        timed = {name: value for name, value in x.items() if not self.ports[name].once}
        once = {name: value.unsqueeze(-2) for name, value in x.items() if name in ("gain", "bias")}
        lie = grid(state["n"], timed["q"].shape[1], mask, self.every)
        placed = {name: lie.put(value) for name, value in timed.items()}
        early = self.learner.window - 1
        behind = {name: self._behind(state, name, placed[name]) for name in self.seen}
        state, out = dict(state), []
        for block in range(0, lie.live.shape[1], self.every):
            self._begin(state, lie.live[:, block])
            for start in range(block, block + self.every, chunk):
                stop = min(start + chunk, block + self.every)
                now = {name: value[:, start:stop].transpose(1, 2) for name, value in placed.items()}
                learnt = {name: value[:, start : stop + early].transpose(1, 2) for name, value in behind.items()} or now
                out.append(self._piece(state, now, learnt, once, lie.live[:, start:stop]))
        for name, value in behind.items():
            state["seen " + name] = _last(value, lie.count + early, early)
        state["n"] = lie.count % self.every
        return lie.take(torch.cat(out, dim=2).transpose(1, 2)), state

    def _behind(self, state: State, name: str, placed: Tensor) -> Tensor:
        """The grid with the steps before it in front: step i before stands i cells before the row's first."""
        kept = state["seen " + name]
        early = kept.shape[1]
        cell = early - 1 + state["n"].unsqueeze(1) - torch.arange(early, device=kept.device)
        cell = cell.reshape(*cell.shape, *(1,) * (kept.dim() - 2)).expand_as(kept)
        empty = torch.zeros_like(placed[:, :1]).expand(-1, early, *placed.shape[2:])
        whole = torch.cat([empty, placed], dim=1)
        return whole + torch.zeros_like(whole).scatter(1, cell, kept.to(whole))

    def _begin(self, state: State, starts: Tensor) -> None:
        """Rows that begin a block take gradients at what they have now."""
        for name in self.structure.names if self.every > 1 else ():
            state["W" + name[1:]] = where(starts, state["A" + name[1:]], state["W" + name[1:]])

    def _piece(self, state: State, now: Inputs, learnt: Inputs, once: Inputs, live: Tensor) -> Tensor:
        """Reads [B,H,C,V] of some steps of one block; the state is moved on. learnt: those steps, the window before."""
        weights = [self._image(state[("W" if self.every > 1 else "A") + n[1:]]) for n in self.structure.names]
        entered, pulls = self._gradients(weights, learnt, once)
        steps, many = live.shape[1], learnt["lr"].shape[-1]
        place = torch.arange(many, device=live.device) - torch.arange(steps, device=live.device).unsqueeze(1)
        band = (place >= 0) & (place <= many - steps)
        on = live[:, None, :, None]
        gathered = on * band * learnt["lr"].unsqueeze(-2)  # [B,H,C,E]
        fade, held = _spans(now.get("decay"), now["lr"])
        carry, first = _spans(now.get("momentum"), now["lr"])
        if self.learner.momentum:
            gathered = carry @ gathered
        if self.learner.turn is None and self.retention.image is None:
            moved = fade @ (on * gathered)
            pushed = (fade @ (on * first.unsqueeze(-1))).squeeze(-1)
            y = self._read_factors(state, now["q"], once, entered, pulls, (held, pushed, moved))
            self._move_factors(state, entered, pulls, (held, pushed, moved, first, gathered))
            return y
        built = []
        for n, (x, pull) in enumerate(zip(entered, pulls, strict=True)):
            each = x.unsqueeze(-1) * pull.unsqueeze(-2)
            change = -torch.einsum("bhts,bhsio->bhtio", gathered, each)
            if self.learner.momentum:
                change = change + _spread(first) * state[f"S{n}"].unsqueeze(2)
                state[f"S{n}"] = change[:, :, -1]
            turned = change if self.learner.turn is None else self.learner.turn(change)
            turned = turned * on.unsqueeze(-1)
            sums = torch.einsum("bhtr,bhrio->bhtio", fade, turned) + _spread(held) * state[f"A{n}"].unsqueeze(2)
            state[f"A{n}"] = sums[:, :, -1]
            built.append(self._image(sums))
        return self.structure.apply(built, now["q"], once.get("gain"), once.get("bias"))

    def _gradients(self, weights: list[Tensor], x: Inputs, once: Inputs) -> tuple[list[Tensor], list[Tensor]]:
        """What enters each layer and the gradient at its output: their outer products are the gradients."""
        entered, z = [x["k"]], x["k"] @ weights[0]
        sums = [z]
        for weight in weights[1:]:
            entered.append(bent(z))
            z = entered[-1] @ weight
            sums.append(z)
        y = self.structure.finish(z, x["k"], once.get("gain"), once.get("bias"))
        pulls = [self.structure.back(z, self.objective.pull(y, x["v"], x), once.get("gain"))]
        for n in range(len(weights) - 1, 0, -1):
            pulls.insert(0, pulls[0] @ weights[n].mT * bent_slope(sums[n - 1]))
        return entered, pulls

    def _read_factors(
        self,
        state: State,
        q: Tensor,
        once: Inputs,
        entered: list[Tensor],
        pulls: list[Tensor],
        shares: tuple[Tensor, Tensor, Tensor],
    ) -> Tensor:
        """What every step reads, without its weights ever being built."""
        held, pushed, moved = shares
        z = q
        for n, (x, pull) in enumerate(zip(entered, pulls, strict=True)):
            z = z if n == 0 else bent(z)
            own = held.unsqueeze(-1) * (z @ state[f"A{n}"]) - (moved * (z @ x.mT)) @ pull
            z = own + pushed.unsqueeze(-1) * (z @ state[f"S{n}"]) if self.learner.momentum else own
        return self.structure.finish(z, q, once.get("gain"), once.get("bias"))

    def _move_factors(
        self, state: State, entered: list[Tensor], pulls: list[Tensor], shares: tuple[Tensor, ...]
    ) -> None:
        """The state after the last step."""
        held, pushed, moved, first, gathered = (each[:, :, -1] for each in shares)
        for n, (x, pull) in enumerate(zip(entered, pulls, strict=True)):
            total = _spread(held) * state[f"A{n}"] - (moved.unsqueeze(-1) * x).mT @ pull
            if self.learner.momentum:
                total = total + _spread(pushed) * state[f"S{n}"]
                state[f"S{n}"] = _spread(first) * state[f"S{n}"] - (gathered.unsqueeze(-1) * x).mT @ pull
            state[f"A{n}"] = total

    def _image(self, a: Tensor) -> Tensor:
        return a if self.retention.image is None else self.retention.image(a)

    def _starts(self, x: Inputs) -> list[Tensor]:
        like = torch.promote_types(x["w0"].dtype, torch.float32)
        return [x[name].to(like) for name in self.structure.names]


def block_start(state: State) -> State:
    """The state with the weights the current block began with in place of those it has come to."""
    old = {name.replace("W", "A", 1): value for name, value in state.items() if name.startswith("W")}
    return {**state, **{name: where(state["n"] == 0, state[name], value) for name, value in old.items()}}


def _spread(factor: Tensor) -> Tensor:
    return factor[..., None, None]


def _spans(log: Tensor | None, like: Tensor) -> tuple[Tensor, Tensor]:
    """The product of factors from each step to each later one [B,H,C,C], and from the start to each [B,H,C]."""
    if log is None:
        ones = torch.ones_like(like)
        return ones.unsqueeze(-1).expand(*like.shape, like.shape[-1]).tril(), ones
    size = log.shape[-1]
    late = torch.ones(size, size, dtype=torch.bool, device=log.device).tril(-1)
    spread = torch.where(late, log.unsqueeze(-1), torch.zeros_like(log).unsqueeze(-1))
    return spread.cumsum(-2).exp().tril(), log.cumsum(-1).exp()


def _last(x: Tensor, count: Tensor, early: int) -> Tensor:
    """The newest `early` steps before cell `count`, newest first."""
    cell = count.unsqueeze(1) - 1 - torch.arange(early, device=x.device)
    cell = cell.reshape(*cell.shape, *(1,) * (x.dim() - 2))
    return x.gather(1, cell.expand(*cell.shape[:2], *x.shape[2:]))


def gradient(
    structure: Structure | None = None,
    objective: Objective | None = None,
    retention: Retention | None = None,
    learner: Learner | None = None,
    every: int = 16,
) -> Rule:
    """A gradient memory of four choices, by default a fading matrix and plain steps on the squared error."""
    if every < 1:
        raise BadInput(f"every={every} must be a number of steps, at least 1.")
    return _Gradient(structure or linear(), objective or squared(), retention or fading(), learner or plain(), every)
