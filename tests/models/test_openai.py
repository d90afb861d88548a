"""A language model behind a real local endpoint: answers, busy servers, nonsense, silence, a recipe over it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import mnesis
from mnesis.asking import mind_of
from mnesis.drive import Account, Answers, Ask, Asking, Budget, arun, run, settled
from mnesis.errors import BadInput, Unavailable
from mnesis.models.openai import openai
from mnesis.schema import REPLY
from mnesis.text import ask
from mnesis.text.recipes.verbatim import verbatim
from mnesis.words import Event, MemCube, replace

pytest.importorskip("openai", reason="openai is not installed: pip install 'mnesis[openai]'")

KEY = "sk-very-secret-0123456789"
NUMBERS = {"type": "array", "items": {"type": "integer"}}
COUNT = Ask("numbers", {"text": "one two"}, NUMBERS, "List the numbers.", 32)


class Endpoint(ThreadingHTTPServer):
    """Answers with what is in `script`, in turn, then with `usual`; keeps every request in `seen`.

    A script line is a status and a body; a body that is a number is a pause in seconds.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, Any]] = []
        self.seen: list[dict[str, Any]] = []
        self.usual: Callable[[dict[str, Any]], Any] = lambda body: message("[1, 2]")

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "auth": self.headers.get("Authorization"), **body})
        status, reply = self.server.script.pop(0) if self.server.script else (200, self.server.usual(body))
        if isinstance(reply, float):
            time.sleep(reply)
            reply = message("[9]")
        raw = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("retry-after-ms", "5")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def message(text: Any, read: int = 30, written: int = 7) -> dict[str, Any]:
    return {
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }  # fmt: skip


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Endpoint() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def mind(endpoint: Endpoint) -> Iterator[Any]:
    made: Any = openai("m", endpoint.base, KEY, timeout=5.0, retries=2)
    yield made
    made.close()


def counting() -> Asking[Any]:
    return (yield COUNT)


def test_a_question_goes_out_as_it_is_and_its_tokens_are_counted(endpoint: Endpoint, mind: Any) -> None:
    answers = Answers(mind)
    assert settled(counting(), answers) == [1, 2]
    assert answers.account == Account("openai/m", questions=1, read=30, written=7)
    (seen,) = endpoint.seen
    assert (seen["path"], seen["auth"], seen["model"]) == ("/v1/chat/completions", f"Bearer {KEY}", "m")
    assert (seen["max_tokens"], seen["temperature"]) == (32, 0)
    assert seen["response_format"] == {"type": "json_object"}
    assert [each["content"] for each in seen["messages"]] == [COUNT.system, COUNT.prompt]


def test_awaited_it_is_the_same(endpoint: Endpoint, mind: Any) -> None:
    assert asyncio.run(arun(counting(), mind)) == run(counting(), mind) == [1, 2]
    assert endpoint.seen[0] == endpoint.seen[1]

    async def several() -> list[Any]:
        return await asyncio.gather(*(arun(counting(), mind) for _ in range(8)))

    assert asyncio.run(several()) == [[1, 2]] * 8


@pytest.mark.parametrize("form", ["json_schema", "text"])
def test_a_server_is_told_what_it_knows(endpoint: Endpoint, form: str) -> None:
    mind: Any = openai("m", endpoint.base, KEY, form=form, extra={"seed": 7})
    assert run(counting(), mind) == [1, 2]
    (seen,) = endpoint.seen
    told = seen.get("response_format", {"type": "text"})
    assert told["type"] == form
    if form == "json_schema":
        assert told["json_schema"]["name"] == "numbers"
        assert told["json_schema"]["schema"]["properties"] == {REPLY: NUMBERS}
    assert seen["seed"] == 7
    mind.close()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(endpoint: Endpoint, mind: Any, status: int) -> None:
    endpoint.script = [(status, {"error": {"message": "busy"}})] * 2
    answers = Answers(mind)
    assert settled(counting(), answers) == [1, 2]
    assert len(endpoint.seen) == 3
    assert answers.account.questions == 1  # what it took to get through is no question more
    endpoint.script = [(status, {"error": {"message": "busy"}})] * 3
    with pytest.raises(Unavailable, match=rf"status {status}: "):
        run(counting(), mind)


