"""What every verb shares: help from its docstring, the options that name a space, and opening that space."""

from __future__ import annotations

import functools
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import mnesis
from mnesis import settings
from mnesis.commands._print import say
from mnesis.drive import Account, Budget
from mnesis.errors import NotFound
from mnesis.words import DEFAULT_NAMESPACE, MEMORY_TYPES, TRUSTS

if TYPE_CHECKING:
    from mnesis.memory import Space

Function = Callable[..., Any]


def verb(name: str, doc: str | None) -> Callable[[Function], click.Command]:
    """A click command whose help is a module docstring and whose epilog is the block under ``Example:``."""
    about, _, example = (doc or "").partition("\nExample:\n")
    lines = textwrap.indent(textwrap.dedent(example).strip("\n"), "  ")
    return click.command(name=name, help=about, epilog=f"\b\nExample:\n{lines}")


@dataclass(frozen=True, slots=True)
class Where:
    """Which space and namespace a verb works on, and how it prints."""

    path: str
    only: str | None  # the namespace that was named, if one was
    recipe: str | None
    embedder: str | None
    json: bool
    mind: str | None = None

    @property
    def namespace(self) -> str:
        """The namespace a verb works in when it needs one."""
        return DEFAULT_NAMESPACE if self.only is None else self.only

    @contextmanager
    def open(self, make: bool = False) -> Iterator[Space]:
        """The space, closed again at the end; a space that is not there is made only where a verb writes."""
        if not make and "://" not in self.path and self.path != ":memory:" and not Path(self.path).exists():
            raise NotFound(
                f"There is no memory space at {self.path}; make one with: mnesis remember TEXT --space {self.path}, "
                "or name another with --space."
            )
        chosen = {"recipe": self.recipe, "embedder": self.embedder, "mind": self.mind}
        space = mnesis.open(
            self.path, key=settings.key(), **{name: value for name, value in chosen.items() if value is not None}
        )
        try:
            yield space
            if space.account.questions or space.account.cached:
                say(cost(space.account))
        finally:
            space.close()


def on_space(function: Function) -> Function:
    """Give a verb the options that name a space; it gets them as one `Where`, first."""

    @functools.wraps(function)
    def wrapped(
        *, space_path: str, namespace: str | None, recipe: str | None, embedder: str | None, json: bool, **rest: Any
    ) -> Any:
        return function(Where(space_path, namespace, recipe, embedder, wants_json(json)), **rest)

    made: Function = wrapped
    options = (
        click.option(
            "--space",
            "space_path",
            default=settings.space,
            metavar="PATH",
            show_default="$MNESIS_SPACE or memory.mnesis",
            help="The memory space to work on.",
        ),
        click.option(
            "--namespace", default=None, show_default=DEFAULT_NAMESPACE, help="Whose memories; walls between."
        ),
        click.option(
            "--recipe", default=None, help="How memories are made and found; see mnesis catalog text.recipes."
        ),
        click.option("--embedder", default=None, help="none, static, local …; see mnesis catalog models."),
        json_option,
    )
    for option in reversed(options):
        made = option(made)
    return made


def in_time(function: Function) -> Function:
    """Give a verb the options --as-of and --valid-at; a number is a commit, anything else a moment."""

    @functools.wraps(function)
    def wrapped(*args: Any, as_of: str | None, **rest: Any) -> Any:
        return function(*args, as_of=commit_or_moment(as_of), **rest)

    made: Function = wrapped
    for name, says in (
        ("--valid-at", "What was true then, as ISO 8601."),
        ("--as-of", "What was known then: ISO 8601, or a commit number."),
    ):
        made = click.option(name, default=None, metavar="WHEN", help=says)(made)
    return made


def commit_or_moment(text: str | None) -> int | str | None:
    """A commit's number where it is one."""
    return int(text) if text is not None and text.isdecimal() else text


def sieve(function: Function) -> Function:
    """Give a verb that recalls the options that leave memories out, or take in the namespaces beneath."""

    @functools.wraps(function)
    def wrapped(*arguments: Any, types: tuple[str, ...], **rest: Any) -> Any:
        return function(*arguments, types=types, **rest)

    made: Function = wrapped
    options = (
        click.option("--within", is_flag=True, help="Ask the namespaces beneath this one too."),
        click.option(
            "--min-trust",
            type=click.Choice(TRUSTS),
            default=TRUSTS[0],
            show_default=True,
            help="Leave out what is trusted less.",
        ),
        click.option(
            "--type", "types", multiple=True, type=click.Choice(MEMORY_TYPES), help="Only memories of a type."
        ),
    )
    for option in reversed(options):
        made = option(made)
    return made


def asks(function: Function) -> Function:
    """Give a verb the options that let its recipe ask a language model; it gets the bounds as `asking`."""

    @functools.wraps(function)
    def wrapped(where: Where, *, mind: str, questions: int, tokens: int | None, **rest: Any) -> Any:
        Budget(questions, tokens)  # refused before there is a file
        return function(replace(where, mind=mind), asking={"questions": questions, "tokens": tokens}, **rest)

    made: Function = wrapped
    options = (
        click.option(
            "--mind",
            default=settings.mind,
            show_default="$MNESIS_MIND or rules",
            help="Who answers what the recipe asks: rules, or http.",
        ),
        click.option("--questions", default=0, show_default=True, help="How many questions a language model is asked."),
        click.option("--tokens", type=int, default=None, help="How many tokens these may take."),
    )
    for option in reversed(options):
        made = option(made)
    return made


def cost(account: Account) -> str:
    """What answering cost, in words.

    >>> cost(Account("openai/qwen3", questions=2, read=900, written=60, rules=1))
    'openai/qwen3 was asked 2 questions (900 tokens read, 60 written), 1 answered by rules.'
    """
    said = f"{account.mind} was asked {account.questions} questions ({account.read:,} tokens read, "
    rest = {"cached": "known from before", "rules": "answered by rules", "unanswered": "left open"}
    rest["malformed"] = "skipped because the reply did not fit"
    more = [f"{getattr(account, name)} {what}" for name, what in rest.items() if getattr(account, name)]
    return f"{said}{account.written:,} written){''.join(f', {each}' for each in more)}."


def json_option(function: Function) -> Function:
    """Give a verb the flag --json."""
    return click.option("--json", is_flag=True, help="Print JSON even on a terminal.")(function)


def wants_json(flag: bool) -> bool:
    """JSON when asked for, and whenever a program reads us instead of a person."""
    return flag or not sys.stdout.isatty()
