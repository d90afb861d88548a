"""What each network of stories does that the others do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from mnesis.neural.network import Network, placed
from mnesis.neural.network._turing import Head, written
from mnesis.neural.network.dmn import Episodes, dmn
from mnesis.neural.network.dnc import allocation, linked
from mnesis.neural.network.fashion_ntm import fashion_ntm
from mnesis.neural.network.memn2n import memn2n
from mnesis.neural.network.memo import Items, memo
from mnesis.neural.network.memory_network import Looking, memory_network
from mnesis.neural.network.pmi import Inference, pmi
from mnesis.neural.network.rmc import Relational, rmc
from mnesis.neural.network.synthetic_gradient import Decoupled, synthetic_gradient


def chains(source: torch.Generator, rows: int = 64) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Who holds which thing, and where each person is: where is the thing? Two facts of six support the answer."""
    holder = torch.rand(rows, 3, generator=source).argsort(1)  # the person of each thing
    place = torch.randint(4, (rows, 3), generator=source)  # of each person
    things, persons = (torch.arange(first, first + 3).expand(rows, -1) for first in (1, 4))
    facts = torch.cat([torch.stack([4 + holder, things], 2), torch.stack([persons, 7 + place], 2)], dim=1)
    order = torch.rand(rows, 6, generator=source).argsort(1)
    story = facts.gather(1, order.unsqueeze(-1).expand(-1, -1, 2))
    asked = torch.randint(3, (rows, 1), generator=source)
    who = holder.gather(1, asked)
    where = order.argsort(1)
    support = torch.cat([where.gather(1, asked), where.gather(1, 3 + who)], dim=1)
    return story, 1 + asked, place.gather(1, who).squeeze(1), support


def share_right(network: Network, train: Any, steps: int, loss: Callable[..., Tensor] | None = None) -> float:
    """The share of chained questions answered after training."""
    source = torch.Generator().manual_seed(0)

    def missed(step: int) -> Tensor:
        story, question, answer, support = chains(source)
        if loss is not None:
            return loss(story, question, answer, support)
        return cross_entropy(network(story, question), answer)

    train(network.parameters(), missed, steps, lr=1e-2)
    story, question, answer, _ = chains(torch.Generator().manual_seed(1), rows=500)
    with torch.no_grad():
        return float((network(story, question).argmax(-1) == answer).float().mean())


def test_a_memory_network_chains_facts_it_was_shown_the_support_of(train: Any) -> None:
    torch.manual_seed(0)
    network = memory_network(vocab=11, answers=4, width=24, hops=2)
    assert isinstance(network, Looking)
    assert share_right(network, train, 200, network.supported) > 0.95
    story, question, _, support = chains(torch.Generator().manual_seed(2), rows=100)
    _, scores = network.looked(network.told(story, question))
    found = torch.stack([each.argmax(1) for each in scores], dim=1)
    assert float((found == support).float().mean()) > 0.9, "and it looks up the very sentences that support them"


def test_more_hops_chain_what_one_cannot(train: Any) -> None:
    found = {}
    for hops in (1, 3):
        torch.manual_seed(0)
        found[hops] = share_right(memn2n(vocab=11, answers=4, width=24, hops=hops), train, 250)
    assert found[3] > found[1] + 0.2, found


def test_every_episode_looks_anew(train: Any) -> None:
    torch.manual_seed(0)
    network = dmn(vocab=11, answers=4, width=16)
    assert isinstance(network, Episodes)
    facts, question = torch.randn(2, 5, 16), torch.randn(2, 16)
    first, then = (network.gates(facts, question, memory) for memory in (question, torch.randn(2, 16)))
    assert float(first.detach().min()) > 0
    assert not torch.allclose(first, then, atol=1e-4), "what the memory holds changes what matters"


