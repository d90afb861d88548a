"""Circumstances change, grow, stay or end: what is true now, and what was then.

Source: mnesis, 2026. (made up; CC0; the four outcomes are those of Bae et al., Keep Me Updated! Memory Management in
    Long-term Conversations, 2022. arXiv 2210.08750)
Needs: nothing
Cost: 240 pairs of statements in 30 lives of 40 turns; 480 questions, half of them about a moment in the past
Differs: English, written for this; the paper's pairs are Korean and label sentences, here the questions are scored.

Everybody says eight things in 2021, chats, and says something about each of them in 2023: another value (`replace`),
something that stands beside it (`append`), the same in other words (`pass`), or that it is over (`delete`). One
question is asked of each pair in 2024, and once more of a moment in 2022 (`Question.valid_at`).

`newer_first` counts 1 where what is true at the moment asked about stands above what is not (or that is gone), of
pairs where one is not: the newer for now, the older for then; where neither was found there is no order. Gold
is the newer text where it replaces or ends the older, both where both hold, and the older for then. Half of the
thirty families of sentences were held back while rules were written; their groups end in ``, unseen``.

>>> case = next(updates().load(None))
>>> len(case.questions), case.questions[0].valid_at is None, case.questions[1].valid_at is None
(16, True, False)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from mnesis.bench.tasks import Case, Question, Task
from mnesis.words import Event

BEFORE, CHAT, AFTER = (datetime(*day, tzinfo=UTC) for day in ((2021, 3, 1), (2022, 2, 1), (2023, 6, 1)))
THEN, NOW = datetime(2022, 1, 15, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
MEASURES = ("newer_first", "recall@1", "recall@5", "recall@10", "mrr", "older_found@50")
LIVES = """Ana Bogdan Chiara Dmitri Esther Farid Greta Hiro Ines Jonas Katya Lars Mina Noor Oskar Paula Quinn Rosa
    Stefan Thea Ugo Vera Wanda Xavi Yusuf Zoe Amos Britt Cleo Dario""".split()


class Family(NamedTuple):
    """Sentences of one kind: what is said first and later, the question, and what fills {a} and {b}."""

    label: str
    first: str
    later: str
    question: str
    fill: str
    unseen: bool = False

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """The first statement, the later one and the question, filled in; {who} is left."""
        for each in self.fill.split("|"):
            a, _, b = (part.strip() for part in each.partition(">"))
            yield self.first.format(a=a, b=b), self.later.format(a=a, b=b), self.question.format(who="{who}", a=a)


FAMILIES = (
    Family("replace", "I live in {a}.", "I moved to {b}.", "Where does {who} live?",
           "Porto>Ghent|Lyon>Oslo|Cork>Turin|Graz>Malmö|Bath>Seville|Riga>Nantes|Split>Leeds|Bergen>Utrecht"),
    Family("replace", "I work as a {a}.", "I work as a {b} now.", "What does {who} do for a living?",
           "nurse>teacher|baker>florist|welder>bus driver|clerk>translator|cook>gardener|tailor>potter|"
           "plumber>firefighter|waiter>librarian"),
    Family("replace", "My phone number is {a}.", "My new phone number is {b}.", "What is {who}'s phone number?",
           "555 0142>555 0977|555 2210>555 8431|555 6120>555 3308|555 7719>555 4402|555 1035>555 9921|"
           "555 8080>555 1216|555 3571>555 6464|555 9003>555 2758"),
    Family("replace", "I drive a {a}.", "I sold the {a} and drive a {b} now.", "Which car does {who} drive?",
           "Volvo>Fiat|Skoda>Mazda|Renault>Seat|Opel>Honda|Toyota>Peugeot|Ford>Dacia|Kia>Citroën|Saab>Nissan"),
    Family("replace", "My favourite dish is {a}.", "My favourite dish is {b} these days.",
           "What is {who}'s favourite dish?",
           "lasagne>ramen|paella>pierogi|goulash>falafel|risotto>pho|curry>moussaka|gnocchi>tacos|sushi>borscht|"
           "dumplings>ratatouille"),
    Family("replace", "The dentist's appointment is on {a}.", "The dentist's appointment was moved to {b}.",
           "When is {who}'s appointment at the dentist's?",
           "Monday>Thursday|Tuesday>Friday|Wednesday>Saturday|Thursday>Tuesday|Friday>Monday|the 4th>the 19th|"
           "the 7th>the 22nd|the 11th>the 30th"),
    Family("append", "I have a cat called {a}.", "I got a second cat, {b}.", "What are {who}'s cats called?",
           "Miso>Pepper|Luna>Biscuit|Simba>Olive|Tiger>Mocha|Felix>Plum|Nala>Pixel|Kiki>Hazel|Bruno>Clover"),
    Family("append", "I play the {a}.", "I started to learn the {b} as well.", "Which instruments does {who} play?",
           "violin>trumpet|cello>accordion|flute>drums|guitar>oboe|piano>banjo|harp>clarinet|viola>tuba|organ>lute"),
    Family("append", "I speak {a}.", "I also speak {b}.", "Which languages does {who} speak?",
           "Polish>Greek|Danish>Welsh|Turkish>Dutch|Czech>Hindi|Finnish>Arabic|Catalan>Korean|Swedish>Farsi|"
           "Irish>Swahili"),
    Family("append", "My sister is a {a}.", "My brother is a {b}.", "What do {who}'s siblings do?",
           "judge>sailor|pilot>painter|vet>carpenter|doctor>drummer|chemist>farmer|dancer>miner|lawyer>barber|"
           "surgeon>printer"),
    Family("pass", "I am allergic to {a}.", "I'm allergic to {a}, remember.", "What is {who} allergic to?",
           "peanuts|pollen|shellfish|penicillin|cat hair|sesame|wasp stings|latex"),
    Family("pass", "I share a flat with {a}.", "As I said, I share a flat with {a}.",
           "Whom does {who} share a flat with?",
           "two cousins|a medical student|my aunt|an old schoolmate|three musicians|a retired judge|my nephew|a chef"),
    Family("delete", "I have {a}.", "I am over {a} now.", "Is {who} ill with {a}?",
           "a cold|the flu|bronchitis|tonsillitis|a stomach bug|an ear infection|shingles|pneumonia"),
    Family("delete", "I take {a} lessons.", "I no longer take {a} lessons.", "Does {who} take {a} lessons?",
           "tango|fencing|archery|pottery|sailing|singing|judo|riding"),
    Family("delete", "I am a member of the {a}.", "I have left the {a}.", "Is {who} a member of the {a}?",
           "chess club|rowing club|film society|parents' council|allotment society|book circle|ski club|bell ringers"),
    Family("replace", "For lunch I usually go to {a}.", "These days you will find me at {b} at lunchtime.",
           "Where does {who} have lunch?",
           "Marta's>the Anchor|the canteen>Café Lupo|the market hall>Noodle Bar|Chez Rémy>the park|the deli>Old Mill|"
           "the pier>Green Door|Bella Vista>the bakery|the tea room>Harbour Grill", True),
    Family("replace", "{a} is the language my team programs in.", "We have rewritten it all; my team is on {b}.",
           "Which programming language does {who}'s team use?",
           "Java>Kotlin|Perl>Python|Ruby>Elixir|Pascal>Rust|Fortran>Julia|PHP>Go|Scala>Clojure|Delphi>Swift", True),
    Family("replace", "My landlord is called {a}.", "We got a new landlord, a certain {b}.", "Who is {who}'s landlord?",
           "Mr Abbot>Mr Quill|Ms Deane>Mr Fosse|Mr Hale>Ms Iver|Ms Juhl>Mr Krog|Mr Lund>Ms Marsh|Ms Nagy>Mr Orr|"
           "Mr Pace>Ms Reyes|Ms Sutter>Mr Thorn", True),
    Family("replace", "The rent comes to {a} euros.", "They raised the rent: {b} euros from this month on.",
           "How much rent does {who} pay?",
           "640>710|820>905|455>520|1100>1240|730>790|590>655|980>1065|870>950", True),
    Family("replace", "I get up at {a}.", "Since the baby came I get up at {b}.", "When does {who} get up?",
           "seven>five|eight>six|half past seven>a quarter to six|nine>half past six|ten>seven|six>four|"
           "half past eight>six|noon>eight", True),
    Family("replace", "Our choir meets on {a} evenings.", "The choir has switched to {b} evenings.",
           "When does {who}'s choir meet?",
           "Monday>Wednesday|Tuesday>Sunday|Thursday>Monday|Friday>Tuesday|Sunday>Thursday|Wednesday>Friday|"
           "Saturday>Monday|Monday>Friday", True),
    Family("replace", "I bank with {a}.", "I have taken my money to {b}.", "Which bank is {who} with?",
           "Larkbank>Northway|Tallis>Creda|Ostra>Finch & Son|Meridia>Polder|Union Trust>Elm Savings|Kestrel>Brick Lane|"
           "Agora>Silverdale|Corvin>Harbourside", True),
    Family("append", "I bought {a} for the balcony.", "{b} joined the pots on my balcony.",
           "What grows on {who}'s balcony?",
           "tomatoes>Basil|a lemon tree>Lavender|geraniums>Mint|chillies>Rosemary|strawberries>Thyme|a fig>Begonias|"
           "peas>Marigolds|an olive tree>Sage", True),
    Family("append", "I have read {a}.", "I finished {b} on the train.", "Which books has {who} read?",
           "Emma>Dracula|Ulysses>Beloved|Dune>Middlemarch|Walden>Candide|Persuasion>Rebecca|Kim>Faust|"
           "The Trial>Nostromo|Hamlet>Jane Eyre", True),
    Family("pass", "I was born in {a}.", "{a} is where I was born.", "Where was {who} born?",
           "Tampere|Kraków|Palermo|Izmir|Aarhus|Girona|Debrecen|Plovdiv", True),
    Family("pass", "My wedding anniversary is on {a}.", "We married on {a}, hence the anniversary.",
           "When is {who}'s wedding anniversary?",
           "4 May|12 June|30 August|9 October|21 March|17 July|2 September|25 April", True),
    Family("delete", "My {a} is broken.", "The {a} has been repaired.", "Is {who}'s {a} broken?",
           "dishwasher|bicycle|heating|laptop|washing machine|doorbell|camera|fridge", True),
    Family("delete", "I am looking for a {a}.", "I have found a {a}, so the search is over.",
           "Is {who} looking for a {a}?",
           "flat|babysitter|piano teacher|second-hand desk|tennis partner|plumber|flatmate|garage", True),
    Family("delete", "I am on a diet without {a}.", "My doctor says that I may eat {a} again.",
           "Must {who} do without {a}?",
           "sugar|gluten|dairy|meat|eggs|salt|nuts|soy", True),
    Family("delete", "I am saving up for a {a}.", "I have finally bought the {a}.", "Is {who} saving up for a {a}?",
           "camper van|telescope|sewing machine|kayak|projector|grand piano|road bike|loom", True),
)  # fmt: skip
SMALL_TALK = """
    Good morning! Did you sleep well?|The rain never stops this week.|That film last night was rather long.
    Could you pass me the recipe for the soup?|I forgot my umbrella on the tram again.|What a game that was!
    The neighbours are painting their fence.|Let us talk about something else.|I laughed so much at that joke.
    Have you seen the new bridge?|The coffee here is awful.|My train was forty minutes late.|Happy birthday!
    The lecture about moths was wonderful.|I cannot find my keys anywhere.|Do you know a good plumber?
    The exhibition closes on Sunday.|We should walk more often.|I am tired, let us go on tomorrow.
    Somebody left a cake in the kitchen.|The lift is out of order.|Thanks for your help with the boxes!
    It smells of smoke outside.|Remind me to water the ferns.
