"""The vault: nothing of it can be read without the key, in no file, and nothing of it comes without being asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnesis
from mnesis.errors import BadInput, Locked, MnesisError, NotFound, Unavailable
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store.terms import code
from mnesis.words import Event, Receipt

KEY = "correct horse battery"
CANARY = "quetzalcoatlus"
SECRET = f"The {CANARY} safe opens with 4711."


@pytest.fixture
def space(place: str | Path) -> Iterator[Space]:
    with Space(place, embedder=scripted(dim=16), key=KEY) as made:
        made.remember(["The kettle is blue.", "The safe is green."], speaker="Ana", namespace="ana")
        yield made


def locked(space: Space, text: str = SECRET, **more: Any) -> mnesis.words.MemCube:
    (cube,) = space.remember(text, namespace="ana", type="vault", **more)
    return cube


def test_it_comes_only_when_asked_for_by_type_or_id(space: Space) -> None:
    cube = locked(space, speaker="Ana", at="2026-03-02", meta={"n": 1}, trust="user")
    for query in (SECRET, CANARY, "What opens the safe?"):
        assert CANARY not in repr(space.recall(query, namespace="ana", k=50))
        assert CANARY not in space.context(query, namespace="ana").text
    (hit,) = space.recall(f"What opens the {CANARY} safe?", namespace="ana", types=("vault",))
    assert (hit.text, hit.cube.id, hit.cube.type, hit.cube.speaker) == (SECRET, cube.id, "vault", "Ana")
    assert (hit.cube.meta["n"], str(hit.cube.at)[:10], hit.cube.trust) == (1, "2026-03-02", "user")
    both = space.recall("safe", namespace="ana", types=("vault", "episodic"))
    assert {each.cube.type for each in both} == {"vault", "episodic"}
    assert space.get(cube.id).text == SECRET
    assert space.get(cube.id, namespace="ana").text == SECRET
    assert [each.text for each in space.history(cube.id)] == [SECRET]
    assert space.namespaces() == {"ana": 2}
    assert CANARY not in repr(list(space.cubes(namespace="ana")))
    assert CANARY not in repr(list(space.journal()))
    space.tend()
    assert space.recall(CANARY, types=("vault",)) == []
    assert space.recall(CANARY, namespace="ana", types=("vault",), as_of=1) == []
    assert space.recall(CANARY, namespace="ana", types=("vault",), min_trust="user")
    assert space.verify().problems == ()


def test_it_can_be_revised_forgotten_and_erased(space: Space) -> None:
    cube = locked(space)
    with pytest.raises(mnesis.errors.Conflict):
        space.revise(cube.id, "Too late.", expected_version=2)
    new = space.revise(cube.id, f"The {CANARY} safe opens with 0815.", expected_version=1)
    assert (new.version, new.type) == (2, "vault")
    assert [each.text[-5:] for each in space.history(cube.id)] == ["4711.", "0815."]
    assert "0815" in space.recall(CANARY, namespace="ana", types=("vault",))[0].text
    space.forget(cube.id)
    assert space.recall(CANARY, namespace="ana", types=("vault",)) == []
    receipt = space.forget(cube.id, erase=True)
    assert isinstance(receipt, Receipt)
    assert receipt.versions == 2
    with pytest.raises(NotFound):
        space.get(cube.id)
    other = locked(space, "Another secret.")
    with pytest.raises(BadInput, match="nothing to hold it out of"):
        space.quarantine(other.id)
    whole = space.forget(namespace="ana", erase=True)
    assert isinstance(whole, Receipt)
    assert other.id in whole.erased
    assert space.verify().problems == ()


def test_what_names_its_source_is_kept_once(space: Space) -> None:
    told = [Event(SECRET, source="x:1"), Event("Something else.", source="x:2")]
    assert len(space.remember(told, namespace="ana", type="vault")) == 2
    assert space.remember(told, namespace="ana", type="vault") == []
    assert len(space.remember(["Same.", "Same."], namespace="ana", type="vault")) == 2
    with pytest.raises(BadInput, match="source="):
        space.remember(SECRET, namespace="ana", type="vault", key="once")


def test_no_byte_of_it_can_be_read_in_any_file(place: str | Path) -> None:
    if not isinstance(place, Path):
        pytest.skip("this store keeps no files, so there are no bytes to look for")
    mind = scripted(dim=16)
    vector = mind.embed([SECRET])[0]
    said = [SECRET, CANARY, "Doctor No", "secret session", "secret/source", "Hideout", "2026-03-02", "hidden note"]
    needles = [each.encode() for each in said] + [each.encode("utf-16-le") for each in said]
    needles += [vector.astype(np.float16).tobytes(), vector.astype(np.float32).tobytes()]
    needles += [code(CANARY).to_bytes(8, "little"), KEY.encode()]
    with Space(place, embedder=mind, key=KEY) as space:
        for n in range(50):
            space.remember(f"The kettle number {n}.", namespace="ana")
        cube = locked(
            space, speaker="Doctor No", session="secret session", source="secret/source", place="Hideout",
            at="2026-03-02", meta={"note": "hidden note"},
        )  # fmt: skip
        space.revise(cube.id, SECRET + " Twice.")
        space.recall(CANARY, namespace="ana", types=("vault",))
        space.recall(CANARY, namespace="ana")

        def found() -> list[str]:
            files = [each for each in place.parent.rglob("*") if each.is_file()]
            return [f"{each.name}: {needle!r}" for each in files for needle in needles if needle in each.read_bytes()]

        assert found() == []
        assert space.verify().problems == ()
    assert found() == []
    view = Space(place, embedder=mind, key=KEY)
    shelf = view._store.view("~vault/ana")
    rows = np.arange(2)
    assert shelf.column("length", rows).tolist() == [0, 0]
    assert shelf.column("novel", rows).tolist() == [0, 0]
    assert shelf.vectors(rows) == [None, None]
    view.close()


def test_texts_of_like_length_look_alike(place: str | Path) -> None:
    with Space(place, embedder="none", key=KEY) as space:
        one, two = space.remember(["Yes.", "No, not at all."], type="vault")
        view = space._store.view("~vault/default")
        sizes = {len(str(cube.meta["sealed"])) for cube in view.cubes(view.alive())}
        assert len(sizes) == 1
        assert one.id != two.id


def test_without_the_key_it_is_invisible_and_named_in_a_sentence(place: str | Path) -> None:
    if not isinstance(place, Path):
        pytest.skip("this store keeps nothing when it is closed")
    with Space(place, embedder="none", key=KEY) as space:
        cube = locked(space)
    with Space(place) as space:
        assert space.recall(SECRET, namespace="ana") == []
        assert list(space.cubes(namespace="ana")) == []
        for call in (
            lambda: space.get(cube.id),
            lambda: space.history(cube.id),
            lambda: space.revise(cube.id, "New."),
            lambda: space.recall(SECRET, namespace="ana", types=("vault",)),
            lambda: locked(space, "More."),
        ):
            with pytest.raises(Locked, match="open the space with key="):
                call()
        assert space.recall(SECRET, namespace="tom", types=("vault",)) == []
        assert space.verify().problems == ()
        receipt = space.forget(cube.id, erase=True)
        assert isinstance(receipt, Receipt)


@pytest.mark.parametrize("other", ["correct horse batterz", bytes(32)])
def test_another_key_is_an_error_and_shows_nothing(place: str | Path, other: str | bytes) -> None:
    if not isinstance(place, Path):
        pytest.skip("this store keeps nothing when it is closed")
    with Space(place, embedder="none", key=KEY) as space:
        cube = locked(space)
    with Space(place, key=other) as space:
        for call in (
            lambda: space.get(cube.id),
            lambda: space.recall(SECRET, namespace="ana", types=("vault",)),
            lambda: locked(space, "Sealed with another key."),
        ):
            with pytest.raises(Locked, match="not the key"):
                call()
        assert len(list(space.journal())) == 1
    with Space(place, key=KEY) as space:
        assert space.get(cube.id).text == SECRET


def test_a_sealed_memory_cannot_be_moved_or_altered(place: str | Path) -> None:
    import sqlite3

    if not isinstance(place, Path):
        pytest.skip("this store keeps no files that somebody could alter")
    with Space(place, embedder="none", key=KEY) as space:
        one, two = space.remember([SECRET, "Another."], namespace="ana", type="vault")
    raw = sqlite3.connect(place)
    bodies = dict(raw.execute("SELECT id, body FROM cubes"))
    raw.execute("UPDATE cubes SET body = ? WHERE id = ?", (bodies[two.id], one.id))
    raw.commit()
    raw.close()
    with Space(place, key=KEY) as space:
        with pytest.raises(Locked, match="altered"):
            space.get(one.id)
        assert space.get(two.id).text == "Another."
        assert any("altered" in problem for problem in space.verify().problems)


@pytest.mark.parametrize("bad", ["", "short", b"too short", 7])
def test_a_key_that_is_none_is_refused(place: str | Path, bad: Any) -> None:
    with pytest.raises(BadInput, match="passphrase"):
        Space(place, embedder="none", key=bad)


def test_a_key_of_the_keyring_is_made_once_and_found_again(place: str | Path) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Held(KeyringBackend):
        """A keyring in memory."""

        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

    before, held = keyring.get_keyring(), Held()
    keyring.set_keyring(held)
    try:
        with Space(place, embedder="none", key="keyring:agent") as space:
            cube = locked(space)
            assert space.get(cube.id).text == SECRET
        assert list(held.kept) == [("mnesis", "agent")]
        if isinstance(place, Path):
            with Space(place, key="keyring:agent") as space:
                assert space.get(cube.id).text == SECRET
            with Space(place, key=held.kept["mnesis", "agent"]) as space:
                assert space.get(cube.id).text == SECRET
    finally:
        keyring.set_keyring(before)


def test_a_system_without_a_keyring_says_so(place: str | Path) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        with (
            Space(place, embedder="none", key="keyring:agent") as space,
            pytest.raises(Unavailable, match="passphrase"),
        ):
            locked(space)
    finally:
        keyring.set_keyring(before)


def test_other_types_are_kept_as_they_are_named(space: Space) -> None:
    (cube,) = space.remember("I am Ana.", namespace="ana", type="core")
    assert (cube.type, space.get(cube.id).type) == ("core", "core")
    assert [hit.text for hit in space.recall("Ana", namespace="ana", types=("core",))] == ["I am Ana."]
    with pytest.raises(MnesisError, match="did you mean 'vault'"):
        space.remember("x", type="vualt")
