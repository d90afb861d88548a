"""Every network of the slot neural.network answers questions on stories, whatever is padded and beside it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch

from mnesis import catalog

SUBJECTS = catalog.names("neural.network")
VOCAB, ANSWERS, WIDTH = 20, 6, 16
BESIDE = {"neural.network.synthetic_gradient": ("feedback",)}  # learned by `learn`, not through the answer
OPTIONS_AT_MOST = 6
STEPS = 700  # at most; most need a tenth of it


@pytest.fixture(params=SUBJECTS)
def address(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def network(address: str) -> Any:
    torch.manual_seed(0)
    return catalog.make(address, vocab=VOCAB, answers=ANSWERS, width=WIDTH)


def stories(rows: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    source = torch.Generator().manual_seed(1)
    return torch.randint(1, VOCAB, (rows, 4, 3), generator=source), torch.randint(1, VOCAB, (rows, 2), generator=source)


def test_few_options_each_with_a_default(address: str) -> None:
    options = inspect.signature(catalog.maker(address)).parameters
    assert list(options)[:3] == ["vocab", "answers", "width"]
    assert len(options) <= OPTIONS_AT_MOST
    assert all(each.default is not inspect.Parameter.empty for each in options.values())


def test_one_answer_a_question(network: Any) -> None:
    story, question = stories()
    assert network(story, question).shape == (3, ANSWERS)


def test_padding_changes_nothing(network: Any) -> None:
    story, question = stories()
    said = network(story, question)
    wider = torch.nn.functional.pad(story, (0, 2, 0, 3))  # longer sentences, more of them
    assert torch.allclose(network(wider, torch.nn.functional.pad(question, (0, 4))), said, atol=1e-5)
    before = torch.cat([torch.zeros_like(story[:, :2]), story], dim=1)
    assert torch.allclose(network(before, question), said, atol=1e-5), "empty sentences in front"


def test_rows_do_not_know_each_other(network: Any) -> None:
    story, question = stories()
    story[1, 2:] = 0
    together = network(story, question)
    for row in range(3):
        live = int((story[row] != 0).any(-1).sum())
        alone = network(story[row : row + 1, :live], question[row : row + 1])
        assert torch.allclose(alone[0], together[row], atol=1e-5)


def test_story_order_of_words_and_question_matter(network: Any, address: str) -> None:
    story, question = stories()
    said = network(story, question)
    assert not torch.allclose(network(story.roll(1, 0), question), said, atol=1e-6)
    assert not torch.allclose(network(story, question.roll(1, 0)), said, atol=1e-6)


def test_a_story_without_a_sentence_is_answered(network: Any) -> None:
    _, question = stories()
    assert bool(torch.isfinite(network(torch.zeros(3, 2, 3, dtype=torch.long), question)).all())


def test_gradients_reach_everything(network: Any, address: str) -> None:
    story, question = stories(rows=8)
    network(story, question).square().sum().backward()
    for name, value in network.named_parameters():
        if not name.startswith(BESIDE.get(address, ())):
            assert value.grad is not None, f"{name} is not used"
            assert bool(torch.isfinite(value.grad).all()), name
            assert float(value.grad.abs().max()) > 0, f"{name} changes nothing"


def test_saved_is_loaded(network: Any, address: str, tmp_path: Any) -> None:
    story, question = stories()
    torch.save(network.state_dict(), tmp_path / "network.pt")
    fresh = catalog.make(address, vocab=VOCAB, answers=ANSWERS, width=WIDTH)
    fresh.load_state_dict(torch.load(tmp_path / "network.pt", weights_only=True))
    assert torch.equal(fresh(story, question), network(story, question))


def test_too_small_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="vocab=1"):
        catalog.make(address, vocab=1)


def test_it_learns_to_find_one_of_two_facts(address: str) -> None:
    """Two persons and where they are, in any order; then: where is one of them?"""
    torch.manual_seed(0)
    network = catalog.make(address, vocab=10, answers=4, width=16)
    source, right = torch.Generator().manual_seed(0), []

    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(STEPS):
        persons = 1 + torch.rand(64, 3, generator=source).argsort(1)[:, :2]
        places = torch.randint(4, (64, 2), generator=source)
        story = torch.stack([persons, torch.full_like(persons, 4), 5 + places], dim=2)
        asked = torch.randint(2, (64, 1), generator=source)
        answer = places.gather(1, asked).squeeze(1)
        logits = network(story, torch.cat([torch.full((64, 1), 9), persons.gather(1, asked)], dim=1))
        right.append(float((logits.argmax(-1) == answer).float().mean()))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(logits, answer).backward()
        optimizer.step()
        if sum(right[-10:]) > 9.2:
            break
    assert sum(right[-10:]) / 10 > 0.9, [round(each, 2) for each in right[::20]]
