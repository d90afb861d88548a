"""Who does what to whom, read off a text by rules: noun phrases, and subject, relation, object.

No parser and no model: words are told apart by short lists (determiners, pronouns, prepositions, verbs that are
irregular) and by their endings. A clause gives its subject, its verb and a triple for the object and for every
prepositional phrase behind it; ``key: value`` lines and tables give theirs as they stand. What is not understood gives
nothing, and questions state nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mnesis.store.terms import STOP

LONGEST = 6  # words of a subject or object
MOST = 40  # triples of one text


class Triple(NamedTuple):
    """One relation; all three parts small and plain, as `plain` writes them."""

    subject: str
    relation: str
    object: str


DETERMINERS = frozenset("a an the this that these those some any each every another its his her their our no".split())
FIRST = frozenset("i we".split())
MINE = frozenset("my our".split())
THIRD = frozenset("he she it they".split())
PREPOSITIONS = frozenset(
    """in at to for by of with from as on into onto near after before under over between during through towards toward
    since until against within inside outside behind beside around across along""".split()
)
BREAKS = frozenset("and but or while because when which who whom whose if although though so then that where".split())
BE = frozenset("is are was were am been be being 's 're 'm".split())
AUXILIARIES = BE | frozenset("has have had do does did will would can could may might shall should must".split())
NOT = frozenset("not never".split())
ADVERBS = frozenset("also still now just already always often once recently currently finally then again back".split())
PARTICLES = frozenset("up down back away off out there".split())
# Verbs that do not end in -ed, and some that are said so often that their present counts.
VERBS = frozenset(
    """went goes go got get gets gave give gives took take takes put puts left leave leaves made make makes bought buy
    buys sold sell sells found find finds kept keep keeps met meet meets won win wins wrote writes write written sang
    sung sings began begun begins became become becomes came come comes ran run runs built builds build taught teaches
    teach held holds hold led leads lead spent spend spends sent send sends told tell tells said say says saw seen see
    sees knew known know knows grew grown grow grows lost lose loses caught brought bring brings thought think thinks
    felt feel feels heard hear hears drew drawn draws drove driven drives drive rode ridden rides ride fell fallen falls
    flew flown flies fly broke broken ate eaten eats eat drank drinks drink slept sleeps sleep sat sits stood stands
    stand lay lies lie wore wears wear chose chosen paid pays pay read reads sank shot won beat beats cut cuts hit hurt
    let set sets lent lends owe owes own owns live lives work works love loves like likes hate hates want wants need
    needs play plays study studies prefer prefers use uses visit visits plan plans speak speaks spoke spoken married
    marries born died dies stars starred directs contains includes borders serves belongs has have had is are was were
    fears fear gives moves travels hates opens costs knows""".split()
)
SMALL = STOP | DETERMINERS | PREPOSITIONS | AUXILIARIES | ADVERBS | PARTICLES | BREAKS
TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")
SENTENCE = re.compile(r"[^.!?…;\n。！？]*(?:\.(?=\w)[^.!?…;\n。！？]*)*[.!?…;\n。！？]*")
TITLE = re.compile(r"\b(Dr|Mr|Mrs|Ms|St|Prof|Jr|Sr|[A-Z])\.(?=\s)")
KEY = re.compile(
    r"^\s*(?:[-*•|]\s*)?(?:\*\*)?([^\W\d][^:|\n]{0,40}?)(?:\*\*)?\s*(?::|=)\s+(?:\*\*)?(\S[^|\n]*?)\s*\|?\s*$"
)
HEADING = re.compile(r"^\s*(?:#+\s*)?([^\W\d][^:|.\n]{0,60})\s*$")
APPOSITION = re.compile(r"((?:[A-Z][\w'’-]*\s+){0,4}[A-Z][\w'’-]*), (?:an?|the) ([^,.;]{3,60})[,.]")
POSSESSIVE = re.compile(r"['’]s?$")


def plain(text: str) -> str:
    """A noun phrase as it is compared: small letters, single spaces, no determiner, no possessive.

    >>> plain("The  red boats"), plain("Ana's"), plain("glass")
    ('red boat', 'ana', 'glass')
    """
    words = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split()
    while words and words[0] in DETERMINERS:
        words.pop(0)
    if not words:
        return ""
    last = POSSESSIVE.sub("", words[-1]).strip(".,;:!?()[]\"'“”")
    if (
        text.split()[-1][:1].islower()
        and len(last) > 3
        and last.endswith("s")
        and not last.endswith(("ss", "us", "is", "as"))
    ):
        last = last[:-1]
    return " ".join([*words[:-1], last]).strip()


def triples(text: str, speaker: str = "", subject: str = "") -> list[Triple]:
    """The relations a text states, each once, in order; `speaker` stands for "I", `subject` for what a text is about.

    >>> triples("I moved to Lisbon. My sister owns a red boat.", "Ana")[0]
    Triple(subject='ana', relation='moved to', object='lisbon')
    >>> [tuple(each) for each in triples("Harbour Lights was directed by Mara Quist in 1994.")]
    [('harbour lights', 'was directed by', 'mara quist'), ('harbour lights', 'was directed in', '1994')]
    >>> [tuple(each) for each in triples("Boat\\ncolour: red\\nowner: Tom")]
    [('boat', 'colour', 'red'), ('boat', 'owner', 'tom')]
    """
    found: dict[Triple, None] = {}
    for each in _all(text, plain(speaker), plain(subject)):
        if each.subject and each.object and each.subject != each.object:
            found[each] = None
        if len(found) >= MOST:
            break
    return list(found)


def phrases(text: str) -> list[str]:
    """The noun phrases of a text, as `plain` writes them, each once: runs of words that are neither small words nor
    verbs, behind a determiner, a preposition, a verb or a capital.

    >>> phrases("Mary picked up the football and went to the old kitchen.")
    ['mary', 'football', 'old kitchen']
    """
    found: dict[str, None] = {}
    for sentence in _sentences(text):
        run: list[str] = []
        before = ""
        for token in [*_tokens(sentence), "."]:
            small = token.casefold()
            if token[0].isalnum() and small not in SMALL and not (_like_verb(token) and before not in DETERMINERS):
                run.append(token)
            else:
                name = plain(" ".join(run[-3:]))
                if len(name) > 1 and not name.isdigit():
                    found[name] = None
                run = []
            before = small
    return list(found)


def _like_verb(token: str) -> bool:
    small = token.casefold()
    return small in VERBS or (token[0].islower() and small.endswith("ed") and len(small) > 4)


def _tokens(sentence: str) -> list[str]:
    return TOKEN.findall(sentence.replace("n't", " not").replace("n’t", " not"))


def _sentences(text: str) -> Iterator[str]:
    whole = TITLE.sub(r"\1", text)
    yield from (each for match in SENTENCE.finditer(whole) if (each := match[0].strip()))


def _all(text: str, speaker: str, subject: str) -> Iterator[Triple]:
    lines = text.splitlines()
    structured = [n for n, line in enumerate(lines) if KEY.match(line) or line.count("|") >= 2]
    if structured and (len(lines) > 1 or subject):
        yield from _structured(lines, subject or speaker)
        text = "\n".join(line for n, line in enumerate(lines) if n not in structured)
    for one, other in APPOSITION.findall(text):
        yield Triple(plain(one), "is", _object(other.split()))
    last = subject
    for sentence in _sentences(text):
        if sentence.rstrip("\"'”’)").endswith("?"):
            continue
        for clause in _clauses(sentence):
            for each in _of_clause(clause, speaker, last):
                last = each.subject if each.subject != speaker else last
                yield each


def _structured(lines: Sequence[str], about: str) -> Iterator[Triple]:
    """What ``key: value`` lines under a heading and the rows of tables say."""
    head: list[str] = []
    for line in lines:
        if line.count("|") >= 2:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if all(set(cell) <= set("-: ") for cell in cells):
                continue
            if not head:
                head = cells
                continue
            for name, cell in zip(head[1:], cells[1:], strict=False):
                yield Triple(plain(cells[0]), name.casefold(), cell.casefold())
            continue
        head = []
        pair = KEY.match(line)
        if pair and about:
            yield Triple(about, pair[1].strip().casefold(), plain(pair[2]))
        elif not pair and (title := HEADING.match(line)):
            about = plain(title[1])


def _clauses(sentence: str) -> Iterator[list[str]]:
    """The tokens of each clause; one without a subject of its own takes that of the clause before it."""
    clause: list[str] = []
    subject: list[str] = []
    for token in [*_tokens(sentence), "."]:
        small = token.casefold()
        if token in ",;:()." or small in BREAKS or not (token[0].isalnum() or token[0] in "'"):
            if clause:
                yield from _with_subject(clause, subject)
                subject = clause[: _verb_at(clause)] or subject
            clause = []
        else:
            clause.append(token)


def _with_subject(clause: list[str], subject: list[str]) -> Iterator[list[str]]:
    at = _verb_at(clause)
    yield [*subject, *clause] if at == 0 and subject else clause


def _verb_at(clause: Sequence[str]) -> int:
    """Where the verb group begins; the length of the clause where there is none."""
    for at, token in enumerate(clause):
        small = token.casefold()
        if token[0].isupper() and at:
            continue
        if small in AUXILIARIES or small in VERBS:
            return at
        before = clause[at - 1].casefold() if at else ""
        after_name = before in THIRD | FIRST or (at > 0 and clause[at - 1][0].isupper() and before not in SMALL)
        if small.endswith("ed") and len(small) > 3 and (at == 0 or clause[at - 1].casefold() not in DETERMINERS | MINE):
            return at
        if after_name and small.endswith("s") and len(small) > 3 and small not in STOP and token[0].islower():
            return at
    return len(clause)


def _of_clause(clause: list[str], speaker: str, last: str) -> Iterator[Triple]:
    at = _verb_at(clause)
    if 1 < at < len(clause) - 1 and clause[0].casefold() in PREPOSITIONS and clause[at].casefold() in BE:
        place, thing = _object(clause[1:at]), _object(clause[at + 1 :])  # "Inside the chest is a key."
        yield Triple(thing, f"{clause[at].casefold()} {clause[0].casefold()}", place)
        return
    subject = _subject(clause[:at], speaker, last)
    if not subject or at >= len(clause):
        return
    end = at
    verb: list[str] = []
    while end < len(clause) and _of_verb(clause[end], bool(verb)):
        if clause[end].casefold() not in ADVERBS:
            verb.append(clause[end].casefold())
        end += 1
    rest = clause[end:]
    if rest and rest[0].casefold() in PARTICLES:
        particle = rest.pop(0).casefold()
        verb += [particle] if particle not in ADVERBS | {"there"} else []
    relation = " ".join(verb)
    owner = _owner(clause[:at], speaker)
    for preposition, words in _phrases_of(rest):
        thing = _object(words)
        if not thing or thing in THIRD | {"him", "her", "them", "me", "us", "you", "there"}:
            continue
        if not preposition:
            yield Triple(subject, relation, thing)
            if owner and verb and verb[0] in BE:
                yield Triple(owner[0], owner[1], thing)
            if verb and verb[-1] in BE:
                relation = f"{relation} {thing}"  # "is the capital of" names what the rest relates to
        else:
            yield Triple(subject, f"{relation} {preposition}", thing)


def _of_verb(token: str, begun: bool) -> bool:
    small = token.casefold()
    if small in AUXILIARIES or small in VERBS or small in NOT or small in ADVERBS:
        return True
    if not token[0].islower() or len(small) < 4 or small in STOP:
        return False
    return small.endswith("ed") or (small.endswith("s") and not begun)


def _phrases_of(rest: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    preposition, words = "", list[str]()
    for token in rest:
        if token.casefold() in PREPOSITIONS:
            if words or preposition:
                yield preposition, words
            preposition, words = token.casefold(), []
        else:
            words.append(token)
    if words:
        yield preposition, words


def _subject(words: Sequence[str], speaker: str, last: str) -> str:
    for at in range(len(words) - 1, -1, -1):  # "In 1990 the boat": what stands before the last preposition is no part
        if words[at].casefold() in PREPOSITIONS - {"of"}:
            words = words[at + 1 :] if at == 0 and len(words) > 2 and words[2].casefold() in DETERMINERS else words
            break
    small = [word.casefold() for word in words]
    if not small:
        return ""
    if small[-1] in FIRST:
        return speaker
    if small[-1] in THIRD or small == ["the"]:
        return last
    if small[0] in MINE and speaker:
        return plain(f"{speaker}'s " + " ".join(words[1:]))
    return _object([word for word in words if word.casefold() not in ADVERBS])


def _owner(words: Sequence[str], speaker: str) -> tuple[str, str] | None:
    """``Ana's sister`` -> (ana, sister)."""
    for at, word in enumerate(words):
        if word.endswith(("'s", "’s")) and at + 1 < len(words):
            return plain(" ".join(words[: at + 1])), plain(" ".join(words[at + 1 :]))
    if words and words[0].casefold() in MINE and speaker and len(words) > 1:
        return speaker, plain(" ".join(words[1:]))
    return None


def _object(words: Sequence[str]) -> str:
    kept = list(words)
    while kept and kept[0].casefold() in DETERMINERS | ADVERBS | BREAKS:
        kept.pop(0)
    while kept and kept[-1].casefold() in STOP | ADVERBS | AUXILIARIES:
        kept.pop()
    name = plain(" ".join(kept[:LONGEST]))
    return "" if all(word in STOP for word in name.split()) else name


__all__ = ["Triple", "phrases", "plain", "triples"]
