"""The numbers of the theory, by hand: base level, fan, partial matching, and what they predict."""

from __future__ import annotations

from math import log, nan, sqrt

import numpy as np
import pytest

from mnesis.errors import BadInput
from mnesis.neural.assoc.act_r import act_r

A, B, C = [1, 2, 3], [1, 5, 6], [7, 8, 9]


def test_base_levels_by_hand() -> None:
    """A is met at 0 and 3, B at 1 and C at 2; at 9 they are 9 and 6, 8 and 7 seconds old."""
    memory = act_r().fit([A, B, C, A]).wait(5)
    wanted = [log(1 / sqrt(9) + 1 / sqrt(6)), log(1 / sqrt(8)), log(1 / sqrt(7))]
    assert memory.base_level() == pytest.approx(wanted, abs=1e-12)
    assert wanted[0] == pytest.approx(-0.29897, abs=1e-5)


def test_forgetting_is_a_power_law() -> None:
    memory, levels, ages = act_r(decay=0.3).fit([A]), [], []
    for wait in (0, 1, 8, 90, 900):
        memory.wait(wait)
        ages.append(float(memory.state_["now"]))
        levels.append(float(memory.base_level()[0]))
    slope, start = np.polyfit(np.log(ages), levels, 1)
    assert slope == pytest.approx(-0.3)
    assert start == pytest.approx(0.0, abs=1e-9)


def test_spreading_falls_with_the_fan_and_a_mismatch_costs() -> None:
    memory = act_r(strength=2.0, mismatch=1.5).fit([A, B, C])
    base = memory.base_level()
    extra = memory.activation(np.array([[1, 2, nan]]))[0] - base
    # two slots share attention; slot 0 holds 1 in two chunks (fan 2), slot 1 holds 2 in one
    assert extra == pytest.approx([0.5 * (2 - log(2)) + 0.5 * 2, 0.5 * (2 - log(2)) - 1.5, -3.0])


def test_chance_is_a_softmax_over_activations() -> None:
    memory = act_r(noise=0.4).fit([A, B])
    cue = np.array([[1, nan, nan]])
    gap = np.diff(memory.activation(cue)[0])[0]
    chances = memory.chance(cue)[0]
    assert chances.sum() == pytest.approx(1.0)
    assert log(chances[1] / chances[0]) == pytest.approx(gap / (sqrt(2) * 0.4))


def test_where_cues_fit_equally_use_decides_and_use_fades() -> None:
    """What was met thrice long ago wins over what was met once lately only when the moment has passed."""
    memory = act_r(pace=1.0).fit([A, A, A]).wait(50).partial_fit([B])
    cue = [[1, nan, nan]]
    assert memory.recall(cue).tolist() == [B]
    assert memory.wait(1000).recall(cue).tolist() == [A]


def test_below_the_threshold_nothing_comes_to_mind() -> None:
    memory = act_r(threshold=0.0).fit([A])
    assert memory.recall([A]).tolist() == [A]
    memory.wait(1e6)
    assert np.isnan(memory.recall([A])).all()
    assert memory.partial_fit([A]).recall([A]).tolist() == [A]


def test_forgetting_a_chunk_keeps_the_times_of_the_others() -> None:
    memory = act_r().fit([A, B, C, A])
    before = memory.base_level()
    assert memory.forget([B]).base_level() == pytest.approx(before[[0, 2]])


def listened(seed: int, n: int = 200, songs: int = 40) -> list[int]:
    """A history of songs: one in ten is any song, the others were heard k steps ago with odds k ** -0.85."""
    rng = np.random.default_rng(seed)
    heard = rng.permutation(songs)[:5].tolist()
    while len(heard) < n:
        odds = np.arange(len(heard), 0, -1.0) ** -0.85
        again = heard[int(rng.choice(len(heard), p=odds / odds.sum()))]
        heard.append(int(rng.integers(songs)) if rng.random() < 0.1 else again)
    return heard


def test_what_is_heard_again_is_told_better_than_by_counting_or_by_recency_alone() -> None:
    """Repetition as it is in listening, by a power law of time: is the next song among the three most active?"""
    hits: dict[str, list[bool]] = {"active": [], "counted": [], "latest": []}
    for seed in range(8):
        memory, heard = act_r(), listened(seed)
        for n, song in enumerate(heard):
            if n >= 40:
                known, met = memory.state_["chunks"][:, 0], memory.state_["met"]
                latest = np.array([np.flatnonzero(met == chunk).max() for chunk in range(len(known))])
                counted = np.bincount(met) + 1e-6 * latest
                for name, score in (("active", memory.base_level()), ("counted", counted), ("latest", latest)):
                    hits[name].append(bool(song in known[np.argsort(-score)[:3]]))
            memory.partial_fit([[song]])
    right = {name: float(np.mean(each)) for name, each in hits.items()}
    assert right["active"] > right["counted"] + 0.01, right
    assert right["active"] > right["latest"] + 0.01, right


def test_options_are_checked() -> None:
    for options in ({"decay": 0.0}, {"noise": 0.0}, {"pace": -1.0}, {"mismatch": -1.0}, {"threshold": nan}):
        with pytest.raises(BadInput):
            act_r(**options)
    with pytest.raises(BadInput, match="forwards"):
        act_r().fit([A]).wait(-1)
