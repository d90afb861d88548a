"""Finds the dates a text speaks of and turns them into intervals of days; shared by parsers and finders.

`mentions(text, at)` reads "last Friday", "two weeks ago", "in May", "7 May 2023", "2023-05-07", "from 2004 to 2005",
"the early 1980s", "2004/05", "since 2010" … and resolves what is relative against `at`, the moment the text was
written; without `at` relative words are left out. Days are counted from 1970-01-01, the start is inside and the end
is not; an open side ("before 1990") is infinite. The day of `at` is its own calendar day, in its own offset.

The rules, where people differ:

- a bare weekday or month lies in the past ("on Monday" is the latest Monday before today), unless the words before
  it in the sentence speak of the future ("we will meet on Monday");
- "last Friday" is the latest Friday before today, "this Friday" the first from today on, "next Friday" the one of
  next week; weeks begin on Monday; "last week" is the calendar week before, "the past week" the seven days up to now;
- 5/7/2023 is the seventh of May (month first, unless the first number cannot be a month), 7.5.2023 too (day first);
- 2004/05 and 2004-05 are the two years 2004 and 2005 when the second number follows the first, 2023-05 is a month;
- seasons are those of the northern half; the winter of 2019 begins in December 2019;
- early, mid and late are the first, the middle and the last two fifths;
- a number from 1000 to 2100 is a year unless it is part of a longer number, a price, a count or a measure; below
  1800 it also needs a word such as "in" before it. "may", "march" and other words that are also months count only
  with a day, a year or a word such as "in" or "last" beside them. "now" and "currently" are no mentions.

>>> from datetime import datetime
>>> [(m.start, m.end, m.grain) for m in mentions("We met in May 2023.", None)]
[(19478.0, 19509.0, 'month')]
>>> text = "I saw her last Friday."
>>> [text[slice(*m.span)] for m in mentions(text, datetime(2023, 5, 8))]
['last Friday']
>>> question_span("Who led the club from 2004 to 2005?", None)
(12418.0, 13149.0)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import NamedTuple, TypeAlias


class Mention(NamedTuple):
    """An interval of days a text speaks of: [start, end), where it says so, and how coarse it is.

    `grain` is day, weekend, week, month, quarter, season, year, decade or century; span for what joins two dates or
    counts ("from 2004 to 2005", "a few days ago") and open for what has one end only ("before 1990").
    """

    start: float
    end: float
    span: tuple[int, int]
    grain: str


class _Clock(NamedTuple):
    """The moment relative words are resolved against."""

    today: int
    year: int
    month: int
    day: int
    hour: int

    @property
    def monday(self) -> int:
        return self.today - (self.today + 3) % 7


@dataclass(slots=True)
class _Atom:
    """One date expression before it is joined with its neighbours; its days hold only when it is `known`."""

    begin: int
    finish: int
    start: int
    end: int
    grain: str
    known: bool = True
    absolute: bool = True  # says its own year
    weak: bool = False  # counts only when joined with another: the "may" of "from April to May"
    weekday: int = -1
    month: int = 0  # for what lacks its year: the month, and its days when it has any
    first: int = 0
    last: int = 0
    year: int = 0


def _words(text: str) -> list[str]:
    return text.split()


# What a text without any of this cannot mention. Each word is sought by its rarest letter: a set of letters is
# searched several times faster than an alternation of words.
_TRIGGER = re.compile(
    r"[0-9ykgbjmpfwc](?:(?<=[0-9])|(?<=y)(?:(?<=day)|ear|(?<=\bmay)|(?<=uary)|(?<=july|tury))"
    r"|(?<=g)(?:ht|o\b|ust\b|(?<=spring|orning|vening))|(?<=week)|(?<=m)(?:onth|mer|n\b|arch|orrow)"
    r"|er\b(?<=ber)|une\b|ril\b|all\b|ternoon|inter|ade\b)"
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = {name: n for n, name in enumerate(_words("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|2100)"
_DAY = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
_DASH = r"[-–—−]"
_UNIT = r"(hour|day|night|weekend|week|month|year|decade)"
_NUMBER = (
    r"([0-9]{1,3}|an?\s+few|an?\s+couple(?:\s+of)?|an?|couple(?:\s+of)?|few|several|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
)
_NUMBERS = {
    word: n for n, word in enumerate(_words("zero one two three four five six seven eight nine ten eleven twelve"))
}
_NUMBERS |= {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_SEASON = r"(spring|summer|autumn|fall|winter)"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_WEEKDAYS = {name: n for n, name in enumerate(_words("mon tue wed thu fri sat sun"))}
_TENS = {
    name: 1900 + 10 * n
    for n, name in enumerate(_words("twenties thirties forties fifties sixties seventies eighties nineties"), 2)
}

_PART = r"(?:(early|mid|middle|late|beginning\s+of|start\s+of|middle\s+of|end\s+of)(?:\s+|-)(?:in\s+)?(?:the\s+)?)?"
_MOD = (
    r"(?:((?:earlier|later)\s+this|this(?:\s+(?:past|coming|last))?|last|next|past|previous|coming|upcoming"
    r"|the\s+(?:last|past|next|coming|previous)|(?:over|during)\s+the)\s+)?"
)
_KINDS = {
    "cjk": r"([0-9]{4})年(?:\s?(1[0-2]|0?[1-9])月(?:\s?([12][0-9]|3[01]|0?[1-9])日)?)?",
    "iso": rf"({_YEAR})[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12][0-9]|0?[1-9])(?![0-9])",
    "slash": rf"([0-9]{{1,2}})([/.])([0-9]{{1,2}})[/.]({_YEAR}|[0-9]{{2}})(?![0-9/])",
    "mdy": (
        rf"({_MONTH})\.?\s+(?:the\s+)?{_DAY}(?:\s?{_DASH}\s?{_DAY})?(?![0-9:%]|[.,][0-9])"
        rf"(?:(?:\s*,\s*|\s+)(?:of\s+)?({_YEAR})(?![0-9]))?(?!\w)"
    ),
    "dmy": (
        rf"{_DAY}(?:\s?{_DASH}\s?{_DAY})?(?:\s+(?:of\s+)?|-)({_MONTH})(?!\w)\.?"
        rf"(?:(?:\s*,\s*|\s+|-)(?:of\s+)?({_YEAR})(?!\w))?"
    ),
    "my": rf"({_MONTH})(?:\.?\s*,\s*|\.?\s+|-|/)(?:of\s+)?(?:({_YEAR})|['’]([0-9]{{2}}))(?!\w)",
    "quarter": rf"q([1-4])\s?(?:of\s+)?({_YEAR})(?!\w)",
    "season": rf"{_SEASON}(?:(?:\s+of|\s*,)?\s+(?:of\s+)?({_YEAR}))?(?!\w)",
    "pair": rf"({_YEAR})\s?[-–—−/]\s?([0-9]{{2}})(?!\w)(?!\s?[-/–.:][0-9])",
    "decade": r"(?:(1[0-9]{2}0|20[0-9]0)|([02-9]0|10))['’]?s(?!\w)",
    "tens": r"(twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)(?!\w)",
    "century": r"([0-9]{1,2})(?:st|nd|rd|th)[\s-]+centur(?:y|ies)",
    "year": rf"({_YEAR})(?!\w)",
    "weekday": r"(mon|tues|wednes|thurs|fri|satur|sun)day(?:\s+(?:morning|afternoon|evening|night))?(?!\w)",
    "ago": rf"{_NUMBER}\s+{_UNIT}s?\s+(ago|back|earlier|later|from\s+(?:now|today))(?!\w)",
    "count": rf"{_NUMBER}\s+{_UNIT}s?(?:['’]s?)?(\s+time)?(?!\w)",
    "unit": r"(weekend|week|month|year|decade|century|night|morning|afternoon|evening)(?!\w)",
    "dayword": (
        r"(?:(day\s+before\s+yesterday|day\s+after\s+tomorrow|today|tonight|yesterday|tomorrow|the\s+other\s+day)"
        r"(?:\s+(?:morning|afternoon|evening|night))?)(?!\w)"
    ),
    "month": rf"({_MONTH})(?!\w)",
}
_DIGITS_FIRST = ("cjk", "iso", "slash", "dmy", "pair", "century", "decade", "year")
# Where an expression can begin. Most words of most texts are turned away here, before anything else is tried.
_FIRST = (
    r"[0-9]|a(?:\s+(?:few|couple|hour|day|night|week|month|year|decade)|n\s+hour|pr|ug|utumn)|beginning\s|co(?:ming|uple)"
    r"|d(?:ec|ay\s+(?:before|after)\s|uring\s+the\s)|e(?:arl|nd\s|ight|leven)|f(?:all|eb|ew|ift|iv|or|our|ri)"
    r"|j(?:an|un|ul)|la(?:st|te)|m(?:ar|ay|id|on)|n(?:ext|ov|ine)|o(?:ct|ne\s|ver\s+the\s)|p(?:ast|revious)|q[1-4]"
    r"|s(?:ep|tart\s|pring|ummer|at|un|ix|even)"
    r"|t(?:his\s|he\s+(?:last|past|next|coming|previous|other)|o(?:day|morrow|night)|ue|hu|wo|en|wel|wen|hre|hir)"
    r"|upcoming|w(?:ed|inter)|yest"
)
_SCAN = re.compile(
    rf"\b(?={_FIRST}){_PART}{_MOD}(?:(?=[0-9])(?:"
    + "|".join(f"(?P<{name}>{_KINDS[name]})" for name in _DIGITS_FIRST)
    + ")|"
    + "|".join(f"(?P<{name}>{body})" for name, body in _KINDS.items() if name not in _DIGITS_FIRST)
    + ")"
)

_FUTURE = re.compile(
    r"\b(?:will|won't|shall|going\s+to|gonna|plan(?:s|ning)?|upcoming|coming\s+up|looking\s+forward|can't\s+wait"
    r"|hop(?:e|ing)\s+to|schedul\w+|book(?:ed|ing)\s+for|let's)\b|['’]ll\b"
)
_SENTENCE_END = re.compile(r".*[.!?\n](?=\s)", re.DOTALL)
_NOT_MODAL = re.compile(r"\s+(?:be|have|not|also|only|well|seem|need|want|get|take|come|go|help|even|or\s+may)\b")
_COUNTED = re.compile(
    r"\s?(?:km|kilomet\w+|met(?:er|re)s?|m|miles?|mi|ft|feet|foot|yards?|inch\w*|cm|mm|kgs?|kilo\w*|g|grams?|lbs?"
    r"|pounds?|tons?|tonnes?|dollars?|bucks?|euros?|usd|eur|gbp|cents?|pesos|rupees|yen|percent|per|years?|days?"
    r"|hours?|hrs?|minutes?|mins?|seconds?|secs?|weeks?|months?|times|[kmg]?bits?|[kmg]?bytes?|[kmg]b|[kmg]?hz|watts?|w"
    r"|kw|volts?|rpm|mph|km/h|psi|cc|ml|l|lit(?:er|re)s?|gallons?|acres?|hectares?|square|sq|degrees?|people|persons?"
    r"|men|women|children|kcal|bce?|b\.c|a\.?m|p\.?m|feet|or\s+(?:more|so|less)|more|different|other)(?![a-z])"
)
_PLURAL = re.compile(
    r"\s+(?!(?:was|is|has|as|its|his|this|us|plus|always|perhaps|does|yes|thus|christmas|olympics|games|elections|awards|finals|census)\b)[a-z]+[^s\W]s\b"
)
_OPENS = frozenset("([-–—−/")
_NOT_A_YEAR_AFTER = frozenset(
    _words(
        "than over nearly almost least most room route highway page line number no gate flight version port extension "
        "model only top another extra usd eur rs id code pin zip suite apartment apt order ticket windows article "
        "section chapter level rank rating elo iso rfc plus minus times score sum total volume building bus"
    )
)
_YEAR_AFTER = frozenset(
    _words(
        "in since from to by until till before after during around circa c. ca. about year and between early mid late "
        "the of or til ad spring summer autumn fall winter"
    )
)
_MONTH_AFTER = frozenset(_words("in during since until till by before after around through throughout from between"))
_PLAIN_MONTHS = frozenset(_words("january february july september october november december"))
_JOIN = re.compile(
    rf"\s*(?:(?P<dash>{_DASH}|/)|(?P<and>,?\s(?:and|&))|,?\s(?:to|until|till|through|thru|up\s+to))\s*"
    r"(?:the\s+)?(?:year\s+)?"
)
_ONWARD = re.compile(
    rf",?\s*(?:onwards?\b|and\s+(?:later|after|onwards?|beyond)\b|or\s+later\b"
    rf"|(?:{_DASH}|to|until|till|through)\s*(?:the\s+)?(?:present|now|today|date)\b)|\+"
)
_ON = re.compile(r",?\s+on(?=[\s,.;?!]|$)(?!\s+(?:the|a|an|his|her|my|your|our|their)\b)")
_BACKWARD = re.compile(r"\s+(?:and|or)\s+(?:earlier|before)\b")
_OFFSET = re.compile(
    rf"(?:\b{_NUMBER}\s+|\bthe\s+)?\b(day|night|week|weekend|month|year)s?\s+(before|after|prior\s+to)\s+(?:the\s+)?$"
)
_BEFORE, _UNTIL, _AFTER, _SINCE = "before", "until", "after", "since"
_OPENERS = {"before": _BEFORE, "until": _UNTIL, "till": _UNTIL, "til": _UNTIL, "after": _AFTER, "since": _SINCE}
_TWO_WORD_OPENERS = {
    ("prior", "to"): _BEFORE,
    ("earlier", "than"): _BEFORE,
    ("up", "to"): _UNTIL,
    ("later", "than"): _AFTER,
    ("starting", "in"): _SINCE,
    ("starting", "from"): _SINCE,
    ("starting", "on"): _SINCE,
    ("beginning", "in"): _SINCE,
    ("as", "of"): _SINCE,
}


def mentions(text: str, at: datetime | None) -> list[Mention]:
    """The dates `text` speaks of, in order, resolved against `at`; spans never overlap."""
    low = text.lower()
    if _TRIGGER.search(low) is None and "ties" not in low:  # as in "the nineties"
        return []
    if len(low) != len(text):  # a few letters grow when lowered; spans must fit the text as it was written
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    clock = None
    if at is not None:
        clock = _Clock(at.toordinal() - 719163, at.year, at.month, at.day, at.hour)
    atoms = []
    for match in _SCAN.finditer(low):
        kind = match.lastgroup
        if kind is not None:
            atom = _READ[kind](match, match.re.groupindex[kind], low, clock)
            if atom is not None:
                atoms.append(atom)
    return _joined(atoms, low, clock) if atoms else []


def question_span(text: str, now: datetime | None) -> tuple[float, float] | None:
    """The interval of days a question asks about, or None when it asks for no time.

    Several dates narrow each other down ("after 1990 and before 2000"); dates that cannot all be true widen the
    interval to hold them all ("in 1990 or in 1995").
    """
    found = mentions(text, now)
    if not found:
        return None
    start, end = max(each.start for each in found), min(each.end for each in found)
    if start < end:
        return start, end
    return min(each.start for each in found), max(each.end for each in found)


# --------------------------------------------------------------------------------------------- calendar arithmetic


def _days(year: int, month: int = 1, day: int = 1) -> int:
    """Days from 1970-01-01 to this date; months beyond 12 or below 1 run into the next or the last years."""
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def _real(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _days(year, month + 1) - _days(year, month)


def _shifted(clock: _Clock, months: int) -> int:
    """The day so many months from the clock's, kept within the month."""
    month = clock.month + months
    last = _days(clock.year, month + 1) - 1
    return min(_days(clock.year, month, clock.day), last)


