"""text.decide.supersede: what contradicts an older statement ends it; what does not leaves it alone."""

from __future__ import annotations

import pytest

from mnesis.store.sqlite import SqliteStore
from mnesis.text.decide.supersede import contradicts, statements, supersede
from mnesis.words import Add, Connect, Retire, Revise, moment

CONTRADICTED = [
    ("I live in Porto.", "I moved to Lisbon."),
    ("I live in Porto.", "I live in Lisbon now."),
    ("I live in Porto", "I'm living in Lisbon."),
    ("I live in Porto.", "I live not in Porto but in Lisbon."),
    ("Ana lives in Porto.", "Ana lives in Berlin."),
    ("My sister lives in Rome.", "My sister moved to Madrid."),
    ("I'm 32 years old.", "I am 33 years old."),
    ("My name is Bob.", "My name is Robert Smith."),
    ("My email is a@b.com", "My email is c@d.com"),
    ("My boss is Carla.", "My boss is Dmitri."),
    ("My phone number is 555-1234.", "My phone number is 555-9876."),
    ("My phone number is 555-1234.", "I changed my phone number to 555-9876."),
    ("My phone is a Pixel.", "My phone is an iPhone now."),
    ("My favourite colour is blue.", "My favourite colour is green."),
    ("Our budget is 3000 euros.", "Our budget has changed to 4000 euros."),
    ("The meeting is on Tuesday.", "The meeting moved to Thursday."),
    ("The meeting is on Tuesday.", "Actually, the meeting is on Thursday."),
    ("The deadline is Friday.", "The deadline is not Friday but Monday."),
    ("I have 2 cats.", "Now I have 3 cats."),
    ("I work at Acme.", "I work at Globex now."),
    ("I use Vim.", "I use Emacs now."),
    ("I ate pizza in Rome.", "Actually, I ate pizza in Lisbon."),
    ("I drink 2 cups.", "Correction: I drink 3 cups."),
    ("I eat meat.", "I no longer eat meat."),
    ("I eat meat.", "I don't eat meat anymore."),
    ("I work at Acme.", "I no longer work at Acme."),
]
LEFT_ALONE = [
    ("I live in Porto.", "I love Lisbon."),
    ("I live in Lisbon.", "I live in Lisbon, Portugal."),
    ("I live in Porto.", "Do you live in Lisbon?"),
    ("I live in Porto.", "I wish I lived in Lisbon."),
    ("I live in Porto.", "I might move to Lisbon."),
    ("I live in Porto.", "I am thinking about living in Lisbon."),
    ("I live in Porto.", "I moved to Lisbon in 2010 for a year."),
    ("I live in Porto.", "If I moved to Lisbon I'd be happy."),
    ("I live in Porto.", "My friend said she moved to Lisbon."),
    ("My sister lives in Rome.", "I live in Madrid."),
    ("Ana lives in Porto.", "Tom lives in Berlin."),
    ("I ate pizza in Rome.", "I ate pizza in Lisbon."),
    ("I visited Paris.", "I visited Rome now."),
    ("I have a dog named Rex.", "I have a dog named Max."),
    ("I have a Honda.", "I have a Tesla now."),
    ("I have 2 meetings today.", "I have 3 meetings today."),
    ("My sister is in Paris.", "My sister is happy now."),
    ("My job is stressful.", "My job is amazing."),
    ("My friend is Tom.", "My friend is Sam."),
    ("My name is Bob.", "My name is Bob Smith."),
    ("My name is Bob.", "My name is hard to spell."),
    ("The cake is chocolate.", "The cake is ready now."),
    ("I work at Acme.", "I work at the library on weekends."),
    ("I eat meat.", "I no longer eat fish."),
    ("I don't eat meat anymore.", "I don't eat fish anymore."),
    ("I like tea.", "I like coffee now."),
    ("I run every morning.", "I run every evening."),
    ("Tom gave me a book.", "Now Ana gave me a book."),
    ("I finished the report.", "I finished the slides now."),
    ("", "I moved to Lisbon."),
    ("I live in Porto.", ""),
]


@pytest.mark.parametrize(("old", "new"), CONTRADICTED)
def test_contradictions_are_seen(old: str, new: str) -> None:
    assert contradicts(new, old)


