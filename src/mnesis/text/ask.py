"""The questions recipes share: each function makes one `Ask`, with its material and what the reply must look like.

A question's purpose names the rule that answers it without a language model (`mnesis.models.rules`); so a recipe that
asks through these works at a budget of 0 as well. What comes back is in each docstring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mnesis.drive import Ask
from mnesis.schema import Schema

TEXT: Schema = {"type": "string"}
SAID: Schema = {"type": "string", "minLength": 1}
YES_NO: Schema = {"type": "boolean"}
KINDS = ("person", "place", "organisation", "other")
TYPES = ("working", "episodic", "semantic", "procedural", "core", "resource")
EMOTIONS = ("joy", "acceptance", "fear", "surprise", "sadness", "disgust", "anger", "anticipation")
OPERATIONS = ("ADD", "UPDATE", "DELETE", "NOOP")
UPDATES = ("PASS", "REPLACE", "APPEND", "DELETE")
TAGS = (
    "family", "friends", "work", "learning", "health", "sport", "food", "travel", "home", "animals", "music", "art",
    "technology", "money", "nature",
)  # fmt: skip
NONE = "nothing"  # a reply that says there is none
RELATIONS = ("changes", "cause", "reason", "hindered_by", "react", "want", "same_topic", "none")


def _several(items: Schema, most: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


def _record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _one_of(names: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _date(at: datetime | None) -> str:
    return at.date().isoformat() if at is not None else ""


def facts(text: str, speaker: str = "", at: datetime | None = None, most: int = 12) -> Ask:
    """What a text states, one statement each: ``["Ana moved to Lisbon.", …]``."""
    return Ask(
        "facts",
        {"text": text, "speaker": speaker, "date": _date(at)},
        _several(SAID, most),
        "List every lasting fact the text states about people, things and plans, each as one short sentence that can "
        "be understood alone: put names in place of pronouns and dates in place of words like yesterday. Leave out "
        "greetings and questions. An empty list is a good answer where nothing is stated.",
        1024,
    )


def entities(text: str, speaker: str = "", known: Sequence[str] = (), most: int = 24) -> Ask:
    """Who and what a text names: ``[{"name": "Lisbon", "kind": "place"}, …]``; `KINDS` are the kinds."""
    return Ask(
        "entities",
        {"text": text, "speaker": speaker, "known": list(known)},
        _several(_record(name=SAID, kind=_one_of(KINDS)), most),
        "List every person, place, organisation and other thing the text names by a proper name, once each, spelled as "
        "in the text; use the spelling under 'known' for a name that is there.",
    )


def dates(text: str, at: datetime | None = None, most: int = 12) -> Ask:
    """The days a text speaks of: ``[{"text": "last Friday", "start": "2026-03-06", "end": "2026-03-06"}, …]``.

    `start` and `end` are the first and the last day as ISO dates, empty where that end is open.
    """
    return Ask(
        "dates",
        {"text": text, "date": _date(at)},
        _several(_record(text=SAID, start=TEXT, end=TEXT), most),
        "List every date or period the text speaks of: the words used, and its first and last day as YYYY-MM-DD. The "
        "text was said on the day under 'date'. Leave a day empty where the period is open on that side.",
    )


def memory_type(text: str) -> Ask:
    """The type of memory a text belongs to: one of `TYPES`."""
    return Ask(
        "memory_type",
        {"text": text},
        _one_of(TYPES),
        "Say which memory this belongs to: episodic (something that happened), semantic (a fact that lasts), "
        "procedural (how something is done), core (who somebody is: name, home, family, lasting likes), resource (a "
        "document, link or file), working (what is being done right now).",
        16,
    )


def emotion(text: str) -> Ask:
    """How strongly a text feels each of `EMOTIONS`, 0 to 1: ``{"joy": 0.8, "fear": 0.0, …}``."""
    return Ask(
        "emotion",
        {"text": text},
        _record(**{name: {"type": "number", "minimum": 0, "maximum": 1} for name in EMOTIONS}),
        "Say how strongly the speaker of the text feels each of these emotions, from 0 (not at all) to 1.",
        160,
    )


def mood(scores: Mapping[str, float] | None, least: float = 0.25) -> str:
    """The strongest emotion of a reply to `emotion`, or an empty text where none reaches `least`.

    >>> mood({"joy": 0.8, "fear": 0.1}), mood({"joy": 0.1}), mood(None)
    ('joy', '', '')
    """
    best = max(scores or {}, key=lambda name: (scores or {})[name], default="")
    return best if scores and scores[best] >= least else ""


def summary(texts: Sequence[str], words: int = 60, about: str = "") -> Ask:
    """A summary of several texts in at most about `words` words: one text."""
    return Ask(
        "summary",
        {"texts": list(texts), "words": words, "about": about},
        SAID,
        f"Sum up the texts in at most {words} words. Keep names, numbers and dates; add nothing that is not there.",
        4 * words + 64,
    )


def conflict(old: str, new: str) -> Ask:
    """Whether the newer of two statements makes the older untrue: True or False."""
    return Ask(
        "conflict",
        {"old": old, "new": new},
        YES_NO,
        "Say whether the new statement makes the old one untrue now (true), or whether both can hold (false).",
        16,
    )


def operation(fact: str, memories: Sequence[Mapping[str, str]]) -> Ask:
    """What to do with a new fact in the face of memories ``{"id": …, "text": …}``.

    The reply is ``{"operation": "UPDATE", "target": id, "text": "what it says then"}``; `target` is empty for ADD and
    NOOP.
    """
    ids = [each["id"] for each in memories]
    return Ask(
        "operation",
        {"fact": fact, "memories": [{"id": each["id"], "text": each["text"]} for each in memories]},
        _record(operation=_one_of(OPERATIONS), target=_one_of(["", *ids]), text=TEXT),
        "Decide what the new fact does to the memories: ADD it as a new memory; UPDATE the one memory it brings up to "
        "date or adds to (give its id and its new text); DELETE the one memory it makes untrue without putting "
        "anything in its place (give its id); NOOP if a memory says it already.",
    )


def update(old: str, new: str) -> Ask:
    """How an old memory and a new one go together: one of `UPDATES`.

    PASS keeps the old alone (the new adds nothing), REPLACE the new alone, APPEND both, DELETE neither.
    """
    return Ask(
        "update",
        {"old": old, "new": new},
        _one_of(UPDATES),
        "Say how the old and the new statement go together: PASS if the new one adds nothing to the old, REPLACE if "
        "the new one takes the place of the old, APPEND if both hold, DELETE if the new one ends what the old one says "
        "and neither needs to be kept.",
        16,
    )


def triples(text: str, speaker: str = "", most: int = 16) -> Ask:
    """Relations a text states: ``[{"subject": "Ana", "relation": "moved to", "object": "Lisbon"}, …]``."""
    return Ask(
        "triples",
        {"text": text, "speaker": speaker},
        _several(_record(subject=SAID, relation=SAID, object=SAID), most),
        "List the relations the text states as subject, relation and object. Put the speaker's name in place of I, and "
        "names in place of pronouns.",
        1024,
    )


def note(text: str, speaker: str = "") -> Ask:
    """Keywords, tags and the context of a text: ``{"keywords": […], "tags": […], "context": "…"}``."""
    words = _several(SAID, 8)
    return Ask(
        "note",
        {"text": text, "speaker": speaker},
        _record(keywords=words, tags=words, context=TEXT),
        "Describe the text for a card index: its keywords (most telling first), a few broad tags such as its field and "
        "kind, and one sentence saying what it is about.",
    )


def questions(text: str, speaker: str = "", most: int = 5) -> Ask:
    """Questions a text answers: ``[{"question": "Where does Ana live?", "answer": "Lisbon"}, …]``."""
    return Ask(
        "questions",
        {"text": text, "speaker": speaker, "most": most},
        _several(_record(question=SAID, answer=SAID), most),
        f"Write up to {most} questions that the text answers, each with its short answer. Put the speaker's name in "
        "place of I.",
        1024,
    )


def topic(text: str) -> Ask:
    """What a text is about, in one to four words."""
    return Ask("topic", {"text": text}, SAID, "Name the topic of the text in one to four words.", 24)


def portrait(name: str, facts: Sequence[str], current: str = "", words: int = 80) -> Ask:
    """Who somebody is, in at most about `words` words, from facts and the portrait there is."""
    return Ask(
        "portrait",
        {"name": name, "facts": list(facts), "current": current, "words": words},
        SAID,
        f"Describe the person in at most {words} words: bring the current description up to date with the facts, the "
        "newest of which come last. Add nothing that is not there.",
        4 * words + 64,
    )


def thoughts(text: str, speaker: str = "", most: int = 6) -> Ask:
    """What is to be remembered of an exchange, as thoughts of one sentence each."""
    return Ask(
        "thoughts",
        {"text": text, "speaker": speaker},
        _several(SAID, most),
        "Say what is worth remembering of this exchange, as thoughts of one sentence each that relate one thing to "
        "another and can be understood alone.",
        768,
    )


def relation(earlier: str, later: str) -> Ask:
    """How a later memory follows from an earlier one: one of `RELATIONS`."""
    return Ask(
        "relation",
        {"earlier": earlier, "later": later},
        _one_of(RELATIONS),
        "Say how the later statement follows from the earlier: changes (it is a newer state of the same thing), cause "
        "(the earlier led to it), reason (the earlier is why it is done), hindered_by (the earlier stands in its way), "
        "react (it is a feeling about the earlier), want (it is a wish that comes of the earlier), same_topic, or "
        "none.",
        16,
    )


def importance(text: str) -> Ask:
    """How much a text matters, 0 (chatter) to 1 (changes a life)."""
    schema: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}
    return Ask(
        "importance",
        {"text": text},
        schema,
        "Say how much this is worth remembering, from 0 (everyday chatter) to 1 (it changes somebody's life).",
        16,
    )


def rewritten(query: str, context: Sequence[str] = ()) -> Ask:
    """A question as it should be searched for, understandable alone."""
    return Ask(
        "rewritten",
        {"query": query, "context": list(context)},
        SAID,
        "Write the question so that it can be understood and searched for without what was said before.",
        128,
    )


def relevant(query: str, memories: Sequence[Mapping[str, str]], most: int = 10) -> Ask:
    """Which memories ``{"id": …, "text": …}`` help to answer a question: their ids, best first."""
    ids = [each["id"] for each in memories]
    return Ask(
        "relevant",
        {"query": query, "memories": [{"id": each["id"], "text": each["text"]} for each in memories]},
        _several(_one_of(ids or [""]), most),
        "List the ids of the memories that help to answer the question, the most helpful first; none if none does.",
        16 * most + 32,
    )


def evolution(note: Mapping[str, Any], memories: Sequence[Mapping[str, Any]]) -> Ask:
    """What a new card does to older ones: ``{"links": [id, …], "updates": [{"id": …, "tags": […], "context": …}, …]}``.

    Cards are ``{"id": …, "text": …, "keywords": […], "tags": […], "context": …}``.
    """
    one = _one_of([str(each["id"]) for each in memories] or [""])
    return Ask(
        "evolution",
        {"note": dict(note), "memories": [dict(each) for each in memories]},
        _record(
            links=_several(one, len(memories)),
            updates=_several(_record(id=one, tags=_several(SAID, 12), context=TEXT), len(memories)),
        ),
        "Say which of the memories the new note belongs to, by their ids under 'links'. Where the note lets one of "
        "them be understood better, give its tags and its context anew under 'updates'; leave out those that stay as "
        "they are.",
        1024,
    )


def merged(old: str, new: str) -> Ask:
    """Two statements as one sentence; an empty text where they do not belong together."""
    return Ask(
        "merged",
        {"old": old, "new": new},
        TEXT,
        "Say both statements in one sentence that can be understood alone; add nothing and leave nothing out. Reply "
        "with an empty text if they do not belong together.",
        160,
    )


def activate(query: str) -> Ask:
    """Whether what is said can only be answered with something remembered: True or False."""
    return Ask(
        "activate",
        {"query": query},
        YES_NO,
        "Say whether anything remembered of earlier conversations is needed to answer this (true), or whether it can "
        "be answered without, such as a greeting or a sum (false).",
        16,
    )


def wanted_types(query: str) -> Ask:
    """The types of memory a question asks for, the likeliest first: a list of `TYPES`, empty for any."""
    return Ask(
        "wanted_types",
        {"query": query},
        _several(_one_of(TYPES), 3),
        "Say in which memories the answer is to be looked for, the likeliest first: episodic (what happened), semantic "
        "(facts that last), procedural (how something is done), core (who somebody is: name, home, family, lasting "
        "likes), resource (documents, links, files), working (what is being done now). An empty list means any.",
        48,
    )


def tags(text: str, ontology: Sequence[str] = TAGS) -> Ask:
    """The tags of an ontology that a text is to be filed under, the most fitting first."""
    return Ask(
        "tags",
        {"text": text, "ontology": list(ontology)},
        _several(_one_of(list(ontology)), 3),
        "File the text under up to three of the tags of the ontology, the most fitting first; none if none fits.",
        48,
    )


def openie(text: str, speaker: str = "", most: int = 16) -> Ask:
    """Facts a model reads off a text that rules have read already: ``{"facts": […]}``, as `triples` gives them.

    Rules have nothing to add and say ``{"facts": [], "by": "rules"}``.
    """
    one = triples(text, speaker, most)
    schema: Schema = {"type": "object", "properties": {"facts": one.schema, "by": TEXT}, "required": ["facts"]}
    return Ask("openie", one.parts, schema, one.instruction, one.tokens)


def clues(query: str, facts: Sequence[str], most: int = 5) -> Ask:
    """Statements that the passages which answer a question may contain, drafted from an outline of the memory."""
    return Ask(
        "clues",
        {"query": query, "facts": list(facts), "most": most},
        _several(SAID, most),
        "Below is what a memory holds, in outline. Draft a few short clues: statements that the passages which answer "
        "the question may contain. Use names and words from the outline.",
        256,
    )


def noted(query: str, old: str, texts: Sequence[str]) -> Ask:
    """A note of what is known towards a question: the old one, improved by the texts; `NONE` where nothing is."""
    return Ask(
        "noted",
        {"query": query, "old": old, "texts": list(texts)},
        SAID,
        "Write a note of what is known towards the question, in a few sentences: the old note, improved by what the "
        "texts add. Leave out what does not help. If they add nothing, give the old note back unchanged.",
        256,
    )


def lacking(query: str, old: str) -> Ask:
    """A short query for what a note does not say yet; `NONE` where nothing is missing."""
    return Ask(
        "lacking",
        {"query": query, "old": old},
        SAID,
        "Given the question and the note of what is known, write one short query for what is still missing. Say "
        "nothing if nothing is.",
        64,
    )


def complete(query: str, texts: Sequence[str]) -> Ask:
    """Whether the evidence suffices to answer a question: True or False."""
    return Ask(
        "complete",
        {"query": query, "texts": list(texts)},
        YES_NO,
        "Say whether the texts suffice to answer the question (true) or something is still missing (false).",
        16,
    )


def gap(query: str, texts: Sequence[str]) -> Ask:
    """A short query for what the evidence does not tell: one text."""
    return Ask(
        "gap",
        {"query": query, "texts": list(texts)},
        SAID,
        "The texts do not suffice to answer the question. Write one short query for what is missing, naming the thing "
        "that has to be found out about.",
        64,
    )


def step(query: str, facts: Sequence[str], texts: Sequence[str]) -> Ask:
    """Which way leads towards the answer: one of `texts`, the ways there are, the likeliest first; `facts` were passed
    on the way here."""
    return Ask(
        "step",
        {"query": query, "path": list(facts), "options": list(texts)},
        _one_of(list(texts)),
        "You are looking for the answer to the question in a graph of facts. So far you have passed the facts under "
        "'path'. Choose the one of the options that leads towards the answer, or stop if the path answers the "
        "question.",
        64,
    )