def _part_of(part: str | None, start: int, end: int) -> tuple[int, int]:
    """The early, middle or late part of an interval, in whole days."""
    if not part or end - start < 5:
        return start, end
    length = end - start
    if part.startswith(("early", "begin", "start")):
        return start, start + round(length * 0.4)
    if part.startswith("mid"):
        return start + round(length * 0.3), start + round(length * 0.7)
    return start + round(length * 0.6), end


def _two_digits(year: int) -> int:
    return year + (2000 if year < 70 else 1900)


def _range(number: str) -> tuple[int, int]:
    """How many "a", "two", "a few" … are, as least and most."""
    if number.endswith("few"):
        return 2, 5
    if "couple" in number:
        return 2, 2
    if number == "several":
        return 3, 8
    n = int(number) if number[0].isdigit() else _NUMBERS[number]
    return n, n


def _future(low: str, begin: int) -> bool:
    """Do the words before this place, in its sentence, speak of the future?"""
    before = low[max(0, begin - 100) : begin]
    end = _SENTENCE_END.match(before)
    return _FUTURE.search(before, end.end() if end else 0) is not None


def _word_before(low: str, begin: int) -> str:
    words = low[max(0, begin - 24) : begin].split()
    return words[-1] if words and low[begin - 1].isspace() else ""


