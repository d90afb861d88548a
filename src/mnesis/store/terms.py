"""Words to terms: how text is analysed for the word index, in any script.

Text is case-folded and stripped of diacritics; words are stemmed with the Snowball stemmer of their script (Latin
text with the one of the space's language); scripts without spaces become overlapping pairs of characters; words
that carry no content are left out. A term's code is a 64-bit hash, so an index needs no shared dictionary.
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
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
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
        for word in WORD.findall(text.lower()):
            out.extend(known[word] if word in known else learn(word)[0])
        return out

    def codes(self, text: str) -> list[int]:
        """The codes of those terms: 64-bit hashes."""
        known, learn = self._codes, self._learn
        out: list[int] = []
        for word in WORD.findall(text.lower()):
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


def fold(word: str) -> str:
    """Without diacritics and compatibility forms.

    >>> fold("ångström")
    'angstrom'
    """
    plain = unicodedata.normalize("NFKD", word)
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c))).casefold()


def pairs(word: str) -> list[str]:
    """Unspaced script as overlapping pairs of characters; spaced stretches within it stay words.

    >>> pairs("東京都")
    ['東京', '京都']
    """
    out: list[str] = []
    end = 0
    for run in UNSPACED.finditer(word):
        if run.start() > end:
            out.append(word[end : run.start()])
        text = run.group()
        out.extend(text[i : i + 2] for i in range(len(text) - 1)) if len(text) > 1 else out.append(text)
        end = run.end()
    if end < len(word):
        out.append(word[end:])
    return out