def test_items_apart_infer_what_was_never_told_together(train: Any) -> None:
    """A goes with B, and B with C, in facts of their own: what goes with A that was never seen with it?"""

    def pairs(source: torch.Generator, rows: int = 64) -> tuple[Tensor, Tensor, Tensor]:
        items = 1 + torch.rand(rows, 9, generator=source).argsort(1).reshape(rows, 3, 3)  # three chains of three
        story = torch.cat([items[:, :, :2], items[:, :, 1:]], dim=1)
        story = story.gather(1, torch.rand(rows, 6, generator=source).argsort(1).unsqueeze(-1).expand(-1, -1, 2))
        return story, items[:, 0, :1], items[:, 0, 2] - 1

    found = {}
    for name, maker in (("memo", memo), ("memn2n", memn2n)):
        torch.manual_seed(0)
        network, source = maker(vocab=11, answers=9, width=32), torch.Generator().manual_seed(0)

        def missed(step: int, network: Any = network, source: Any = source) -> Tensor:
            story, question, answer = pairs(source)
            return cross_entropy(network(story, question), answer)

        train(network.parameters(), missed, 200, lr=1e-2)
        story, question, answer = pairs(torch.Generator().manual_seed(1), rows=500)
        with torch.no_grad():
            found[name] = float((network(story, question).argmax(-1) == answer).float().mean())
    assert found["memo"] > 0.9 > 0.4 > found["memn2n"], found


def test_how_often_it_hops_is_learned() -> None:
    torch.manual_seed(0)
    network = memo(vocab=11, answers=4, width=16, hops=5)
    assert isinstance(network, Items)
    story, question, _, _ = chains(torch.Generator().manual_seed(0), rows=8)
    _, thought = network.thought(story, question)
    assert bool(((thought > 1) & (thought < 5)).all())
    thought.mean().backward()
    assert float(network.stop[0].weight.grad.abs().max()) > 0  # type: ignore[union-attr, operator]
    with torch.no_grad():
        network.stop[2].bias.fill_(30.0)  # type: ignore[operator, union-attr]
    assert torch.allclose(network.thought(story, question)[1], torch.ones(8), atol=1e-4)


def test_rows_of_a_relational_memory_see_each_other() -> None:
    torch.manual_seed(0)
    network = rmc(vocab=11, answers=4, width=16, rows=4)
    assert isinstance(network, Relational)
    memory, x = torch.randn(1, 4, 16), torch.randn(1, 1, 16)
    other = memory.clone()
    other[:, 3] += 1.0
    moved = (network.related(other, x) - network.related(memory, x)).abs().amax(-1)
    assert bool((moved[0, :3] > 1e-4).all())


def test_slots_compete_and_long_term_memory_keeps_moments_apart() -> None:
    torch.manual_seed(0)
    network = pmi(vocab=11, answers=4, width=16, slots=5, won=2, deep=3)
    assert isinstance(network, Inference)
    held = network.begin(torch.zeros(1, 16))
    x = torch.randn(1, 16)
    got = network.won_by(x, held["working"])
    assert int((got > 0).sum()) == 2
    _, after = network.step(x, held)
    changed = (after["working"] - held["working"]).abs().amax(-1)[0] > 1e-5
    assert torch.equal(changed, got[0] > 0), "the slots that lost are as they were"
    with torch.no_grad():
        network.moment.weight.zero_()
        network.moment.bias.copy_(torch.tensor([30.0, 0.0, 0.0]))
    _, laid = network.step(x, held)
    laid = {name: value.detach() for name, value in laid.items()}
    assert float(laid["long"][0, 0].abs().max()) > 1e-3
    assert float(laid["long"][0, 1:].abs().max()) < 1e-6


def test_a_head_looks_by_likeness_goes_on_and_writes() -> None:
    memory = torch.eye(4).unsqueeze(0)
    torch.manual_seed(0)
    head, before = Head(2, 4), one_hot(torch.tensor([1]), 4).float()
    with torch.no_grad():
        head.says.weight.zero_()
        # key, strength, gate (0: where it looked before), shift (on by one), sharpness
        head.says.bias.copy_(torch.tensor([0, 0, 0, 9.0, 20.0, -30.0, 0.0, 0.0, 30.0, 20.0]))
    assert head(torch.zeros(1, 2), memory, before).argmax() == 2
    with torch.no_grad():
        head.says.bias[5], head.says.bias[6:9] = 30.0, torch.tensor([0.0, 30.0, 0.0])
    assert head(torch.zeros(1, 2), memory, before).argmax() == 3
    after = written(memory, before, erase=torch.ones(1, 4), add=torch.full((1, 4), 7.0))
    assert after[0, 1].tolist() == [7.0] * 4
    assert torch.equal(after[0, [0, 2, 3]], memory[0, [0, 2, 3]])


