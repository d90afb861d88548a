"""Train the networks of `text.association` and write them, with their evidence, to association.json.

    python scripts/train_walk.py --data FOLDER [--embedder local] [--vectors FILE]

Trained on MuSiQue (CC BY 4.0) and 2WikiMultiHopQA (Apache-2.0) alone; HotpotQA (CC BY-SA 4.0) and Natural Questions
(CC BY-SA 3.0) are only scored, and nothing learned from them is written. A question is a list of candidates and of
steps between them; the loss is listwise (softmax over the candidates, cross entropy with the gold ones), and both
networks learn together through the sums and maxima of `text.association.judged`. Every number stands three times:
in five folds of the two sets, by networks trained on the other sets, and by those that are shipped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import torch

from mnesis import catalog
from mnesis.bench.embedding import Kept
from mnesis.bench.tasks import Case, Question
from mnesis.memory import Space
from mnesis.minds import embedder_of
from mnesis.models import Embedder
from mnesis.text.association import ALONE, STEP, Sheet, answering, ask, spread
from mnesis.words import NOTHING, Floats, Found, union

TRAINED = {"musique": "CC BY 4.0", "wiki2": "Apache-2.0"}
SCORED = {"hotpotqa": "CC BY-SA 4.0", "nq": "CC BY-SA 3.0"}
MULTI = ("musique", "hotpotqa", "wiki2")
TARGET = Path(__file__).parent.parent / "src/mnesis/text/association.json"
HIDDEN, EPOCHS, BATCH, RATE, DECAY, FOLDS = 16, 25, 48, 0.01, 0.03, 5
SEEDS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one question's candidates and steps, which candidates are gold, and how many gold there are."""

    alone: Floats
    begin: np.ndarray
    end: np.ndarray
    step: Floats
    gold: np.ndarray
    wanted: int
    ranks: np.ndarray


Sheets = dict[str, list[Answer]]
Scale = tuple[torch.Tensor, torch.Tensor]


class Fusion(torch.nn.Module):
    """The two networks, and what it is worth when there is no step."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__()
        known = np.concatenate([each.alone for each in answers])
        steps = np.concatenate([_joined(each) for each in answers])
        self.scales = [_scale(known), _scale(steps)]
        self.alone = _network(known.shape[1], HIDDEN, 1)
        self.step = _network(steps.shape[1], HIDDEN + 8, 2)
        self.none = torch.nn.Parameter(torch.zeros(2))

    def forward(self, alone: torch.Tensor, step: torch.Tensor, begin: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
        score = self.alone(_scaled(alone, self.scales[0]))[:, 0]
        steps = self.step(_scaled(step, self.scales[1]))
        for column, at in ((0, end), (1, begin)):
            none = self.none[column].expand(len(alone))
            score = score + none.index_reduce(0, at, steps[:, column], "amax")
        return score

    def plain(self) -> dict[str, object]:
        """Plain values, as `text.association` reads them."""
        out: dict[str, object] = {"none": _plain(self.none)}
        for name, network, (mean, scale) in zip(("alone", "step"), (self.alone, self.step), self.scales, strict=True):
            first, _, second = network
            out[name] = {
                "mean": _plain(mean), "scale": _plain(scale), "first": _plain(first.weight.T),
                "bias": _plain(first.bias), "second": _plain(second.weight.T), "last": _plain(second.bias),
            }  # fmt: skip
        return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedder", default="local")
    parser.add_argument("--vectors", type=Path, default=None, help="an SQLite file to keep vectors in")
    chosen = parser.parse_args()
    kept: dict[str, object] = {"trained": f"{datetime.now(UTC):%Y-%m-%d}", "embedder": chosen.embedder, "sets": TRAINED}
    kept |= {"known of a candidate": ALONE, "known of a step": STEP}
    networks, evidence = {}, {}
    for name, embedder in (("words", embedder_of("none")), ("words and vectors", embedder_of(chosen.embedder))):
        with Kept(embedder, chosen.vectors) as keeper:
            sheets = {each: list(answers_of(each, chosen.data, keeper)) for each in (*TRAINED, *SCORED)}
        every = fit([answer for each in TRAINED for answer in sheets[each]])
        networks[name] = every.plain()
        evidence[name] = {
            "questions": {each: len(found) for each, found in sheets.items()},
            "in five folds": folded({each: sheets[each] for each in TRAINED}),
            "trained on the other two": {
                each: measured([fit([a for o in MULTI if o != each for a in sheets[o]])], sheets[each])
                for each in MULTI
            },
            "as shipped": {each: measured([every], found) for each, found in sheets.items()},
        }
        print(name, json.dumps(evidence[name], indent=1), flush=True)
    TARGET.write_text(json.dumps(kept | {"evidence": evidence, "networks": networks}) + "\n", encoding="utf-8")


def answers_of(task: str, data: Path, embedder: Embedder) -> Iterator[Answer]:
    """The candidates and steps of every question of a set."""
    for case in catalog.make(f"bench.tasks.{task}").load(data):
        with Space(":memory:", recipe="associative", embedder=embedder) as space:
            space.remember(case.events)
            yield from (found for question in case.questions if (found := answer_of(space, case, question)))


def answer_of(space: Space, case: Case, question: Question) -> Answer | None:
    view = space._view("default")
    query = space._asked(question.text, view, space._clock(), 20)
    found: Found = NOTHING
    for find in space._recipe.find[:2]:
        found = union(found, find(query, view, found))
    sheet: Sheet | None = spread(ask(query, view), view, found, SEEDS)
    if sheet is None:
        return None
    gold = np.array([bool(question.gold & set(cube.sources)) for cube in sheet.pool.cubes])
    pool = sheet.pool
    return Answer(pool.alone, sheet.begin, sheet.end, sheet.step, gold, len(question.gold), pool.rows)


def fit(answers: Sequence[Answer]) -> Fusion:
    """Networks that put the gold candidates of these questions first."""
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    fusion = Fusion(answers)
    optimiser = torch.optim.AdamW(fusion.parameters(), lr=RATE, weight_decay=DECAY)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS * -(-len(answers) // BATCH))
    for _ in range(EPOCHS):
        order = chance.permutation(len(answers))
        for start in range(0, len(order), BATCH):
            part = [answers[at] for at in order[start : start + BATCH] if answers[at].gold.any()]
            loss = torch.stack([_loss(fusion, *each) for each in _together(fusion, part)]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            slower.step()
    return fusion


def _together(fusion: Fusion, part: Sequence[Answer]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The scores of the candidates of each question, and which are gold."""
    size = np.cumsum([0, *(len(each.alone) for each in part)])
    score = fusion(
        torch.tensor(np.concatenate([each.alone for each in part])),
        torch.tensor(np.concatenate([_joined(each) for each in part])),
        torch.tensor(np.concatenate([each.begin + at for each, at in zip(part, size, strict=False)])),
        torch.tensor(np.concatenate([each.end + at for each, at in zip(part, size, strict=False)])),
    )
    for each, begin, end in zip(part, size, size[1:], strict=False):
        yield score[begin:end], torch.tensor(each.gold)


