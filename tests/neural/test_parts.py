"""The four choices of a gradient memory: derivatives are those of the losses, images and turns do what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from mnesis.errors import BadInput
from mnesis.neural import learner, objective, retention, structure
from mnesis.neural.objective import Objective
from mnesis.neural.pieces import Polynomial, ShortConv, Taylor, turned
from mnesis.neural.rule import Size
from mnesis.neural.rule.gradient import gradient

OBJECTIVES = [
    objective.inner_product,
    objective.squared,
    objective.power,
    lambda: objective.power(4.0),
    objective.huber,
]


@pytest.mark.parametrize("make", OBJECTIVES, ids=["inner product", "squared", "third power", "fourth power", "huber"])
def test_the_pull_is_the_derivative_of_the_loss(make: Callable[[], Objective]) -> None:
    source = torch.Generator().manual_seed(0)
    y, v = (torch.randn(40, 3, generator=source, dtype=torch.float64) for _ in range(2))
    x = {"threshold": torch.full((40,), 1.5, dtype=torch.float64)}
    y.requires_grad_()
    (slope,) = torch.autograd.grad(make().loss(y, v, x).sum(), y)
    assert torch.allclose(make().pull(y, v, x), slope, atol=1e-9)


def test_the_third_power_cares_more_about_what_is_far_off() -> None:
    v, x = torch.zeros(1, 2), {}
    y = torch.tensor([[0.1, 2.0]])
    near, far = objective.power(3.0).pull(y, v, x)[0].tolist()
    assert near < 0.02
    assert far == pytest.approx(4.0, rel=1e-3)


def test_a_bounded_memory_stays_in_its_ball_however_much_is_gathered() -> None:
    a = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0))
    image = retention.bounded(4.0).image
    assert image is not None
    sizes = [float(image(scale * a).abs().pow(4).sum((-2, -1)).pow(0.25).max()) for scale in (1.0, 100.0)]
    assert sizes[1] < sizes[0]  # the image of what has grown is smaller: its norm is the sum's to the power 3 - q
    assert sizes[1] == pytest.approx(sizes[0] / 100, rel=0.01)


def test_weights_on_a_simplex_are_shares() -> None:
    image = retention.simplex().image
    assert image is not None
    shares = image(50 * torch.randn(3, 6, 4, generator=torch.Generator().manual_seed(0)))
    assert torch.allclose(shares.sum(-2), torch.ones(3, 4))
    assert bool((shares >= 0).all())


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5)])
def test_an_orthogonal_change_moves_every_direction_about_equally(shape: tuple[int, int]) -> None:
    source = torch.Generator().manual_seed(0)
    left, right = (torch.linalg.qr(torch.randn(n, n, generator=source))[0] for n in shape)
    change = left[:, :4] @ torch.diag(torch.tensor([1.0, 0.5, 0.2, 0.1])) @ right[:4]
    values = torch.linalg.svdvals(learner.orthogonal(change))[:4]
    assert 0.6 < float(values.min()) <= float(values.max()) < 1.3
    assert float(learner.orthogonal(torch.zeros(shape)).abs().max()) == 0.0


def test_taylor_features_meet_as_the_exponential_to_second_order() -> None:
    q, k = torch.randn(2, 10, 6, generator=torch.Generator().manual_seed(0))
    near = (q * k).sum(-1) / 6**0.5
    assert torch.allclose((Taylor(6)(q) * Taylor(6)(k)).sum(-1), 1 + near + near.square() / 2, atol=1e-5)


def test_polynomial_features_tell_more_keys_apart_than_they_have_coordinates() -> None:
    keys = torch.nn.functional.normalize(torch.randn(20, 4, generator=torch.Generator().manual_seed(0)), dim=-1)
    assert int(torch.linalg.matrix_rank(keys)) == 4
    assert int(torch.linalg.matrix_rank(Polynomial(4)(keys))) == 14  # 1, 4 and 10, but the squares sum to the 1


def test_turned_vectors_tell_distances_and_nothing_else() -> None:
    q, k = torch.randn(2, 1, 1, 1, 8, generator=torch.Generator().manual_seed(0))
    found = [
        float((turned(q, torch.tensor([[a]])) * turned(k, torch.tensor([[b]]))).sum()) for a, b in ((5, 2), (9, 6))
    ]
    assert found[0] == pytest.approx(found[1], abs=1e-5)
    assert abs(found[0] - float((q * k).sum())) > 1e-3


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInput, match="every"):
        gradient(every=0)
    rule = gradient(structure.linear(residual=True))
    with pytest.raises(BadInput, match="residual"):
        rule.init(Size(1, 2, 3), 1, {"w0": torch.zeros(1, 2, 3)})
    with pytest.raises(BadInput, match="convolution"):
        ShortConv(4, 1)
