"""How the command line behaves whatever the verb: exit codes, streams, near matches, help, terminals."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mnesis.commands.main import main, verbs


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", verbs())
def test_every_verb_explains_itself(name: str, cli) -> None:
    shown = cli(name, "--help").out
    assert (command(name).help or "").split()[0] in shown
    for option in command(name).params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.opts[0]} says nothing of itself"


@pytest.mark.parametrize("name", verbs())
def test_every_help_ends_with_an_example(name: str, cli) -> None:
    tail = cli(name, "--help").out.partition("Example:")[2]
    assert f"mnesis {name}" in tail
    assert all(line.startswith("    ") for line in tail.splitlines() if line.strip())


EXAMPLES = {name: (command(name).epilog or "").partition("Example:\n")[2] for name in verbs()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs(name: str, shell) -> None:
    """As it is printed, in a folder that holds one conversation and nothing else."""
    before = shell('mnesis remember "I moved to Lisbon." --speaker Ana --at 2026-03-02 --embedder none')
    assert before.returncode == 0, before.stderr
    done = shell("\n".join(line.strip() for line in EXAMPLES[name].splitlines()))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() if name not in ("tend", "export") else True
    assert "Traceback" not in done.stderr


def test_the_list_shows_every_verb_with_its_sentence(cli) -> None:
    shown = cli("--help").out
    for name, path in verbs().items():
        sentence = path.read_text(encoding="utf-8").splitlines()[0].strip('"').split()
        assert re.search(rf"^  {name} +{re.escape(' '.join(sentence[:3]))}", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("recal", "x"), 2, "'recall'"),
        (("recall",), 2, "QUERY"),
        (("recall", "x", "--kk", "3"), 2, "--k"),
        (("recall", "cat", "-k", "0"), 2, "at least 1"),
        (("recall", "cat", "-k", "-1"), 2, "at least 1"),
        (("recall", ""), 2, "empty"),
        (("recall", "cat", "--as-of", "soon"), 2, "ISO 8601"),
        (("recall", "cat", "--recipe", "defualt"), 2, "'default'"),
        (("recall", "cat", "--embedder", "statik"), 2, "'static'"),
        (("recall", "cat", "--space", "elsewhere.mnesis"), 1, "elsewhere.mnesis"),
        (("remember", ""), 1, "no text"),
        (("remember", "x", "--at", "soon"), 2, "ISO 8601"),
        (("remember", "x", "--namespace", ""), 2, "namespace"),
        (("remember", "-"), 2, "standard input"),
        (("show", "text.rank.recncy"), 2, "'text.rank.recency'"),
        (("catalog", "text.rnk"), 2, "'text.rank'"),
        (("import", "nowhere.txt"), 1, "nowhere.txt"),
        (("history", "nobody"), 1, "nobody"),
        (("export", "--output", "no/such/folder/x.jsonl"), 1, "No such file"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(told, arguments: tuple[str, ...], code: int, said: str) -> None:
    before = told("export").out
    failed = told(*arguments, code=code)
    assert said in failed.err
    assert failed.out == ""
    assert told("export").out == before


def test_input_that_is_not_utf8_is_refused(told) -> None:
    assert "UTF-8" in told("remember", "-", input=b"caf\xe9\n", code=2).err


def test_a_folder_without_permission(told, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write anywhere, so nothing would be refused")
    (tmp_path / "shut").mkdir(mode=0o500)
    assert "shut" in told("remember", "x", "--space", "shut/a.mnesis", code=1).err


def on_terminal(arguments: list[str], cwd: Path) -> str:
    """What a person sees: the same program with a terminal of 100 columns as its output."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "MNESIS_EMBEDDER": "none", "COLUMNS": "100", "TERM": "dumb"}
    with subprocess.Popen(
        [sys.executable, "-m", "mnesis", *arguments], cwd=cwd, env=environment, stdout=theirs, stdin=subprocess.DEVNULL
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # Linux says so when the other end is closed
            pass
        assert process.wait() == 0
    os.close(ours)
    return shown.decode("utf-8")


def test_a_person_gets_a_table_and_a_program_json(told, tmp_path: Path) -> None:
    asked = ["recall", "Where did Ana move?", "-k", "1", "--explain"]
    seen = on_terminal(asked, tmp_path)
    assert "score" in seen.splitlines()[0]
    assert "why" in seen.splitlines()[0]
    assert "I moved to Lisbon." in " ".join(seen.split())
    assert on_terminal([*asked, "--json"], tmp_path).lstrip().startswith("[")


@pytest.mark.parametrize(
    "arguments",
    [["catalog", "text"], ["show", "text.rank.recency"], ["context", "cat"], ["verify"], ["tend"], ["bench", "--list"]],
)
def test_tables_fit_a_terminal(told, tmp_path: Path, arguments: list[str]) -> None:
    seen = on_terminal(arguments, tmp_path)
    assert "Traceback" not in seen
    assert all(len(line) <= 100 for line in seen.splitlines())


def test_text_is_never_read_as_markup(told, tmp_path: Path) -> None:
    told("remember", "The button said [bold]stop[/bold].", "--speaker", "Tom")
    assert "[bold]stop[/bold]" in on_terminal(["recall", "What did the button say?", "-k", "1"], tmp_path)


def test_a_closed_pipe_ends_quietly(told, shell, tmp_path: Path) -> None:
    for _ in range(3):
        told("remember", "-", input="".join(f"Line {n} of a long story.\n" for n in range(400)))
    done = shell("mnesis export | head -n 1 > first.txt; cat first.txt")
    assert "Traceback" not in done.stderr
    assert done.stdout.count("\n") == 1
