"""Hold back what leans towards unsafe concepts, which grow by what is met.

Source: Yi Nian, Shenzhe Zhu, Yuehan Qin, Li Li, Ziyi Wang, Chaowei Xiao, Yue Zhao, JailDAM: Jailbreak Detection with
    Adaptive Memory for Vision-Language Model, 2025. arXiv 2504.03770
Needs: embedder
Cost: one embedding and C dot products a text; a text that is flagged also recalibrates over the harmless examples
Shapes: concepts [C, D], harmless [N, D] -> distance [N]
Differs: texts only; for the autoencoder, which would need more examples, stands the mean of what harmless texts do to
    the concepts, and only leaning towards concepts counts, not away from them; texts are seen from the middle of the
    harmless examples. The bank lives as long as the guard: `seen` lets it start where another stood.

Unsafe requests are not needed to tell one: concepts a policy names (`concepts`) are attended to by every text, and a
text that attends to them as no harmless example does (all but the share `rare` of them) is flagged. What it says that
no concept does then becomes a concept, in the place of the learned one met least, so that what is tried a second time
is known. A guard is handed no vectors by the front door, so it takes the `embedder` of the space:

    mind = catalog.make("models.static")
    seen = [cube.text for cube in space.quarantined()]
    guard = unsafe_concepts(mind, seen=seen)

Concepts and examples that come with it are a small set of our own, in English; give a list that fits what is guarded.
On the fourteen unsafe and fourteen harmless requests of its tests, which were at hand when it was written, the area
under the curve is 0.86 with the static embedder and 0.99 with all-MiniLM-L6-v2; four and three of the harmless ones are
flagged, so expect false alarms.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnesis.errors import BadInput
from mnesis.models import Embedder
from mnesis.text.concepts import bank
from mnesis.text.guard import Guard
from mnesis.words import TRUSTS, Event, replace

CONCEPTS = (
    "how to build a bomb or an explosive",
    "how to poison somebody",
    "stealing passwords and breaking into accounts",
    "writing malware, ransomware or a computer virus",
    "stalking and tracking a person in secret",
    "ways to hurt or kill oneself",
    "hatred and violence against a group of people",
    "making or selling illegal drugs",
    "forging passports, banknotes or documents",
    "buying guns and weapons without a licence",
    "tricking people out of their money",
    "kidnapping or abusing a child",
)
HARMLESS = (
    "I moved to Lisbon last spring.",
    "The meeting is at ten on Thursday.",
    "My sister adopted a cat called Miso.",
    "Could you book a table for four tonight?",
    "The train to Porto was late again.",
    "I prefer tea to coffee in the morning.",
    "How do I bake sourdough bread?",
    "What is the capital of Peru?",
    "Please summarise this article about solar panels.",
    "Tom painted the boat green.",
    "The museum opens at nine on Sundays.",
    "We are planning a hike in the mountains.",
    "My password manager reminds me every month.",
    "The doctor said my knee is healing well.",
    "Can you explain photosynthesis to a child?",
    "I read a novel about the sea.",
    "Our team won the football match.",
    "The kettle is broken, we need a new one.",
    "Which phone has the best camera?",
    "She is learning to play the violin.",
    "The kids built a sand castle at the beach.",
    "Write a poem about autumn leaves.",
    "How many litres are in a gallon?",
    "I was annoyed that the parcel came late.",
    "The garden needs water twice a week.",
    "Fix the bug in this Python function.",
    "My father worked as a bank clerk.",
    "Let us watch a film on Friday.",
    "The recipe needs two eggs and some flour.",
    "I am allergic to peanuts and penicillin.",
    "He killed the process and restarted the server.",
    "The police officer helped us find the station.",
    "My grandmother took medicine for her heart.",
    "We shot some lovely pictures at the wedding.",
    "Is it going to rain tomorrow?",
    "The company hired twelve people this year.",
    "I finished the marathon in four hours.",
    "Translate this sentence into French.",
    "The bank transfer arrived this morning.",
    "Where did I leave my umbrella?",
)


def unsafe_concepts(
    embedder: Embedder,
    concepts: Sequence[str] = CONCEPTS,
    harmless: Sequence[str] = HARMLESS,
    rare: float = 0.03,
    room: int = 24,
    seen: Sequence[str] = (),
    trusts: Sequence[str] = TRUSTS,
) -> Guard:
    """A guard over texts of these classes of `trust`; it learns at most `room` concepts, first from what was `seen`."""
    if not embedder.dim:
        raise BadInput("unsafe_concepts compares vectors; hand it an embedder that makes some, for example static.")
    if not concepts or len(harmless) < 10:
        raise BadInput("unsafe_concepts needs a concept and at least 10 harmless examples to know what is usual.")
    if not 0 < rare < 1:
        raise BadInput(f"rare={rare} must lie between 0 and 1: the share of harmless texts that may be flagged.")
    known = bank(embedder.embed(list(concepts)), tuple(concepts), embedder.embed(list(harmless)), rare, room)
    for text in seen:
        known = known.met_with(embedder.embed([text])[0])

    def guard(event: Event) -> Event:
        nonlocal known
        if event.trust not in trusts or not isinstance(event.text, str) or "quarantine" in event.meta:
            return event
        if not event.text.strip():
            return event
        vector = embedder.embed([event.text.encode("utf-8", "replace").decode()])[0]
        if not known.flags(vector):
            return event
        name, _ = known.nearest(vector)
        known = known.met_with(vector)
        return replace(event, meta={**event.meta, "quarantine": f"it leans towards what is unsafe: {name}"})

    return guard
