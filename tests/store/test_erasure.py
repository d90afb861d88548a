"""Forgetting that is real: after an erasure no byte of what was erased is left in any file, and a receipt says so."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.errors import BadInput, MnesisError, NotFound
from mnesis.importing import import_file
from mnesis.memory import Space
from mnesis.models.scripted import scripted
from mnesis.store import seal
from mnesis.text.parse.exchanges import exchanges
from mnesis.text.parse.sentences import sentences
from mnesis.text.parse.windows import windows
from mnesis.text.recipes.default import default
from mnesis.words import Add, Connect, Disconnect, Event, Link, MemCube, Receipt, replace

CANARY = "zanzibarqux"
TOLD = f"The {CANARY} code of the safe is 4711, and nobody else may know it."


def files(path: Path) -> list[Path]:
    """Every file of a space: the database, its log and shared memory, and the saved index."""
    return [each for each in path.parent.rglob("*") if each.is_file()]


def left(path: Path, *said: bytes) -> list[str]:
    """Where any of these bytes still stand, searched in every byte of every file."""
    return [f"{each.name}: {what[:40]!r}" for each in files(path) for what in said if what in each.read_bytes()]


def traces(cube: MemCube) -> list[bytes]:
    """What a memory is known by: its text, pieces of it, and its vector in both widths."""
    said = [cube.text.encode(), cube.text.encode("utf-16-le"), CANARY.encode(), CANARY.upper().encode()]
    if cube.vector is not None:
        said += [cube.vector.astype(np.float16).tobytes(), cube.vector.astype(np.float32).tobytes()]
    return said


def disk(place: str | Path) -> Path:
    if not isinstance(place, Path):
        pytest.skip("this store keeps no files, so there are no bytes to look for")
    return place


def busy(space: Space, n: int = 300) -> None:
    """A space in which pages were split, moved and merged: what was told, revised, retired and told again."""
    cubes = space.remember(
        [
            Event(f"Filler number {at} about kettles, pots and pans.", f"S{at % 7}", session=f"t{at % 5}")
            for at in range(n)
        ]
    )
    for cube in cubes[::3]:
        space.revise(cube.id, cube.text + " And a longer ending than it had before, so that the record grows.")
    for cube in cubes[1::3]:
        space.forget(cube.id)


def test_no_byte_is_left_in_any_file(place: str | Path) -> None:
    path = disk(place)
    with Space(path, embedder=scripted(dim=16)) as space:
        busy(space)
        (cube,) = space.remember(
            TOLD, speaker=f"Doctor {CANARY}", session=f"{CANARY}/1", source=f"{CANARY}:3", place=CANARY,
            meta={"note": CANARY}, reason=f"said of {CANARY}",
        )  # fmt: skip
        space.revise(cube.id, f"The {CANARY} code is 0815.", reason=f"{CANARY} again")
        vectors = [space.get(cube.id, as_of=seq).vector for seq in (None, list(space.journal())[-2].seq)]
        space.forget(cube.id, reason=f"no more {CANARY}")
        busy(space)
        assert left(path, CANARY.encode())
        receipt = space.forget(cube.id, erase=True)
        assert isinstance(receipt, Receipt)
        assert receipt.purged
        assert (receipt.erased, receipt.versions) == ((cube.id,), 2)
        said = [each for vector in vectors for each in traces(replace(cube, vector=vector))]
        assert left(path, *said, b"safe is 4711", b"code is 0815") == []
        assert space.verify().problems == ()
        assert sum(bool(left(path, each.text.encode())) for each in space.cubes()) == len(list(space.cubes()))
    assert left(path, *said) == []


def test_no_byte_is_left_in_a_saved_index(place: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mnesis.store import sqlite

    path = disk(place)
    monkeypatch.setattr(sqlite, "PULL", 8)
    with Space(path, embedder=scripted(dim=16)) as space:
        busy(space, 60)
        (cube,) = space.remember(TOLD, speaker=CANARY)
        busy(space, 60)
        space.recall(CANARY)
        cube = space.get(cube.id)
    index = path.with_name(path.name + "-index")
    assert any(index.rglob("*.npz"))
    assert left(path, *traces(cube))
    with Space(path, embedder=scripted(dim=16)) as space:
        assert space.recall(CANARY)[0].cube.id == cube.id
        space.forget(cube.id, erase=True)
        assert left(path, *traces(cube)) == []
        space.recall("kettle")
        assert left(path, *traces(cube)) == []
        assert space.verify().problems == ()
    assert left(path, *traces(cube)) == []


def test_no_byte_is_left_after_a_crash(place: str | Path) -> None:
    path = disk(place)
    body = f"""
        import os, shutil, signal, sys
        import mnesis.store.sqlite as sqlite
        from mnesis.memory import Space
        from mnesis.models.scripted import scripted
        sqlite.PULL = 2
        space = Space(sys.argv[1], embedder=scripted(dim=16))
        cubes = space.remember([{TOLD!r}, *(f"A kettle, number {{n}}." for n in range(20))], speaker="Ana")
        space.recall("kettle")
        die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        sqlite.SqliteStore.purge = sqlite.SqliteStore._drop = die
        space.forget(cubes[0].id, erase=True)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(body), str(path)], env=os.environ, timeout=60)
    assert done.returncode == -signal.SIGKILL
    vector = scripted(dim=16).embed([TOLD])[0]
    said = [CANARY.encode(), b"safe is 4711", vector.astype(np.float16).tobytes(), vector.astype(np.float32).tobytes()]
    assert left(path, *said), "it should have died before the files were purged"
    assert any(path.with_name(path.name + "-index").rglob("*.npz")), "an index should have been saved"
    with Space(path, embedder=scripted(dim=16)) as space:
        assert left(path, *said) == []
        assert not path.with_name(path.name + "-index").exists()
        assert len(list(space.cubes())) == 20
        assert space.verify().problems == ()
    assert left(path, *said) == []