# -------------------------------------------------------------------------------- one reader for each kind of match

_Reader: TypeAlias = Callable[["re.Match[str]", int, str, _Clock | None], _Atom | None]


def _day_atom(begin: int, finish: int, year: int, month: int, day: int, last: int = 0) -> _Atom | None:
    if not _real(year, month, day) or (last and (last < day or not _real(year, month, last))):
        return None
    start = _days(year, month, day)
    grain = "span" if last else "day"
    return _Atom(begin, finish, start, start + 1 + (last - day if last else 0), grain, year=year, month=month)


def _cjk(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    year, month, day = (int(m[i + n]) if m[i + n] else 0 for n in (1, 2, 3))
    if year < 1:
        return None
    if day:
        return _day_atom(m.start(i), m.end(), year, month, day)
    grain, end = ("month", _days(year, month + 1)) if month else ("year", _days(year + 1))
    return _Atom(m.start(i), m.end(), _days(year, month or 1), end, grain, year=year)


def _iso(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    if m.start(i) and low[m.start(i) - 1] in "-/.":
        return None
    return _day_atom(m.start(i), m.end(), int(m[i + 1]), int(m[i + 2]), int(m[i + 3]))


def _slash(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    begin = m.start(i)
    if (begin and low[begin - 1] in "-/.$€£") or (m[i + 2] == "." and len(m[i + 4]) == 2):
        return None
    month, day, year = int(m[i + 1]), int(m[i + 3]), int(m[i + 4])
    if m[i + 2] == "." or month > 12:
        month, day = day, month
    return _day_atom(begin, m.end(), year if year > 99 else _two_digits(year), month, day)


def _month_day(
    begin: int, m: re.Match[str], month: int, days: tuple[str, str], year: str, low: str, clock: _Clock | None
) -> _Atom | None:
    first, last = int(days[0]), int(days[1] or 0)
    if year:
        return _day_atom(begin, m.end(), int(year), month, first, last)
    if not _real(2000, month, first) or (last and not (first < last and _real(2000, month, last))):
        return None
    if _COUNTED.match(low, m.end()) or (month == 5 and _NOT_MODAL.match(low, m.end())):
        return None
    atom = _Atom(begin, m.end(), 0, 0, "span" if last else "day", False, False, month=month, first=first, last=last)
    if clock is not None:
        future = _future(low, begin)
        here = _days(clock.year, month, first)
        if future:
            _in_year(atom, clock.year if here >= clock.today else clock.year + 1)
        else:
            _in_year(atom, clock.year if here <= clock.today else clock.year - 1)
    return atom


def _in_year(atom: _Atom, year: int) -> None:
    """Give a month or day of the year the year it lacked."""
    if atom.first:
        atom.start = min(_days(year, atom.month, atom.first), _days(year, atom.month + 1) - 1)
        atom.end = atom.start + 1 + (atom.last - atom.first if atom.last else 0)
    else:
        atom.start, atom.end = _days(year, atom.month), _days(year, atom.month + 1)
    atom.year, atom.known = year, True


def _mdy(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    days = (m[i + 2], m[i + 3] or "")
    return _month_day(m.start(i), m, _MONTHS[m[i + 1][:3]], days, m[i + 4] or "", low, clock)


def _dmy(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    begin = m.start(i)
    if begin and low[begin - 1] in "$€£.,:/" and begin > 1 and not low[begin - 2].isalpha():
        return None
    days = (m[i + 1], m[i + 2] or "")
    return _month_day(begin, m, _MONTHS[m[i + 3][:3]], days, m[i + 4] or "", low, clock)


def _my(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    month = _MONTHS[m[i + 1][:3]]
    year = int(m[i + 2]) if m[i + 2] else _two_digits(int(m[i + 3]))
    if month == 5 and _COUNTED.match(low, m.end()):  # "it may 2000 times"
        return None
    start, end = _part_of(m[1], _days(year, month), _days(year, month + 1))
    return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "month", year=year, month=month)


def _quarter(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    quarter, year = int(m[i + 1]), int(m[i + 2])
    return _Atom(m.start(i), m.end(), _days(year, quarter * 3 - 2), _days(year, quarter * 3 + 1), "quarter", year=year)


def _season(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    month = _SEASONS[m[i + 1]]
    if m[i + 2]:
        year = int(m[i + 2])
        start, end = _part_of(m[1], _days(year, month), _days(year, month + 3))
        return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "season", year=year)
    if clock is None or not m[2]:
        return None
    way = _way(m[2], low, m.start())
    year = clock.year
    if way == "last":
        while _days(year, month + 3) > clock.today:
            year -= 1
    elif way == "next":
        while _days(year, month) <= clock.today:
            year += 1
    elif _days(year - 1, month + 3) > clock.today:  # still in the winter that began last year
        year -= 1
    start, end = _part_of(m[1], _days(year, month), _days(year, month + 3))
    return _Atom(m.start(), m.end(), start, end, "season", absolute=False)


def _pair(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    year, second = int(m[i + 1]), int(m[i + 2])
    begin = m.start(i)
    if begin and low[begin - 1] in "$€£-/.,:#":
        return None
    if second > year % 100 or (year % 100 == 99 and second == 0):
        last = year // 100 * 100 + second + (100 if second == 0 else 0)
        return _Atom(begin, m.end(), _days(year), _days(last + 1), "span", year=year)
    if 1 <= second <= 12 and "-" in m[i]:
        return _Atom(begin, m.end(), _days(year, second), _days(year, second + 1), "month", year=year, month=second)
    return None


def _decade(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    if m[i + 1]:
        year = int(m[i + 1])
    elif _named_decade(m, i, low):
        year = int(m[i + 2]) + (2000 if m[i + 2] in ("00", "10") else 1900)
    else:
        return None
    start, end = _part_of(m[1], _days(year), _days(year + 10))
    return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "decade", year=year)


def _tens(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    if not _named_decade(m, i, low):
        return None
    year = _TENS[m[i + 1]]
    start, end = _part_of(m[1], _days(year), _days(year + 10))
    return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "decade", year=year)


def _named_decade(m: re.Match[str], i: int, low: str) -> bool:
    """ "the 80s", "the eighties" and "'80s" are decades; "in her 80s" and "her eighties" are ages."""
    return low[: m.start(i)].endswith(("the ", "'", "’")) or _word_before(low, m.start()) == "the"


def _century(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    century = int(m[i + 1])
    if not 1 <= century <= 21:
        return None
    start, end = _part_of(m[1], _days(century * 100 - 99), _days(century * 100 + 1))
    return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "century", year=century * 100 - 99)


def _year(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    year = int(m[i + 1])
    if not m[1] and not _is_year(low, m.start(i), m.end(), year):
        return None
    start, end = _part_of(m[1], _days(year), _days(year + 1))
    return _Atom(m.start() if m[1] else m.start(i), m.end(), start, end, "year", year=year)


def _is_year(low: str, begin: int, end: int, year: int) -> bool:
    """Is this number a year, and no part of a longer number, a price, a count or a measure?"""
    word = _word_before(low, begin)
    if word in _NOT_A_YEAR_AFTER or word[-1:] in ("$", "€", "£"):
        return False
    if _held_by_left(low, begin) or _held_by_right(low, end) or _COUNTED.match(low, end):
        return False
    if word not in _YEAR_AFTER and _PLURAL.match(low, end):
        return False
    return year >= 1800 or word in _YEAR_AFTER or _among_years(low, begin, end)


def _among_years(low: str, begin: int, end: int) -> bool:
    """Does a number stand in brackets, in a range or in a list of years?"""
    left, right = low[max(0, begin - 9) : begin].rstrip(" ,"), low[end : end + 9].lstrip()
    if left[-1:] in _OPENS or right[:1] == ")" or (right[:1] in _OPENS and right[1:].lstrip()[:4].isdigit()):
        return True
    return left[-4:].isdigit() and len(left) > 4 and not left[-5].isdigit() and "," in low[begin - 3 : begin]


def _held_by_left(low: str, begin: int) -> bool:
    """Does what touches a number on its left make it something else than a year?"""
    before = low[begin - 1 : begin]
    if not before or before in " \n\t(":
        return False
    if before in "-–—−/":
        left = low[max(0, begin - 6) : begin - 1].strip()
        if left[-1:].isdigit():  # 1998-2003, but not 555-2003 or 21998-2003
            return not (left[-4:].isdigit() and len(left[-5:].lstrip("( ")) <= 4)
        if before == "/":
            return True
        return before == "-" and left != "" and not left.endswith(("pre", "post", "mid", "early", "late", "circa"))
    return before in "$€£¥#№+*=_@&.:,\\" and not low[:begin].endswith(("c.", "ca."))


def _held_by_right(low: str, end: int) -> bool:
    """Does what touches a number on its right make it something else than a year?"""
    after, following = low[end : end + 1], low[end + 1 : end + 2]
    if not after or after in " \n)":
        return False
    if after in ".,:" and following.isdigit():
        return True
    if after in "-/" and following.isalpha():
        return not low.startswith(("present", "now", "date", "today"), end + 1)
    if after in "-/" and following.isdigit():  # 2001-555 is a telephone, 2001-2003 is not
        return not (low[end + 1 : end + 5].isdigit() and not low[end + 5 : end + 6].isdigit())
    return after in "%°$€£+@\\"


def _weekday(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    which = _WEEKDAYS[m[i + 1][:3]]
    begin = m.start(2) if m[2] else m.start(i)
    if clock is None:
        return _Atom(begin, m.end(), 0, 0, "day", False, False, weekday=which)
    if not m[2]:
        if _word_before(low, begin) in ("every", "each", "any"):
            return None
        way = "soon" if _future(low, begin) else "last"
    elif m[2] in ("this", "this coming", "coming", "upcoming"):
        way = "soon"
    else:
        way = _way(m[2], low, begin)
    if way == "next":
        start = clock.monday + 7 + which
    elif way == "last":
        start = clock.today - 1 - (clock.today + 2 - which) % 7
    else:
        start = clock.today + (which - clock.today - 3) % 7
    return _Atom(begin, m.end(), start, start + 1, "day", absolute=False, weekday=which)


def _way(mod: str, low: str, begin: int) -> str:
    """Does "last", "this past", "the coming", "over the" … look back, ahead, or at what is going on?"""
    if mod.endswith(("last", "past", "previous")):
        return "last"
    if mod.endswith(("next", "coming")):
        return "next"
    if mod.endswith("the"):
        return "this" if _future(low, begin) else "last"
    return "this"


def _ago(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    if clock is None:
        return None
    least, most = _range(" ".join(m[i + 1].split()))
    ahead = m[i + 3].startswith(("later", "from"))
    return _away(m.start(i), m.end(), m[i + 2], *((least, most) if ahead else (-most, -least)), clock)


def _away(begin: int, finish: int, unit: str, low: int, high: int, clock: _Clock) -> _Atom | None:
    """What lies `low` to `high` units from the clock."""
    grain = unit
    if unit == "hour":
        start, end = clock.today + (clock.hour + low) // 24, clock.today + (clock.hour + high) // 24 + 1
        grain = "day"
    elif unit in ("day", "night"):
        start, end, grain = clock.today + low, clock.today + high + 1, "day"
    elif unit == "week":
        start, end = clock.today + 7 * low - 3, clock.today + 7 * high + 4
    elif unit == "weekend":
        start, end = clock.monday + 5 + 7 * low, clock.monday + 7 + 7 * high
    elif unit == "month":
        start, end = _days(clock.year, clock.month + low), _days(clock.year, clock.month + high + 1)
    elif unit == "year":
        start, end = _days(clock.year + low), _days(clock.year + high + 1)
    else:
        start, end = _days(clock.year + 10 * low - 1), _days(clock.year + 10 * high + 2)
    return _Atom(begin, finish, start, end, "span" if low != high else grain, absolute=False)


def _count(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    """ "the last two weeks", "the next few days", "in two weeks' time"; a bare "two weeks" only says how long."""
    if clock is None:
        return None
    mod, number, unit, time = m[2], " ".join(m[i + 1].split()), m[i + 2], m[i + 3]
    if not mod:
        if _word_before(low, m.start(i)) != "in" or not (time or _future(low, m.start(i))):
            return None
        return _away(low.rindex("in", 0, m.start(i)), m.end(), unit, *_range(number), clock)
    if mod.endswith(("this", "over the", "during the")) or number in ("a", "an"):
        return None
    most = _range(number)[1]
    span = _rolling(unit, most, mod.endswith(("next", "coming")), clock)
    return span and _Atom(m.start(2), m.end(), *span, "span", absolute=False)


def _rolling(unit: str, n: int, ahead: bool, clock: _Clock) -> tuple[int, int] | None:
    """The n units up to the clock's day, or from it on."""
    sign = 1 if ahead else -1
    if unit == "hour":
        far = clock.today + (clock.hour + sign * n) // 24
    elif unit in ("day", "night"):
        far = clock.today + sign * n
    elif unit in ("week", "weekend"):
        far = clock.today + sign * 7 * n
    else:
        far = _shifted(clock, sign * n * {"month": 1, "year": 12, "decade": 120}[unit])
    return (clock.today, far + 1) if ahead else (far, clock.today + 1)


def _unit(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    unit, mod = m[i + 1], m[2] and " ".join(m[2].split())
    if clock is None or not mod:
        return None
    begin, finish = m.start() if m[1] else m.start(2), m.end()
    if unit in ("night", "morning", "afternoon", "evening"):
        if mod not in ("last", "this") or (unit == "night" and mod == "this"):
            return None
        start = clock.today - (mod == "last")
        return _Atom(m.start(2), finish, start, start + 1, "day", absolute=False)
    if mod.endswith(" the") and unit != "weekend":
        return None
    if unit in ("week", "month", "year", "decade") and (mod in ("past", "this past") or mod.startswith("the ")):
        span = _rolling(unit, 1, mod.endswith(("next", "coming")), clock)
        return span and _Atom(begin, finish, *span, "span", absolute=False)
    way = _way(mod, low, begin)
    start, end = _calendar(unit, {"last": -1, "next": 1}.get(way, 0), clock)
    if unit == "weekend" and mod.endswith(" the") and way == "last" and clock.today >= clock.monday + 5:
        start, end = start + 7, end + 7  # "over the weekend", said on Sunday
    start, end = _part_of(m[1], start, end)
    if mod.startswith("earlier") and start < clock.today:
        end = min(end, clock.today)
    elif mod.startswith("later") and clock.today + 1 < end:
        start = max(start, clock.today + 1)
    return _Atom(begin, finish, start, end, unit, absolute=False)


def _calendar(unit: str, step: int, clock: _Clock) -> tuple[int, int]:
    """The calendar week, weekend, month, year, decade or century `step` from the clock's own."""
    if unit == "week":
        return clock.monday + 7 * step, clock.monday + 7 * step + 7
    if unit == "weekend":
        return clock.monday + 7 * step + 5, clock.monday + 7 * step + 7
    if unit == "month":
        return _days(clock.year, clock.month + step), _days(clock.year, clock.month + step + 1)
    if unit == "year":
        return _days(clock.year + step), _days(clock.year + step + 1)
    if unit == "decade":
        year = clock.year // 10 * 10 + 10 * step
        return _days(year), _days(year + 10)
    year = (clock.year - 1) // 100 * 100 + 1 + 100 * step
    return _days(year), _days(year + 100)


def _dayword(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    if clock is None:
        return None
    word = m[i + 1]
    start, end = clock.today, clock.today + 1
    if word.startswith("the"):
        return _Atom(m.start(i), m.end(), start - 7, start, "span", absolute=False)
    if word.endswith("yesterday"):
        start -= 2 if word.startswith("day") else 1
    elif word.endswith("tomorrow"):
        start += 2 if word.startswith("day") else 1
    return _Atom(m.start(i), m.end(), start, start + end - clock.today, "day", absolute=False)


def _month(m: re.Match[str], i: int, low: str, clock: _Clock | None) -> _Atom | None:
    name, mod, part = m[i + 1], m[2], m[1]
    month = _MONTHS[name[:3]]
    begin = m.start() if part else m.start(2) if mod else m.start(i)
    before = _word_before(low, begin)
    if mod and (mod.endswith(" the") or (mod == "this" and _NOT_MODAL.match(low, m.end()))):
        return None
    if before in ("every", "each"):
        return None
    sure = bool(part or mod) or before in _MONTH_AFTER or name in _PLAIN_MONTHS or _of_month(low, begin)
    atom = _Atom(begin, m.end(), 0, 0, "month", False, False, weak=not sure, month=month)
    if clock is not None:
        way = _way(mod, low, begin) if mod else ("soon" if _future(low, begin) else "past")
        before_now, after_now = month < clock.month, month > clock.month
        step = {
            "last": 0 if before_now else -1,
            "next": 0 if after_now else 1,
            "soon": 1 if before_now else 0,
            "past": -1 if after_now else 0,
        }.get(way, 0)
        _in_year(atom, clock.year + step)
        atom.start, atom.end = _part_of(part, atom.start, atom.end)
    return atom


def _of_month(low: str, begin: int) -> bool:
    return low[max(0, begin - 12) : begin].endswith(("month of ", "whole of ", "all of "))


_READ: dict[str, _Reader] = {
    "cjk": _cjk,
    "iso": _iso,
    "slash": _slash,
    "mdy": _mdy,
    "dmy": _dmy,
    "my": _my,
    "quarter": _quarter,
    "season": _season,
    "pair": _pair,
    "decade": _decade,
    "tens": _tens,
    "century": _century,
    "year": _year,
    "weekday": _weekday,
    "ago": _ago,
    "count": _count,
    "unit": _unit,
    "dayword": _dayword,
    "month": _month,
}


# ------------------------------------------------------------------------------- neighbours joined, open ends opened


def _joined(atoms: list[_Atom], low: str, clock: _Clock | None) -> list[Mention]:
    """Ranges made of two dates, dates with one open end, and the rest as they are."""
    if len(atoms) > 1:
        atoms = _one_day_once(atoms, low)
    out: list[Mention] = []
    i = 0
    while i < len(atoms):
        atom = atoms[i]
        floor = out[-1].span[1] if out else 0
        before = low[max(floor, atom.begin - 40) : atom.begin].split()
        if i + 1 < len(atoms):
            joined = _join(atom, atoms[i + 1], low, before)
            if joined is not None:
                out.append(joined)
                i += 2
                continue
        i += 1
        if atom.known and not atom.weak:
            out.append(_opened(atom, low, before, floor))
    return out


def _one_day_once(atoms: list[_Atom], low: str) -> list[_Atom]:
    """A weekday beside its date, "Friday, 7 May" or "2023-05-07, a Sunday", is one day and not two."""
    out = [atoms[0]]
    for atom in atoms[1:]:
        last = out[-1]
        between = low[last.finish : atom.begin]
        if last.grain != "day" or atom.grain != "day" or len(between) > 8 or (last.weekday < 0) == (atom.weekday < 0):
            out.append(atom)
        elif last.weekday >= 0 and between.strip(" ,") in ("", "the"):
            atom.begin = last.begin
            out[-1] = atom
        elif atom.weekday >= 0 and between.strip(" ,(") in ("", "a"):
            last.finish = atom.finish
        else:
            out.append(atom)
    return out


def _join(a: _Atom, b: _Atom, low: str, before: list[str]) -> Mention | None:
    """ "from A to B", "between A and B", "A–B"; "the Sunday before B"."""
    between = low[a.finish : b.begin]
    if len(between) > 24 or not between:
        return None
    if a.weekday >= 0 and b.weekday < 0:
        return _weekday_beside(a, b, between.strip())
    how = _JOIN.fullmatch(between)
    lead = _lead(before)
    if how is None or (how["and"] and lead not in ("between", "from")) or a.weekday >= 0 or b.weekday >= 0:
        return None
    if how["dash"] and not (a.absolute or b.absolute):
        return None
    if a.weak and b.weak and lead not in ("between", "from"):
        return None
    if a.month and not a.absolute and b.absolute and b.year:
        _in_year(a, b.year - (b.month > 0 and a.month > b.month))
    elif b.month and not b.absolute and a.year and (a.absolute or a.known):
        _in_year(b, a.year + (a.month > b.month))
    if not (a.known and b.known) or a.start >= b.end or a.start > b.start:
        return None
    begin = a.begin
    if lead in ("between", "from"):
        begin = low.rindex(lead, 0, a.begin)
    return Mention(float(a.start), float(b.end), (begin, b.finish), "span")


def _lead(before: list[str]) -> str:
    """The last word before a date that is not "the" or "year" or "years"."""
    for word in reversed(before[-3:]):
        if word not in ("the", "year", "years"):
            return word.lstrip("(\"'“")
    return ""


def _weekday_beside(a: _Atom, b: _Atom, between: str) -> Mention | None:
    if between not in ("before", "after", "prior to") or not b.known or b.weak:
        return None
    if between == "after":
        start = b.end + (a.weekday - b.end - 3) % 7
    else:
        start = b.start - 1 - (b.start + 2 - a.weekday) % 7
    return Mention(float(start), float(start + 1), (a.begin, b.finish), "day")


def _opened(atom: _Atom, low: str, before: list[str], floor: int) -> Mention:
    """A date on its own, unless a word beside it opens one of its ends or counts from it."""
    start, end = float(atom.start), float(atom.end)
    begin, finish = atom.begin, atom.finish
    words = before[:]
    while words and words[-1] in ("the", "year", "month", "of") and len(before) - len(words) < 3:
        words.pop()
    last = words[-1].lstrip("(\"'“") if words else ""
    opener = _OPENERS.get(last)
    if opener is None and len(words) > 1:
        opener = _TWO_WORD_OPENERS.get((words[-2], last))
        last = words[-2] if opener else last
    if opener in (_BEFORE, _AFTER):
        offset = _OFFSET.search(low, max(floor, begin - 40), begin)
        if offset is not None:
            return _counted_from(atom, offset)
    if opener is not None:
        begin = low.rindex(last, 0, begin)
        if opener == _BEFORE:
            return Mention(-inf, start, (begin, finish), "open")
        if opener == _UNTIL:
            return Mention(-inf, end, (begin, finish), "open")
        return Mention(end if opener == _AFTER else start, inf, (begin, finish), "open")
    onward = _ONWARD.match(low, finish) or (_ON.match(low, finish) if last == "from" else None)
    if onward is not None:
        return Mention(start, inf, (begin, onward.end()), "open")
    backward = _BACKWARD.match(low, finish)
    if backward is not None:
        return Mention(-inf, end, (begin, backward.end()), "open")
    return Mention(start, end, (begin, finish), atom.grain)


def _counted_from(atom: _Atom, offset: re.Match[str]) -> Mention:
    """ "two days after 7 May 2023", "the week before last Friday"."""
    least, most = _range(" ".join(offset[1].split())) if offset[1] else (1, 1)
    size = {"day": 1, "night": 1, "week": 7, "weekend": 7, "month": 30, "year": 365}[offset[2]]
    wide = 1 if size == 1 else size
    if offset[3] == "after":
        start, end = atom.end + least * size - wide, atom.end + most * size
    else:
        start, end = atom.start - most * size, atom.start - least * size + wide
    return Mention(float(start), float(end), (offset.start(), atom.finish), "day" if size == 1 else "span")
