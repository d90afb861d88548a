"""The emotions a text speaks with, by the words that show them.

Source: Robert Plutchik, A General Psychoevolutionary Theory of Emotion, 1980. doi 10.1016/B978-0-12-558701-3.50007-7
Needs: nothing
Cost: one pass over the words
Differs: only the eight names are his; the words that show them are a small list of our own.

Each word of a list shows one of the eight emotions; a word of degree before it ("so", "very") or an exclamation makes
it stronger, a negation within three words before turns it to its opposite, weaker. Several words of one emotion add
up, never beyond 1.

>>> scores = emotion()({"text": "I am so happy about the trip!"})
>>> max(scores, key=scores.get), scores["sadness"]
('joy', 0.0)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnesis.models.rules import Rule
from mnesis.models.rules._plain import text_of
from mnesis.text.ask import EMOTIONS

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|!")
SHOWN = {
    "joy": """happy happier happiest happiness glad joy joyful delighted delight love loved lovely wonderful fantastic
        great awesome amazing fun enjoy enjoyed enjoying excellent celebrate celebrated laugh laughed smile smiled
        thrilled proud cheerful pleased blessed brilliant beautiful grateful yay perfect""",
    "acceptance": """trust trusted trusting accept accepted welcome agree agreed support supported supportive safe kind
        thank thanks thankful appreciate appreciated respect admire admired friendly faithful comfortable understanding
        patient""",
    "fear": """afraid scared scary fear fears feared frightened frightening terrified terrifying worry worried
        worrying anxious anxiety nervous panic panicked dread dreading horror threatened unsafe stressed stressful
        overwhelmed""",
    "surprise": """surprise surprised surprising unexpected unexpectedly suddenly shocked shocking astonished wow
        unbelievable incredible incredibly whoa amazed stunned startled""",
    "sadness": """sad sadly sadder unhappy cry cried crying tears grief grieve grieving mourn lonely alone miss missed
        missing lost loss depressed depressing heartbroken disappointed disappointing sorrow sorry hopeless hurt
        regret died death funeral""",
    "disgust": """disgust disgusted disgusting gross nasty awful revolting sick sickening yuck ugh horrible vile
        dirty stinks filthy hate hated""",
    "anger": """angry anger mad furious annoyed annoying rage raging outraged irritated irritating frustrated
        frustrating unfair yelled shouted fight fought argued argument resent hostile hate hated jerk""",
    "anticipation": """hope hoping hopefully excited exciting eager await awaiting plan planning planned looking soon
        expect expecting upcoming prepare preparing curious can't wait tomorrow dream dreaming wish""",
}
BY_WORD: dict[str, tuple[str, ...]] = {}
for _name, _words in SHOWN.items():
    for _word in _words.split():
        BY_WORD[_word] = (*BY_WORD.get(_word, ()), _name)
OPPOSITE = dict(
    zip(
        EMOTIONS,
        ("sadness", "disgust", "acceptance", "anticipation", "joy", "acceptance", "acceptance", "surprise"),
        strict=True,
    )
)
DEGREES = frozenset("so very really extremely incredibly absolutely totally deeply truly super too such".split())
NEGATIONS = frozenset(
    "not no never nothing hardly without isn't wasn't don't didn't doesn't can't won't aren't".split()
)
ONE, STRONGER, TURNED = 0.5, 1.5, 0.5


def emotion() -> Rule:
    """The rule."""

    def answer(parts: Mapping[str, Any]) -> dict[str, float]:
        words = [word.lower().replace("’", "'") for word in WORD.findall(text_of(parts))]
        scores = dict.fromkeys(EMOTIONS, 0.0)
        for at, word in enumerate(words):
            before = words[max(0, at - 3) : at]
            strong = bool(DEGREES & set(before[-1:])) or "!" in words[at + 1 : at + 7]
            for name in BY_WORD.get(word, ()):
                turned = bool(NEGATIONS & set(before))
                weight = ONE * (STRONGER if strong else 1.0) * (TURNED if turned else 1.0)
                scores[OPPOSITE[name] if turned else name] += weight
        return {name: round(min(1.0, score), 3) for name, score in scores.items()}

    return answer