@pytest.mark.parametrize(("old", "new"), LEFT_ALONE)
def test_what_can_be_true_as_well_is_left_alone(old: str, new: str) -> None:
    assert not contradicts(new, old)


def test_a_statement_says_who_what_and_which() -> None:
    (one,) = statements("Well, I moved from Porto to Lisbon.")
    assert (one.subject, one.relation, one.value) == ("i", "home", {"lisbon"})


def test_the_new_one_is_added_and_linked_and_the_old_one_ends(world) -> None:
    old = world.tell("I live in Porto.", speaker="Ana", at="2024-05-01")
    world.tell("The river was high in Porto.", speaker="Ana", at="2024-06-01")
    new = world.cube("I moved to Lisbon.", speaker="Ana", at="2026-03-02")
    changes = supersede()([new], world.view)
    assert [type(each) for each in changes] == [Add, Connect, Revise, Retire]
    world.commit(changes)
    assert world.texts() == ["The river was high in Porto.", "I moved to Lisbon."]
    (link,) = world.view.links(new.id, "supersedes")
    assert (link.head, link.tail) == (new.id, old.id)
    assert world.view.history(old.id)[-1].valid_to == moment("2026-03-02")
    assert new.id in changes[-1].reason


def test_an_old_cube_that_says_more_is_linked_and_stays(world) -> None:
    old = world.tell("I live in Porto. My sister Bea has three dogs.", speaker="Ana")
    new = world.cube("I moved to Lisbon.", speaker="Ana")
    changes = supersede()([new], world.view)
    assert [type(each) for each in changes] == [Add, Connect]
    assert changes[1].link.tail == old.id


def test_without_retiring_the_old_one_shows_in_its_own_time(world) -> None:
    world.tell("I live in Porto.", speaker="Ana", at="2024-05-01")
    world.commit(
        supersede(retire=False)([world.cube("I moved to Lisbon.", speaker="Ana", at="2026-03-02")], world.view)
    )
    then = world.store.view(world.namespace, None, moment("2025-01-01"))
    after = world.store.view(world.namespace, None, moment("2026-06-01"))
    assert [cube.text for cube in then.cubes(then.alive())] == ["I live in Porto."]
    assert [cube.text for cube in after.cubes(after.alive())] == ["I moved to Lisbon."]


def test_other_speakers_are_not_touched(world) -> None:
    world.tell("I live in Porto.", speaker="Tom")
    new = world.cube("I moved to Lisbon.", speaker="Ana")
    assert supersede()([new], world.view) == [Add(new)]


def test_what_happened_later_is_not_ended_by_what_is_told_later(world) -> None:
    world.tell("I moved to Lisbon.", speaker="Ana", at="2026-03-02")
    new = world.cube("I live in Porto.", speaker="Ana", at="2024-05-01")
    assert supersede()([new], world.view) == [Add(new)]


def test_within_a_batch_the_later_ends_the_earlier(world) -> None:
    cubes = [
        world.cube(text, speaker="Ana", at=at)
        for text, at in (("I live in Porto.", "2024-05-01"), ("I moved to Lisbon.", "2026-03-02"))
    ]
    world.commit(supersede()(cubes, world.view))
    assert world.texts() == ["I moved to Lisbon."]
    assert world.view.history(cubes[0].id)[0].valid_to == moment("2026-03-02")


def test_every_older_version_ends_once(world) -> None:
    world.tell("I live in Porto.", speaker="Ana")
    world.tell("I live in Faro.", speaker="Ana")
    new = world.cube("I moved to Lisbon.", speaker="Ana")
    changes = supersede()([new], world.view)
    world.commit(changes)
    assert world.texts() == ["I moved to Lisbon."]
    assert sum(isinstance(each, Retire) for each in changes) == 2


def test_sqlite_takes_the_same_changes(world, tmp_path) -> None:
    world.store = SqliteStore(tmp_path / "space.mnesis")
    world.tell("I live in Porto.", speaker="Ana", at="2024-05-01")
    cubes = [
        world.cube("I live in Faro.", speaker="Ana", at="2025-01-01"),
        world.cube("I moved to Lisbon.", speaker="Ana", at="2026-03-02"),
    ]
    world.commit(supersede()(cubes, world.view))
    assert world.texts() == ["I moved to Lisbon."]
    assert world.store.verify() == []
    world.store.close()
