"""Words to terms: how text is analysed for the word index, in any script.

Text is case-folded and stripped of the marks that people leave out (accents, Arabic and Hebrew vowel signs); words are
stemmed with the Snowball stemmer of their script (Latin text with the one of the space's language); scripts without
spaces become overlapping pairs of characters, ideographs also single ones; words that carry no content are left out.
A term's code is a 64-bit hash, so an index needs no shared dictionary.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from functools import cache

import Stemmer

from mnesis.errors import UnknownName

STOP = frozenset(
    """a about after again all also am an and any are as at be because been before being both but by can could did do
    does doing don down during each else ever few for from further get got had has have having he her here hers
    herself him himself his how i if in into is it its itself just let ll me might more most must my myself no nor
    not now of off on once only or other our ours ourselves out over own re s same shall she should so some such t
    than that the their theirs them themselves then there these they this those through to too under until up upon
    us ve very was we were what when where which while who whom whose why will with would you your yours yourself
    yourselves""".split()
)
# Marks that belong to the letter before them. Python counts most of them neither as letters nor as word characters, so
# words that hold one are cut by a slower pattern.
MARK = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u07fd"
    "\u0816-\u082d\u0859-\u085b\u0898-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecf\u0f18\u0f19\u0f35\u0f37"
    "\u0f39\u0f3e\u0f3f\u0f71-\u0fc6\u102b-\u103e\u1056-\u109d\u135d-\u135f\u1712-\u1734\u1752\u1753\u1772\u1773"
    "\u17b4-\u17d3\u17dd\u180b-\u180f\u1885\u1886\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1aff\u1b00-\u1b44"
    "\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0\u2cef-\u2cf1\u2d7f"
    "\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ua6f0\ua6f1\ua802-\ua82c\ua880-\uaaf6"
    "\uabe3-\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U00011000-\U00011fff\U000e0100-\U000e01ef"
)
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
MARKED = re.compile(f"[{MARK}]")
SPELT = re.compile(rf"[^\W_](?:[^\W_]|[{MARK}])*(?:['’][^\W_](?:[^\W_]|[{MARK}])*)?")
IGNORED = re.compile("[\u00ad\u200c\u200d\ufe00-\ufe0f]")  # soft hyphens, joiners, variation selectors
LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff]")
IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f]+"
)
BY_SCRIPT = (
    ("\u0370", "\u03ff", "greek"),
    ("\u0400", "\u04ff", "russian"),
    ("\u0530", "\u058f", "armenian"),
    ("\u0600", "\u06ff", "arabic"),
    ("\u0900", "\u097f", "hindi"),
    ("\u0b80", "\u0bff", "tamil"),
)


class Analyser:
    """Text to terms in one language; remembers every word it has stemmed."""

    def __init__(self, language: str = "english") -> None:
        if language not in Stemmer.algorithms():
            raise UnknownName("language", language, Stemmer.algorithms())
        self.language = language
        self.stop = STOP if language == "english" else frozenset()
        self._stemmers: dict[str, Stemmer.Stemmer] = {}
        self._lock = threading.Lock()
        self._terms: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, tuple[int, ...]] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order, repeats kept.

        >>> Analyser().terms("She was running to the Cafés of Lisboa")
        ['run', 'cafe', 'lisboa']
        """
        known, learn = self._terms, self._learn
        out: list[str] = []
        for word in cut(text):
            out.extend(known[word] if word in known else learn(word)[0])
        return out

    def codes(self, text: str) -> list[int]:
        """The codes of those terms: 64-bit hashes."""
        known, learn = self._codes, self._learn
        out: list[int] = []
        for word in cut(text):
            out.extend(known[word] if word in known else learn(word)[1])
        return out

    def _learn(self, word: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        if len(self._codes) > 500_000:  # a bound on memory, not a policy: the words come back as they are met
            self._terms, self._codes = {}, {}
        terms = tuple(self._analyse(word))
        codes = tuple(code(term) for term in terms)
        self._terms[word] = terms
        self._codes[word] = codes
        return terms, codes

    def _analyse(self, word: str) -> list[str]:
        stem, quote, tail = word.replace("’", "'").partition("'")
        if quote and tail == "t":  # don't, can't, isn't: all of them say nothing by themselves
            return []
        if quote and tail in ("s", "d", "m", "ll", "re", "ve"):
            word = stem
        elif quote:
            return [*self._analyse(stem), *self._analyse(tail)]
        if not word.isascii():
            word = fold(word)
            if UNSPACED.search(word):
                return pairs(word)
        if word in self.stop or not word:
            return []
        if word.isdigit():
            return [word.lstrip("0") or "0"]
        return [self._stem(word)]

    def _stem(self, word: str) -> str:
        language = self.language
        if not word.isascii():
            first = word[0]
            language = next((name for low, high, name in BY_SCRIPT if low <= first <= high), language)
        with self._lock:  # a Snowball stemmer keeps state while it works
            if language not in self._stemmers:
                self._stemmers[language] = Stemmer.Stemmer(language, 0)
            return str(self._stemmers[language].stemWord(word))


@cache
def analyser(language: str = "english") -> Analyser:
    """The one analyser of a language."""
    return Analyser(language)


def terms(text: str, language: str = "english") -> list[str]:
    """The terms of a text; see `Analyser.terms`."""
    return analyser(language).terms(text)


def code(term: str) -> int:
    """The 64-bit code of a term (never 0, which stands for "none")."""
    raw = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little") >> 1 or 1


def cut(text: str) -> list[str]:
    """The words of a text in lower case.

    >>> cut("Ana's boat, हिन्दी")
    ["ana's", 'boat', 'हिन्दी']
    """
    text = text.lower()
    pattern = SPELT if not text.isascii() and MARKED.search(text) else WORD
    found: list[str] = pattern.findall(text)
    return found


def fold(word: str) -> str:
    """Without the marks people leave out, and without compatibility forms.

    >>> fold("ångström"), fold("ﬁn"), fold("мой")
    ('angstrom', 'fin', 'мой')
    """
    plain = IGNORED.sub("", unicodedata.normalize("NFKD", word))
    plain = plain.replace("и\u0306", "й")  # a letter of its own, not an и with a mark
    return unicodedata.normalize("NFC", LEFT_OUT.sub("", plain)).casefold()


def pairs(word: str) -> list[str]:
    """Unspaced script as overlapping pairs of characters, and each ideograph alone; spaced stretches stay words.

    >>> pairs("東京都")
    ['東', '東京', '京', '京都', '都']
    """
    out: list[str] = []
    end = 0
    for run in UNSPACED.finditer(word):
        if run.start() > end:
            out.append(word[end : run.start()])
        text = run.group()
        for i, letter in enumerate(text):
            if len(text) == 1 or IDEOGRAPH.match(letter):
                out.append(letter)
            if i + 1 < len(text):
                out.append(text[i : i + 2])
        end = run.end()
    if end < len(word):
        out.append(word[end:])
    return out