def test_a_reader_in_the_way_is_told_of_and_waited_for(place: str | Path) -> None:

    path = disk(place)
    with Space(path, embedder="none") as space:
        cubes = space.remember([TOLD, "A kettle."])
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cubes").fetchone()
        receipt = space.forget(cubes[0].id, erase=True)
        assert isinstance(receipt, Receipt)
        assert not receipt.purged
        reader.execute("COMMIT")
        reader.close()
        space.remember("A pot.")
        assert left(path, CANARY.encode()) == []


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system does not limit the size of files")
def test_where_the_file_cannot_be_written_anew_the_receipt_says_so(place: str | Path) -> None:
    path = disk(place)
    with Space(path, embedder="none") as space:
        cubes = space.remember([TOLD, *(f"A kettle, number {n}, {'of many ' * 20}" for n in range(3_000))])
        space.forget(cubes[1].id, erase=True)  # what is in the log goes into the file
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, hard))
        try:
            receipt = space.forget(cubes[0].id, erase=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert isinstance(receipt, Receipt)
        assert not receipt.purged
        space.remember("A pot.")
        assert space._store.purge(), "what was left to do was done by the next commit"
        assert left(path, CANARY.encode()) == []
        assert space.verify().ok


def test_the_receipt_agrees_with_the_journal(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        cubes = space.remember([TOLD, "A kettle."])
        receipt = space.forget(cubes[0].id, erase=True, author="me", reason="asked to")
        commit = list(space.journal())[-1]
        assert isinstance(receipt, Receipt)
        assert (receipt.commit, receipt.digest, receipt.commits) == (commit.seq, commit.hash, (commit.seq,))
        assert (receipt.bytes, receipt.versions) == (len(TOLD), 1)
        assert (commit.author, commit.reason) == ("me", "asked to")


def test_the_journal_keeps_its_entries_and_loses_the_words(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        space.remember(Event(TOLD, id=f"{CANARY}/1"), reason=f"because of {CANARY}")
        space.remember("A kettle.", reason="a reason of its own")
        view = space._view("default")
        link = Link(f"{CANARY}/1", f"entity:{CANARY}", "mentions")
        space._commit([Connect(link)], "", "link", view.namespace)
        space._commit([Disconnect(link)], "", "link", view.namespace)
        space.forget(f"{CANARY}/1", reason=f"enough of {CANARY}")
        before = list(space.journal())
        space.forget(f"{CANARY}/1", erase=True)
        after = list(space.journal())
        assert CANARY in repr(before)
        assert CANARY not in repr(after)
        assert [(each.seq, each.at, each.author, each.hash) for each in after[:-1]] == [
            (each.seq, each.at, each.author, each.hash) for each in before
        ]
        assert after[1] == before[1]
        assert [change["op"] for each in after for change in each.changes] == [
            "add", "add", "redacted", "redacted", "redacted", "erase",
        ]  # fmt: skip
        assert space.verify().problems == ()


def test_names_nobody_else_has_go_and_others_stay(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        mine = space.remember(TOLD, speaker=CANARY, session="shared")[0]
        theirs = space.remember("A kettle.", speaker="Ana", session="shared")[0]
        space.remember("Under the name of a room.", speaker="default", namespace="other")
        space.forget(mine, erase=True)
        assert (space.get(theirs.id).speaker, space.get(theirs.id).session) == ("Ana", "shared")
        again = space.remember("Somebody new.", speaker=CANARY)[0]
        assert space.get(again.id).speaker == CANARY
        space.forget(namespace="default", erase=True)
        assert [cube.speaker for cube in space.cubes(namespace="other")] == ["default"]
        assert space.verify().problems == ()


def test_a_space_that_stays_open_elsewhere_keeps_its_names_straight(place: str | Path) -> None:
    path = disk(place)
    with Space(path, embedder="none") as one, Space(path, embedder="none") as two:
        cube = one.remember("A kettle.", speaker=CANARY)[0]
        assert two.get(cube.id).speaker == CANARY
        two.remember("A pot.", speaker="Tom")
        one.forget(cube.id, erase=True)
        fresh = two.remember("A pan.", speaker=CANARY)[0]
        assert [each.get(fresh.id).speaker for each in (one, two)] == [CANARY, CANARY]
        assert one.verify().problems == ()


# ------------------------------------------------------------------------------------------- what was made from it


def made(space: Space, id: str, text: str, *parents: MemCube, **more: Any) -> MemCube:
    cube = MemCube(id, text, events=(), parents=tuple(each.id for each in parents), made_by="by hand", **more)
    space._commit([Add(cube)], "", "derive", "default")
    return cube


def test_what_was_made_only_from_it_goes_too(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        one, two = space.remember([TOLD, "Ana likes tea."])
        note = made(space, "a" * 20, f"A note on {CANARY}.", one)
        made(space, "b" * 20, f"A note on the note on {CANARY}.", note)
        kept = made(space, "c" * 20, "Ana has a taste for tea.", two)
        receipt = space.forget(one, erase=True)
        assert isinstance(receipt, Receipt)
        assert receipt.erased == (one.id,)
        assert set(receipt.derived) == {"a" * 20, "b" * 20}
        assert (receipt.rederived, receipt.retired) == ((), ())
        assert sorted(cube.id for cube in space.cubes()) == sorted([two.id, kept.id])
        assert space.verify().problems == ()
        if isinstance(place, Path):
            assert left(place, CANARY.encode()) == []


def test_what_was_made_from_several_is_made_again_or_goes(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        one, two = space.remember([Event(TOLD, source="x:1"), Event("Ana likes tea.", source="x:2")])
        both = made(space, "d" * 20, f"{TOLD}\nAna likes tea.", one, two, sources=("x:1", "x:2"))
        plain = made(space, "e" * 20, "Ana likes tea a lot", one, two)
        mixed = made(space, "f" * 20, f"Ana knows of {CANARY}.", one, two)
        receipt = space.forget(one, erase=True)
        assert isinstance(receipt, Receipt)
        assert set(receipt.rederived) == {both.id, plain.id}
        assert receipt.retired == (mixed.id,)
        again = space.get(both.id)
        assert (again.text, again.parents, again.sources) == ("Ana likes tea.", (two.id,), ("x:2",))
        assert space.get(plain.id).text == plain.text
        with pytest.raises(NotFound):
            space.get(mixed.id)
        assert CANARY not in repr([list(space.cubes()), list(space.journal()), space.history(both.id)])
        assert space.verify().problems == ()
        if isinstance(place, Path):
            assert left(place, CANARY.encode()) == []


def test_what_was_folded_into_it_goes_too(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        cubes = space.remember([TOLD, TOLD, "Ana likes tea."], speaker="Ana")
        space.tend()
        (stands,) = [cube for cube in space.cubes() if CANARY in cube.text]
        receipt = space.forget(stands, erase=True)
        assert isinstance(receipt, Receipt)
        assert {*receipt.erased, *receipt.derived} == {cubes[0].id, cubes[1].id}
        if isinstance(place, Path):
            assert left(place, CANARY.encode()) == []


def test_a_sentence_goes_without_the_others_of_its_event(place: str | Path) -> None:
    recipe = replace(default(), parse=sentences())
    with Space(place, recipe=recipe, embedder="none") as space:
        first, second, third = space.remember(f"Ana likes tea. {TOLD} Tom likes coffee.")
        receipt = space.forget(second, erase=True)
        assert isinstance(receipt, Receipt)
        assert (receipt.erased, receipt.derived, receipt.rederived, receipt.retired) == ((second.id,), (), (), ())
        assert [cube.text for cube in space.cubes()] == [first.text, third.text]
        with pytest.raises(NotFound):
            space.event(second.events[0])
        if isinstance(place, Path):
            assert left(place, CANARY.encode()) == []


@pytest.mark.parametrize("parse", [windows(), exchanges()], ids=["windows", "exchanges"])
def test_memories_that_overlap_keep_only_what_others_said(place: str | Path, parse: Any) -> None:
    with Space(place, recipe=replace(default(), parse=parse), embedder="none") as space:
        space.remember(
            [
                Event(text, speaker, session="s", source=f"s:{n}", role=role)
                for n, (speaker, role, text) in enumerate(
                    [
                        ("Ana", "user", "I planted tulips. They are red."),
                        ("Tom", "assistant", TOLD),
                        ("Ana", "user", "My cat is called Miso. She sleeps."),
                    ]
                )
            ]
        )
        while held := [cube for cube in space.cubes() if CANARY in cube.text]:
            space.forget(held[0], erase=True)
        assert CANARY not in repr([list(space.cubes()), list(space.journal())])
        assert any("tulips" in cube.text for cube in space.cubes())
        assert space.verify().problems == ()
        if isinstance(place, Path):
            assert left(place, CANARY.encode()) == []


# ----------------------------------------------------------------------------------------------- not to come back


def test_what_was_erased_does_not_come_back_unless_asked(place: str | Path) -> None:
    told = [Event(TOLD, source="chat:1"), Event("A kettle.", source="chat:2"), Event(TOLD + " By id.", id="note-7")]
    with Space(place, embedder="none") as space:
        cubes = space.remember(told)
        space.forget([cubes[0], cubes[2]], erase=True)
        assert space.remember(told) == []
        assert [each.source or each.id for each in space.erased_before(told)] == ["chat:1", "note-7"]
        assert space.erased_before(told, namespace="elsewhere") == []
        assert len(space.remember(told, namespace="elsewhere")) == 3
        assert [cube.text for cube in space.remember([replace(told[0], text="Something else.")])] == ["Something else."]
        assert [cube.text for cube in space.remember(told, again=True)] == [told[0].text, told[2].text]
        assert space.remember(told) == []
        assert space.verify().problems == ()


def test_an_import_says_how_many_it_left_out(place: str | Path, tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(f"Ana: {TOLD}\nTom: A kettle.\nAna: A pot.\n", encoding="utf-8")
    with Space(place, embedder="none") as space:
        assert import_file(space, path).erased == 0
        space.forget(CANARY, erase=True)
        report = import_file(space, path)
        assert (report.events, report.added, report.known, report.erased) == (3, 0, 2, 1)
        assert len(list(space.cubes())) == 2


def test_what_was_only_forgotten_is_known_and_not_buried(place: str | Path) -> None:
    told = Event(TOLD, source="chat:1")
    with Space(place, embedder="none") as space:
        space.forget(space.remember(told)[0])
        assert space.erased_before([told]) == []
        assert space.remember(told) == []


# ------------------------------------------------------------------------------------------ saying what is to go


def test_a_question_has_to_name_one_memory_clearly(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        space.remember(
            [
                "I moved to Lisbon.",
                "Tom lent me a red kettle.",
                "Tom lent me a red kettle once more.",
                "My cat is Miso.",
            ]
        )
        before = [cube.id for cube in space.cubes()]
        with pytest.raises(BadInput, match="2 memories say 'the red kettle' about as clearly"):
            space.forget("the red kettle")
        for vague in ("the purple elephant of Lisbon in Brazil", "What about bicycles?", "xyzzy"):
            with pytest.raises(NotFound, match="so nothing was forgotten"):
                space.forget(vague, erase=True)
        assert [cube.id for cube in space.cubes()] == before
        (gone,) = space.forget("moved to Lisbon")  # type: ignore[misc]
        assert gone.text == "I moved to Lisbon."
        assert len(space.forget("the red kettle", k=2)) == 2  # type: ignore[arg-type]


def test_everything_of_a_namespace_goes_only_when_it_is_named(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        for name in ("org", "org/ana", "org/ana/agent", "org/anabel", "org/tom"):
            space.remember([f"{TOLD} {name} {n}" for n in range(3)], namespace=name)
        space.forget(next(space.cubes(namespace="org/ana")))
        with pytest.raises(BadInput, match="name the namespace"):
            space.forget(erase=True)
        with pytest.raises(BadInput, match="name no memory"):
            space.forget("Lisbon", namespace="org", within=True)
        with pytest.raises(NotFound, match="nothing was forgotten"):
            space.forget(namespace="nobody", erase=True, within=True)
        receipt = space.forget(namespace="org/ana", within=True, erase=True)
        assert isinstance(receipt, Receipt)
        assert (len(receipt.erased), receipt.versions, len(receipt.commits)) == (6, 6, 2)
        assert space.namespaces() == {"org": 3, "org/anabel": 3, "org/tom": 3}
        assert {each.namespace for each in space.journal()} & {"org/ana", "org/ana/agent"} == set()
        assert space.verify().problems == ()
        if isinstance(place, Path):
            assert left(place, b"org/ana/agent", b"org/ana 0", b"org/ana 2") == []
            assert left(place, b"org/anabel 2")


def test_a_namespace_can_be_emptied_and_filled_again(place: str | Path) -> None:
    with Space(place, embedder="none") as space:
        for _ in range(3):
            space.remember([TOLD, "A kettle."], namespace="org/ana", speaker="org/ana")
            assert len(list(space.cubes(namespace="org/ana"))) == 2
            assert {each.namespace for each in space.journal()} - {seal.erased("tom")} == {"org/ana"}
            space.forget(namespace="org/ana", erase=True)
            assert {each.namespace for each in space.journal()} & {"org/ana"} == set()
            space.remember("Said under the name of an emptied room.", namespace="tom", speaker="org/ana")
            space.forget(namespace="tom", erase=True)
            assert space.namespaces() == {}
            assert space.verify().problems == ()


@pytest.mark.parametrize("bad", ["", "  ", 7, None])
def test_what_cannot_be_forgotten_says_so(place: str | Path, bad: Any) -> None:
    with Space(place, embedder="none", clock=lambda: datetime(2026, 3, 1, tzinfo=UTC)) as space:
        space.remember(TOLD)
        with pytest.raises(MnesisError):
            space.forget(bad, erase=True)
        with pytest.raises(BadInput, match="list of what to forget is empty"):
            space.forget([], erase=True)
        assert len(list(space.cubes())) == 1
