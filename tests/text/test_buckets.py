"""Texts hashed so that those alike fall together."""

from __future__ import annotations

from mnesis.text.buckets import SIDES, TABLES, buckets

TOPICS = ("kettle", "harbour", "violin", "glacier", "orchard", "tunnel", "lantern", "meadow", "anchor", "saddle")
ACTS = ("paints", "repairs", "sells", "guards", "measures", "photographs", "borrows", "polishes")
TEXTS = [
    f"Somebody {act} the old {topic} near the {place}" for act in ACTS for topic in TOPICS for place in TOPICS[::3]
]


def together(one: str, other: str) -> int:
    """In how many tables two texts share a bucket."""
    return len(set(buckets(one)) & set(buckets(other)))


def test_the_same_words_share_every_bucket_whatever_their_order() -> None:
    assert together("Tom sells kettles", "kettles, sells TOM!") == TABLES


def test_texts_alike_meet_and_others_seldom_do() -> None:
    asked = [(text, text.replace("Somebody", "Who").replace("the old ", "the ") + " today?") for text in TEXTS]
    met = sum(together(text, question) > 0 for text, question in asked) / len(asked)
    assert met > 0.75
    words = [*TOPICS, *ACTS]
    strangers = [(f"{a} {b}", f"{c} {d}") for a, b, c, d in zip(words, words[1:], words[2:], words[3:], strict=False)]
    apart = sum(together(*pair) for pair in strangers) / (TABLES * len(strangers))
    assert apart < 0.1


def test_a_text_without_terms_is_in_no_bucket() -> None:
    assert buckets("?!") == ()
    assert all(int(each.rsplit(":", 1)[1]) < 2 * SIDES for text in TEXTS for each in buckets(text))
