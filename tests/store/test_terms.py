"""How text is analysed for the word index: stems, marks, scripts, codes."""

from __future__ import annotations

import string
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mnesis.errors import UnknownName
from mnesis.store.terms import MARKED, analyser, code, cut, fold, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \n\t …", []),
        ("She was running; they ran, he runs.", ["run", "ran", "run"]),
        ("The cat and the CATS", ["cat", "cat"]),
        ("I don't think it's Ana's; we'll see.", ["think", "ana", "see"]),
        ("Ana’s boat", ["ana", "boat"]),
        ("O'Brien", ["o", "brien"]),
        ("rock'n'roll", ["rock", "n", "roll"]),
        ("snake_case word", ["snake", "case", "word"]),
        ("007 and 7, not 70", ["7", "7", "70"]),
        ("0 000", ["0", "0"]),
        ("Café CAFÉ Cafe\u0301 cafe", ["cafe"] * 4),
        ("naïve coöperation Ångström", ["naiv", "cooper", "angstrom"]),
        ("ﬁnal ﬁn", ["final", "fin"]),
        ("straße STRASSE", ["strass", "strass"]),
        ("well-known e-mail", ["well", "known", "e", "mail"]),
        ("inter\u00adnational", ["internat"]),
        ("🌊 waves 🌊", ["wave"]),
    ],
)
def test_words_become_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("english", "connections", "connected"),
        ("french", "continuellement", "continuelles"),
        ("german", "Häuser", "Hauses"),
        ("english", "книги", "книгу"),  # Russian, whatever the language of the space
        ("english", "русский", "русского"),
        ("english", "ёлка", "елка"),
        ("english", "Λισαβόνα", "λισαβονα"),  # Greek
        ("english", "σπίτι", "σπίτια"),
        ("english", "كِتَاب", "كتاب"),  # Arabic, with and without vowel signs
        ("english", "الكتاب", "كتاب"),
        ("english", "أحمد", "احمد"),
        ("english", "लड़कियों", "लड़की"),  # Hindi
        ("english", "לִסְבּוֹן", "לסבון"),  # Hebrew
        ("english", "ＬＩＳＢＯＮ", "Lisbon"),
        ("english", "ｶﾞｽ", "ガス"),
    ],
)
def test_forms_of_a_word_share_a_term(language: str, one: str, other: str) -> None:
    assert analyser(language).terms(one) == analyser(language).terms(other) != []


@pytest.mark.parametrize(("one", "other"), [("カス", "ガス"), ("йод", "иод"), ("कल", "काल"), ("ไม่", "ไม้")])
def test_words_that_differ_do_not(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("我养了一只猫,叫咪咪。", "我的猫叫什么?"),
        ("東京都に引っ越しました。", "東京のどこ?"),
        ("黒猫が好きです", "猫"),
        ("저는 서울에서 고양이를 키웁니다", "고양이를"),
        ("ฉันอยู่ที่กรุงเทพ", "กรุงเทพ"),
        ("मैं लिस्बन में रहता हूँ", "लिस्बन"),
        ("أنا أسكن في لشبونة", "لشبونة"),
        ("Я живу в Лиссабоне", "Лиссабон"),
        ("Μένω στη Λισαβόνα", "λισαβόνα"),
        ("J'habite à Besançon", "besancon"),
        ("Ich wohne in München", "MÜNCHEN"),
    ],
)
def test_a_question_shares_terms_with_its_answer_in_many_scripts(text: str, question: str) -> None:
    assert set(terms(text)) & set(terms(question))


def test_a_word_of_a_script_with_marks_stays_whole() -> None:
    assert cut("हिन्दी में লিসবন தமிழ் ภาษาไทย") == ["हिन्दी", "में", "লিসবন", "தமிழ்", "ภาษาไทย"]


def test_every_mark_of_the_basic_plane_is_known() -> None:
    kinds = ("Mn", "Mc", "Me")
    old = unicodedata.ucd_3_2_0  # what newer Pythons know beyond this is not for this test to follow
    letters = [chr(n) for n in range(0x10000)]
    marks = [each for each in letters if unicodedata.category(each) in kinds and old.category(each) in kinds]
    assert [f"{ord(each):04x}" for each in marks if not MARKED.match(each)] == []


def test_no_common_punctuation_counts_as_a_mark() -> None:
    assert [each for each in string.printable + "¿¡«»“”’…—–·।॥،؛؟。、！？・" if MARKED.match(each)] == []


def test_codes_are_those_of_the_terms_and_stay_what_they_are() -> None:
    text = "She was running to the Cafés of Lisboa, 東京"
    assert analyser("english").codes(text) == [code(each) for each in terms(text)]
    # Written down once: codes are stored in index files, so they may not change from one release to the next.
    assert (code("run"), code("東京")) == (5_386_836_371_535_472_125, 8_653_020_621_676_644_599)
    assert code("") not in (0, code("run"))
    assert all(0 < code(str(n)) < 2**63 for n in range(100))


def test_an_unknown_language_says_which_are_near() -> None:
    with pytest.raises(UnknownName, match="'english'"):
        analyser("englisch")


def test_words_learnt_do_not_grow_without_bound() -> None:
    busy = type(analyser())("english")
    busy._codes = {str(n): () for n in range(500_001)}
    assert busy.codes("kettle") == [code("kettl")]
    assert len(busy._codes) < 10


@given(st.text(max_size=60))
@example("\ud800")
@example("a\ud800b 'ſ’İ ʼn")
@example("'" * 40 + "a'" * 40)
@example("ͅΐ\u0345ΣΣ")
def test_any_text_can_be_analysed(text: str) -> None:
    found = terms(text)
    assert all(found)
    assert analyser().codes(text) == [code(each) for each in found]
    assert all(fold(each) for each in cut(text) if each.isascii())


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=40))
def test_composed_and_decomposed_text_give_the_same_terms(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


def test_every_letter_is_the_same_composed_and_decomposed() -> None:
    letters = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.decomposition(chr(n)) and chr(n).isalpha()]
    different = [
        each
        for each in letters
        if terms(f"x{unicodedata.normalize('NFC', each)}x") != terms(f"x{unicodedata.normalize('NFD', each)}x")
    ]
    assert different == []