def test_what_is_new_goes_to_the_row_used_least_and_links_tell_the_order() -> None:
    shares = allocation(torch.tensor([[0.9, 0.0, 0.5]]))
    assert torch.allclose(shares, torch.tensor([[0.0, 1.0, 0.0]]))
    assert float(allocation(torch.ones(1, 3)).abs().max()) == 0.0, "where all is used, nothing is free"
    links, last = torch.zeros(1, 3, 3), torch.zeros(1, 3)
    for row in (2, 0, 1):
        w = one_hot(torch.tensor([row]), 3).float()
        links, last = linked(links, last, w), w
    assert torch.equal(links[0] @ torch.tensor([0.0, 0.0, 1.0]), torch.tensor([1.0, 0.0, 0.0])), "after 2 came 0"
    assert torch.equal(links[0].T @ torch.tensor([0.0, 1.0, 0.0]), torch.tensor([1.0, 0.0, 0.0])), "before 1 came 0"


def test_a_memory_of_the_cascade_is_handed_what_the_one_before_reads() -> None:
    torch.manual_seed(0)
    network: Any = fashion_ntm(vocab=11, answers=4, width=16, memories=3)
    held, x = network.begin(torch.zeros(1, 16)), torch.randn(1, 16)
    before, one = network.step(x, held)
    second = {**held, "M1": held["M1"] + torch.randn_like(held["M1"])}
    after, two = network.step(x, second)
    assert torch.equal(one["r0"], two["r0"]), "nothing goes back up the cascade"
    assert not torch.allclose(one["r1"], two["r1"], atol=1e-5)
    assert not torch.allclose(one["M2"], two["M2"], atol=1e-6)
    assert not torch.allclose(before, after)


def test_turns_are_remembered_in_any_order(train: Any) -> None:
    torch.manual_seed(0)
    network = fashion_ntm(vocab=11, answers=4, width=16)
    story = torch.randint(1, 11, (4, 3, 2), generator=torch.Generator().manual_seed(0))
    for turn in range(3):
        other = story.clone()
        other[:, turn] = 1 + other[:, turn] % 10
        assert not torch.allclose(network(other, story[:, 0]), network(story, story[:, 0]), atol=1e-6)


def test_guessed_gradients_teach_a_controller_and_need_one_sentence_at_a_time() -> None:
    torch.manual_seed(0)
    network = synthetic_gradient(vocab=10, answers=4, width=16)
    assert isinstance(network, Decoupled)
    source, missed, begun = torch.Generator().manual_seed(0), [], []
    named = network._named

    def watched(flat: Tensor) -> Any:
        begun.append(flat.is_leaf)
        return named(flat)

    network._named = watched  # type: ignore[method-assign]
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(240):
        place = torch.randint(4, (64, 1, 1), generator=source)
        story = torch.cat([torch.cat([torch.full_like(place, 1), 5 + place], 2), torch.full((64, 1, 2), 9)], dim=1)
        optimizer.zero_grad()
        loss, _ = network.learn(story, torch.full((64, 1), 2), place.flatten())
        optimizer.step()
        missed.append(loss)
    assert sum(missed[-10:]) / 10 < 0.5 * missed[0], missed[::24]
    assert all(begun), "every step begins from a state that knows nothing of how it was made"


def test_words_in_another_order_are_another_sentence() -> None:
    words = torch.randn(1, 3, 8, generator=torch.Generator().manual_seed(0))
    live = torch.ones(1, 3, dtype=torch.bool)
    assert not torch.allclose(placed(words, live), placed(words.flip(1), live), atol=1e-4)
    longer = torch.nn.functional.pad(words, (0, 0, 0, 2))
    assert torch.allclose(placed(longer, torch.arange(5).unsqueeze(0) < 3), placed(words, live), atol=1e-6)
