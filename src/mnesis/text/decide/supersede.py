"""A new statement ends an older one by the same speaker that it contradicts.

Source: mnesis, 2026.
Needs: nothing
Cost: a few patterns a new cube; one word match and at most 50 cubes read for one that states or updates something
Differs: nothing.

No model is asked; the rules are few and would rather miss than harm. Two statements contradict each other when they
have the same subject and relation and another value, and the relation can hold only one: where somebody lives, how
old somebody is, "my … is" of a name, number, address, favourite. With a word of change in the newer one ("now",
"actually", "moved to", "changed to", "instead", "not X but Y") any "my …" or "the …" that names something counts,
and so do two sentences that differ in a single name or number; "no longer" and "not … anymore" end the sentence they
name. Questions, wishes, conditions and looks back state nothing, and a value that only adds detail ("Lisbon,
Portugal") is no contradiction.

The new cube is added and linked to the old by ``supersedes``. An old cube that says only what was contradicted gets
an end of validity and is retired (`retire=False` leaves it standing with its validity closed, so that views of a
moment in its time still show it); one that says more is linked and stays as it is.

>>> [each.relation for each in statements("I moved to Lisbon.")]
['home']
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mnesis.store import View
from mnesis.store.terms import STOP, terms
from mnesis.text.alike import NUMBERS, unseen, values
from mnesis.text.decide import Decide
from mnesis.words import Add, Change, Connect, Link, MemCube, Retire, Revise, Rows, replace

READ = 50  # older cubes looked at for one new cube
LONGEST = 300  # characters; what is said in one breath, and a bound on the patterns below
SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\w)[^.!?;\n]*)*[.!?;]?")
CUE = re.compile(
    r"\b(?:now|no longer|actually|currently|nowadays|these days|any ?more|any longer|instead|correction|update)\b", re.I
)
REPLACES = re.compile(r"\b(?:actually|instead|correction|rather than|not [\w' -]{1,60} but)\b", re.I)
CHANGED = re.compile(r"\b(?:moved|changed|switched|relocated|rescheduled|postponed|renamed)\b", re.I)
NOT_BUT = re.compile(r"\bnot (?:[\w'-]+ ){1,5}?but\b|\b(?:instead of|rather than) [^,.;!?]+", re.I)
ENDED = re.compile(r"\bno longer\b|\b(?:do|does)(?:n't| not)\b(?=.*\b(?:any ?more|any longer)\b)", re.I)
POLARITY = re.compile(r"\b(?:not|never|no longer|cannot|\w+n't)\b", re.I)
# What holds of one thing at a time, so that another value with "now" is a change of it.
STATES = frozenset(
    "is are am m s live lives work works use uses drive drives study studies teach earn pay cost costs".split()
)
HELD = frozenset("live lives work works drive drives study studies".split())  # one at a time, whatever it is called
LATELY = re.compile(r"\b(?:now|nowadays|these days|currently|instead)\b", re.I)
COUNTED = frozenset("have has own owns ve".split())
# Nothing is stated as true now by what asks, wishes, supposes or looks back.
UNSURE = re.compile(
    r"""\?|["“”]|\b(?:if|would|might|may|maybe|perhaps|could|should|wish|hope|want|plan|planning|thinking|considering|
    dream|used\ to|almost|nearly|when|before|after|while|until|unless|once|ago|back\ then|last|next|tomorrow|imagine|
    going\ to|gonna|think|guess|not\ sure|said|says|told)\b""",
    re.I | re.X,
)
WHO = r"(?P<who>i|we|(?:my|our) \w+|[A-Z]\w+)"
OFTEN = r"(?: (?:now|currently|actually|still|just|recently|finally|already))*"
PLACE = r" (?P<value>.+)"
HOME = (
    re.compile(
        rf"{WHO}(?:'m|'re|'s| am| are| is)?{OFTEN} (?:live|lives|living|reside|resides|based){OFTEN} (?:in|at){PLACE}",
        re.I,
    ),
    re.compile(rf"{WHO}(?:'ve|'s| have| has)?{OFTEN} (?:moved|relocated)(?: back)?(?: from .+?)? to{PLACE}", re.I),
)
AGE = re.compile(rf"{WHO}(?:'m|'s| am| is){OFTEN} (?P<value>\d+|[a-z-]+) years old", re.I)
OWNER = r"(?P<who>my|our|the|[A-Z]\w+'s) (?P<thing>(?:[\w-]+ ){0,3}?[\w-]+)"
IS = re.compile(rf"{OWNER}(?: is| are|'s)(?! not\b){OFTEN} (?:called |named |on |at |in )?(?P<value>.+)", re.I)
BECAME = re.compile(
    rf"{OWNER}(?: has| have| is| was| got)?(?: been)?{OFTEN} (?:changed|moved|switched|rescheduled|postponed|renamed)"
    r"(?: from .+?)? to (?P<value>.+)",
    re.I,
)
CHANGE = re.compile(
    rf"(?:i|we)(?:'ve| have)?{OFTEN} (?:changed|switched|updated|moved) {OWNER}(?: from .+?)? to (?P<value>.+)", re.I
)
SINGLE = frozenset(
    """name nickname surname birthday age address email phone number password passcode pin username handle employer
    boss landlord hometown timezone salary rent height weight favourite favorite""".split()
)
FRESH = re.compile(r"\b(?:new|current|present|latest)\s+", re.I)  # says of what now holds that it does
OPENING = re.compile(
    r"^\s*(?:(?:actually|now|well|oh|btw|correction|update|so|and|but|also|hey|currently)\b[,:]?\s*)+", re.I
)
TAIL = re.compile(
    r"\s*(?:,|\b(?:and|but|because|since|with|where|so|now|anymore|any more|currently|these days|instead|again)\b).*$",
    re.I,
)


class Statement(NamedTuple):
    """Subject, relation and value of a sentence; `look` are words an older statement of the relation holds."""

    subject: str
    relation: str
    value: frozenset[str]
    alone: bool  # the sentence says nothing else
    single: bool  # the relation holds one value, without a word of change
    typed: tuple[str, ...]  # names and numbers in the value
    look: str


def supersede(retire: bool = True) -> Decide:
    """Add every new cube and end what it contradicts."""

    def decide(cubes: Sequence[MemCube], view: View) -> list[Change]:
        new = unseen(cubes, view)
        ended: dict[str, tuple[MemCube, MemCube]] = {}  # id -> the old cube and the one that ends it
        links: list[Change] = []
        for at, cube in enumerate(new):
            if not _claims(cube.text):
                continue
            older = [each for each in new[:at] if each.speaker == cube.speaker]
            for old in [*_candidates(cube, view), *older]:
                if old.id in ended or not _in_time(old, cube) or not contradicts(cube.text, old.text):
                    continue
                links.append(Connect(_link(cube, old)))
                if _says_only(old.text):
                    ended[old.id] = (old, cube)
        return [*_added(new, ended), *links, *_ended(new, ended, retire)]

    return decide


def contradicts(new: str, old: str) -> bool:
    """Whether the newer text makes the older one untrue.

    >>> contradicts("I live in Lisbon now.", "I live in Porto."), contradicts("I love Lisbon.", "I live in Porto.")
    (True, False)
    """
    cue = bool(CUE.search(new) or CHANGED.search(new) or NOT_BUT.search(new))
    told = statements(old)
    for mine in statements(new):
        for theirs in told:
            if (mine.subject, mine.relation) == (theirs.subject, theirs.relation) and _differ(mine, theirs, cue):
                return True
    return _ends(new, old) or (cue and _one_stretch(new, old))


@lru_cache(maxsize=4096)
def statements(text: str) -> list[Statement]:
    """What a text states of the relations known here."""
    out = []
    for sentence in _sentences(text):
        for relation, pattern in (("home", HOME[0]), ("home", HOME[1]), ("age", AGE)):
            match = pattern.fullmatch(sentence)
            if match and not (pattern is HOME[1] and re.search(r"\d", match["value"])):
                look = "live living based reside moved relocated" if relation == "home" else "years old"
                out.append(_statement(match["who"], relation, match["value"], True, look))
                break
        else:
            match = CHANGE.fullmatch(sentence) or BECAME.fullmatch(sentence) or IS.fullmatch(sentence)
            if match:
                thing = " ".join(terms(FRESH.sub("", match["thing"])))
                single = not SINGLE.isdisjoint(match["thing"].lower().split())
                out.append(_statement(match["who"], f"is {thing}", match["value"], single, match["thing"]))
    return [each for each in out if each.value]


def _says_only(text: str) -> bool:
    """Whether a text is a single plain sentence, so that nothing else is lost when it ends."""
    sentences = _sentences(text)
    if len(sentences) != 1 or len(SENTENCE.findall(text.strip())) != 1:
        return False
    return all(each.alone for each in statements(text)) and not re.search(r"\b(?:and|but|because)\b|,", sentences[0])


def _statement(who: str, relation: str, value: str, single: bool, look: str) -> Statement:
    cut = TAIL.sub("", value)
    return Statement(
        who.lower(),
        relation,
        frozenset(terms(cut)),
        not re.search(r",|\b(?:and|but|because|since|where|so)\b", value),
        single,
        values(cut) + tuple(re.findall(r"\S+@\S+", cut)),
        look,
    )


@lru_cache(maxsize=4096)
def _sentences(text: str) -> list[str]:
    """The sentences that state something, without their marks and opening words."""
    plain = NOT_BUT.sub("", text.replace("’", "'"))
    out = []
    for each in SENTENCE.findall(plain):
        if len(each) <= LONGEST and not UNSURE.search(each):
            out.append(" ".join(OPENING.sub("", each).strip(" .!;,").split()))
    return [each for each in out if each]


def _differ(mine: Statement, theirs: Statement, cue: bool) -> bool:
    if mine.value <= theirs.value or mine.value >= theirs.value:
        return False
    if mine.relation in ("home", "age"):
        return True
    favourite = bool({"favourit", "favorit"} & set(mine.relation.split()))
    same_kind = bool(mine.typed) and bool(theirs.typed)
    return (mine.single or cue) and (same_kind or (favourite and max(len(mine.value), len(theirs.value)) <= 3))


def _ends(new: str, old: str) -> bool:
    """'I no longer eat meat' ends 'I eat meat'."""
    for sentence in _sentences(new):
        if ENDED.search(sentence):
            gone = [word for word, _ in _words(CUE.sub(" ", ENDED.sub(" ", sentence)))]
            stood = ([word for word, _ in _words(each)] for each in _sentences(old) if not POLARITY.search(each))
            if terms(" ".join(gone)) and gone in stood:
                return True
    return False


def _one_stretch(new: str, old: str) -> bool:
    """Whether two single sentences differ in one stretch that can only have one value."""
    mine, theirs = _sentences(new), _sentences(old)
    if len(mine) != 1 or len(theirs) != 1 or POLARITY.search(mine[0]) or POLARITY.search(theirs[0]):
        return False
    one, other = _words(CUE.sub(" ", mine[0])), _words(theirs[0])
    match = SequenceMatcher(None, [word for word, _ in other], [word for word, _ in one], autojunk=False)
    blocks = [each for each in match.get_opcodes() if each[0] != "equal"]
    if len(blocks) != 1 or blocks[0][0] != "replace" or blocks[0][1] == 0:
        return False
    _, a, b, c, d = blocks[0]
    stretches = [" ".join(raw for _, raw in each) for each in (other[a:b], one[c:d])]
    if max(b - a, d - c) > 4 or not all(terms(each) for each in stretches):
        return False
    typed = [values(each) for each in stretches]
    frame = {raw.lower() for _, raw in other[:a] + other[b:]}
    if HELD & frame and LATELY.search(new) and not POLARITY.search(new):
        return True
    if not all(typed):
        return False
    if REPLACES.search(new):
        return True
    if frame & COUNTED:
        return all(each.isdigit() or each in NUMBERS for pair in typed for each in pair)
    return not frame.isdisjoint(STATES)


def _words(sentence: str) -> list[tuple[str, str]]:
    """Each word as it is compared and as it stands; articles left out."""
    out = []
    for word in re.findall(r"\w+|(?<=\w)'\w+", sentence):
        low = word.lower().strip("'")
        if low not in ("a", "an", "the"):
            out.append((low if low in STOP or low in NUMBERS else " ".join(terms(word)) or low, word.strip("'")))
    return out


def _claims(text: str) -> bool:
    return bool(statements(text) or CUE.search(text) or NOT_BUT.search(text))


def _link(new: MemCube, old: MemCube) -> Link:
    return Link(
        new.id,
        old.id,
        "supersedes",
        namespace=new.namespace,
        valid_from=new.valid_from,
        made_by="text.decide.supersede",
    )


def _in_time(old: MemCube, new: MemCube) -> bool:
    return old.valid_from is None or new.valid_from is None or old.valid_from <= new.valid_from


def _candidates(cube: MemCube, view: View) -> list[MemCube]:
    """Living cubes of the same speaker that share words with the text or with what it states."""
    looks = {each.look for each in statements(cube.text)} | {cube.text}
    speaker = view.code(cube.speaker)
    found: dict[int, None] = {}
    for look in sorted(looks):
        rows: Rows = view.words(terms(look)).top(20 * READ)[0]
        found.update(dict.fromkeys(rows[view.column("speaker", rows) == speaker][:READ].tolist()))
    return view.cubes(np.array(list(found), np.int64))


def _added(new: Sequence[MemCube], ended: dict[str, tuple[MemCube, MemCube]]) -> list[Change]:
    out: list[Change] = []
    for cube in new:
        by = ended[cube.id][1] if cube.id in ended else None
        out.append(Add(cube if by is None else _closed(cube, by)))
    return out


def _ended(new: Sequence[MemCube], ended: dict[str, tuple[MemCube, MemCube]], retire: bool) -> list[Change]:
    out: list[Change] = []
    fresh = {cube.id for cube in new}
    for old, by in ended.values():
        closed = _closed(old, by)
        if old.id not in fresh and closed is not old:
            out.append(Revise(replace(closed, version=old.version + 1)))
        if retire:
            out.append(Retire(old.id, f"superseded by {by.id}"))
    return out


def _closed(old: MemCube, by: MemCube) -> MemCube:
    later = by.valid_from is not None and (old.valid_from is None or old.valid_from < by.valid_from)
    return replace(old, valid_to=by.valid_from) if later and old.valid_to is None else old