def test_a_server_that_does_not_answer_in_time_is_given_up(endpoint: Endpoint) -> None:
    endpoint.script = [(200, 0.6), (200, message("[3]"))]
    mind: Any = openai("m", endpoint.base, KEY, timeout=0.2, retries=1)
    assert run(counting(), mind) == [3]
    endpoint.script = [(200, 0.6), (200, 0.6)]
    with pytest.raises(Unavailable, match="did not answer in 2 attempts"):
        run(counting(), mind)
    mind.close()


def test_nobody_listens(endpoint: Endpoint) -> None:
    mind: Any = openai("m", "http://127.0.0.1:9/v1", KEY, retries=0)
    with pytest.raises(Unavailable, match="MNESIS_ENDPOINT"):
        run(counting(), mind)
    with pytest.raises(Unavailable, match="MNESIS_ENDPOINT"):
        asyncio.run(arun(counting(), mind))
    mind.close()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_never_shown(endpoint: Endpoint, mind: Any, status: int) -> None:
    endpoint.script = [(status, {"error": {"message": f"bad key {KEY}"}})]
    with pytest.raises(Unavailable, match="MNESIS_API_KEY") as caught:
        run(counting(), mind)
    assert KEY not in str(caught.value)
    endpoint.script = [(404, {"error": {"message": f"no model m for {KEY}"}})]
    with pytest.raises(Unavailable, match="model 'm'") as caught:
        run(counting(), mind)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("bad", ["I do not know.", '{"reply": [1, "two"]}', '{"reply": [1', None, ""])
def test_a_reply_that_does_not_fit_is_asked_for_once_more(endpoint: Endpoint, mind: Any, bad: str | None) -> None:
    endpoint.script = [(200, message(bad))]
    assert run(counting(), mind) == [1, 2]
    assert "could not be used" in endpoint.seen[1]["messages"][0]["content"]
    endpoint.script = [(200, message(bad)), (200, message(bad))]
    answers = Answers(mind, Budget(5), rules=lambda question: [0])
    assert settled(counting(), answers) is None
    assert (answers.account.questions, answers.account.malformed) == (2, 1)


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{}]}, []])
def test_what_is_no_completion_is_no_reply(endpoint: Endpoint, mind: Any, body: Any) -> None:
    endpoint.script = [(200, body), (200, body)]
    assert run(counting(), mind) is None
    assert len(endpoint.seen) == 2


def test_what_is_not_json_is_an_error(endpoint: Endpoint, mind: Any) -> None:
    endpoint.script = [(200, b"<html>login</html>")]
    with pytest.raises(Unavailable, match="no reply of the interface"):
        run(counting(), mind)


def test_it_comes_from_the_settings(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="MNESIS_ENDPOINT"):
        openai("m")
    monkeypatch.setenv("MNESIS_ENDPOINT", endpoint.base + "/")
    with pytest.raises(BadInput, match="MNESIS_MODEL"):
        openai()
    monkeypatch.setenv("MNESIS_MODEL", "tiny")
    made = mind_of("http")
    assert made.name == "openai/tiny"
    assert run(counting(), made) == [1, 2]
    assert endpoint.seen[0]["auth"] == "Bearer none"
    made.close()


@pytest.mark.parametrize(
    "options", [{"form": "xml"}, {"retries": -1}, {"timeout": 0}, {"base": "ftp://x"}, {"model": ""}]
)
def test_what_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        openai(**{"model": "m", "base": "http://127.0.0.1:9", **options})


def test_a_space_asks_over_the_wire_within_its_budget(endpoint: Endpoint, mind: Any) -> None:
    def parse(event: Event, namespace: str, names: frozenset[str] = frozenset()) -> Asking[list[MemCube]]:
        whole = MemCube(event.id, event.text, namespace, events=(event.id,), keys=(event.text,))
        said = yield ask.facts(event.text)
        return [whole, *(replace(whole, id=f"{event.id}-{n}", text=each) for n, each in enumerate(said or (), 1))]

    endpoint.usual = lambda body: message(json.dumps({REPLY: ["Ana lives in Lisbon."]}), 200, 12)
    with mnesis.open(recipe=replace(verbatim(), parse=parse), embedder="none", mind=mind) as space:
        cubes = space.remember(["I moved to Lisbon.", "I sold the boat."], questions=1)
        assert [each.text for each in cubes][:2] == ["I moved to Lisbon.", "Ana lives in Lisbon."]
        (cost,) = (each for entry in space.journal() for each in entry.changes if each["op"] == "asked")
        assert cost == {
            "op": "asked", "mind": "openai/m", "questions": 1, "read": 200, "written": 12, "rules": 1,
        }  # fmt: skip
        assert len(endpoint.seen) == 1