"""


def updates() -> Task:
    """Which of two statements holds now, and which held then?"""

    def load(data: Path | None) -> Iterator[Case]:
        pairs = [(family, *each) for family in FAMILIES for each in family.pairs()]
        for number, who in enumerate(LIVES if data is not None else LIVES[:1]):
            # Each life takes eight families, the next life others, so that all meet.
            yield _case(who, number, [pairs[8 * ((number + 4 * n) % len(FAMILIES)) + n] for n in range(8)])

    return Task("updates", load, MEASURES, "CC0", k=50)


def _case(who: str, number: int, pairs: list[tuple[Family, str, str, str]]) -> Case:
    """One life: eight statements, small talk, a later statement for each, and the questions."""
    talk = [each.strip() for line in SMALL_TALK.strip().splitlines() for each in line.split("|")]
    events: list[Event] = []
    later: list[Event] = []
    questions: list[Question] = []
    for n, (family, first, after, question) in enumerate(pairs):
        old, new = f"{who}#{n}.1", f"{who}#{n}.2"
        events.append(Event(first, who, BEFORE + timedelta(days=9 * n), old, f"{who} {n}"))
        later.append(Event(after, who, AFTER + timedelta(days=9 * n), new, f"{who} {n + 20}"))
        questions += _questions(family, question.format(who=who), old, new)
    for n, text in enumerate(talk):
        speaker = (who, "Robin")[(n + number) % 2]
        events.append(Event(text, speaker, CHAT + timedelta(days=5 * n), f"{who}#talk{n}", f"{who} talk {n // 6}"))
    return Case(f"updates-{who}", events + later, questions)


def _questions(family: Family, text: str, old: str, new: str) -> Iterator[Question]:
    """What is asked of a pair: of now, and of then."""
    unseen = ", unseen" if family.unseen else ""
    ended = family.label in ("replace", "delete")
    yield Question(
        f"{new} now",
        text,
        frozenset({new}) if ended else frozenset({old, new}),
        group=f"{family.label} now{unseen}",
        now=NOW,
        prefer=(new, old) if ended else None,
    )
    yield Question(
        f"{new} then",
        text,
        frozenset({old}),
        group=f"{family.label} then{unseen}",
        now=NOW,
        prefer=(old, new) if ended else None,
        valid_at=THEN,
    )