def _loss(fusion: Fusion, score: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    return -torch.log_softmax(score, 0)[gold].mean()


def folded(sheets: Sheets) -> dict[str, dict[str, float]]:
    """Each question scored by networks trained on four fifths of these sets, it not among them."""
    owner = [(name, answer) for name, found in sheets.items() for answer in found]
    fold = np.random.default_rng(0).integers(0, FOLDS, len(owner))
    out: dict[str, list[tuple[float, float]]] = {name: [] for name in sheets}
    for number in range(FOLDS):
        fusion = fit([answer for (_, answer), at in zip(owner, fold, strict=True) if at != number])
        for (name, answer), at in zip(owner, fold, strict=True):
            if at == number:
                out[name].append(_recalled([fusion], answer))
    return {name: _means(values) for name, values in out.items()}


def measured(fusions: Sequence[Fusion], answers: Sequence[Answer]) -> dict[str, float]:
    return _means(list(map(partial(_recalled, fusions), answers)))


def _means(values: Sequence[tuple[float, float]]) -> dict[str, float]:
    five, ten = np.mean(values, axis=0)
    return {"recall@5": round(float(five), 4), "all@10": round(float(ten), 4)}


def _recalled(fusions: Sequence[Fusion], answer: Answer) -> tuple[float, float]:
    """Recall among the first five, and whether all gold is among the first ten."""
    with torch.no_grad():
        score = sum(next(_together(each, [answer]))[0].numpy() for each in fusions) + answering(answer.alone)
    gold = answer.gold[np.lexsort((answer.ranks, -score))]
    return gold[:5].sum() / answer.wanted, float(gold[:10].sum() == answer.wanted)


def _joined(answer: Answer) -> Floats:
    return np.concatenate([answer.step, answer.alone[answer.end], answer.alone[answer.begin]], axis=1)


def _network(inputs: int, hidden: int, outputs: int) -> torch.nn.Sequential:
    return torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, outputs))


def _scale(values: Floats) -> Scale:
    return torch.tensor(values.mean(0)), torch.tensor(np.maximum(values.std(0), 1e-3))


def _scaled(values: torch.Tensor, scale: Scale) -> torch.Tensor:
    return (values - scale[0]) / scale[1]


def _plain(values: torch.Tensor) -> object:
    return np.round(values.detach().numpy().astype(np.float64), 4).tolist()


if __name__ == "__main__":
    main()
