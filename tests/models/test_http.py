from __future__ import annotations

import asyncio
import gc
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from mnesis.drive import Ask, arun, run
from mnesis.errors import BadInput, Malformed, MnesisError, Unavailable
from mnesis.models.http import http

pytest.importorskip("httpx", reason="httpx is not installed: pip install 'mnesis[http]'")

KEY = "sk-very-secret-0123456789"
Reply = tuple[int, Any]


class Server(ThreadingHTTPServer):
    """Answers with what is in `script`, in turn, then with `usual`; keeps every request in `seen`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[Reply] = []
        self.seen: list[dict[str, Any]] = []
        self.usual: Callable[[dict[str, Any]], Any] = vectors
        self.headers: dict[str, str] = {}

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        status, reply = self.server.script.pop(0) if self.server.script else (200, self.server.usual(body))
        raw = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def vectors(body: dict[str, Any]) -> Any:
    rows = [{"index": at, "embedding": [len(text), 1.0, 2.0]} for at, text in enumerate(body["input"])]
    return {"data": rows[::-1]}


def message(text: Any) -> Any:
    return {"choices": [{"message": {"role": "assistant", "content": text}}]}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def mind_of(server: Server, **options: Any) -> Any:
    return http(**{"model": "m", "base": server.base, "key": KEY, "pause": 0.01, **options})


def test_vectors_are_unit_and_in_order_though_the_reply_is_not(server: Server) -> None:
    mind = mind_of(server)
    got = mind.embed(["a", "abcd", ""])
    wanted = np.array([[1, 1, 2], [4, 1, 2], [1, 1, 2]], np.float32)
    np.testing.assert_allclose(got, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6)
    assert server.seen == [
        {"path": "/v1/embeddings", "key": f"Bearer {KEY}", "model": "m", "input": ["a", "abcd", " "]},
    ]
    assert (mind.name, mind.dim) == ("http/m", 3)
    assert len(server.seen) == 1


def test_the_dimension_is_asked_once_when_nobody_said_it(server: Server) -> None:
    mind = mind_of(server)
    assert (mind.dim, mind.dim) == (3, 3)
    assert len(server.seen) == 1
    assert mind_of(server, dim=3).dim == 3
    assert len(server.seen) == 1


def test_many_texts_go_in_batches(server: Server) -> None:
    mind = mind_of(server)
    assert mind.embed([str(number) for number in range(300)]).shape == (300, 3)
    assert [len(request["input"]) for request in server.seen] == [128, 128, 44]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_busy_server_is_asked_again(server: Server, status: int) -> None:
    server.script = [(status, {"error": "busy"}), (status, b"<html>busy</html>")]
    assert mind_of(server).embed(["a"]).shape == (1, 3)
    assert len(server.seen) == 3


def test_a_pause_the_server_names_is_kept(server: Server) -> None:
    server.headers = {"Retry-After": "0"}
    server.script = [(429, {})]
    assert mind_of(server, pause=300.0).embed(["a"]).shape == (1, 3)


def test_a_server_that_stays_busy_is_unavailable(server: Server) -> None:
    server.script = [(500, {})] * 9
    with pytest.raises(Unavailable, match=r"4 attempts \(status 500\)"):
        mind_of(server).embed(["a"])
    assert len(server.seen) == 4


def test_no_server_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mind: Any = http("m", base=f"http://127.0.0.1:{port}", key=KEY, pause=0.001)
    with pytest.raises(Unavailable, match="MNESIS_ENDPOINT"):
        mind.embed(["a"])
    with pytest.raises(Unavailable, match="MNESIS_ENDPOINT"):
        asyncio.run(mind.aanswer(Ask("a test", {"question": "well?"})))


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_not_tried_again_and_not_shown(server: Server, status: int) -> None:
    server.script = [(status, {"error": f"wrong key {KEY}"})] * 2
    mind = mind_of(server)
    with pytest.raises(Unavailable, match="MNESIS_API_KEY") as caught:
        mind.embed(["a"])
    assert KEY not in str(caught.value)
    assert len(server.seen) == 1


def test_no_error_shows_the_key_or_a_password_in_the_address(server: Server) -> None:
    base = server.base.replace("http://", "http://user:pass-word@")
    for status in (400, 404, 422, 500):
        server.script = [(status, {"error": f"you sent {KEY}"})]
        with pytest.raises(Unavailable) as caught:
            mind_of(server, base=base, retries=0).embed(["a"])
        shown = f"{caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"
        assert KEY not in shown
        assert "pass-word" not in shown
        assert str(status) in shown


@pytest.mark.parametrize(
    "reply",
    [
        b"not json",
        b"",
        [],
        {"data": []},
        {"data": None},
        {"data": [{"index": 0}]},
        {"data": [{"embedding": [1, 2]}]},
        {"data": [{"index": 0, "embedding": ["x"]}]},
        {"data": [{"index": 0, "embedding": 3}]},
        {"data": [{"index": 1, "embedding": [1, 2, 3]}]},
        {"data": [{"index": 0, "embedding": [0, 0, 0]}]},
        {"data": [{"index": 0, "embedding": [1e300, 0, 0]}]},
        {"data": [{"index": 0, "embedding": [1, 2, 3]}, {"index": 1, "embedding": [1, 2]}]},
    ],
)
def test_replies_without_usable_vectors_are_malformed(server: Server, reply: Any) -> None:
    server.script = [(200, reply)]
    with pytest.raises(Malformed, match="/v1/embeddings: "):
        mind_of(server).embed(["a"])


def test_another_dimension_than_agreed_is_malformed(server: Server) -> None:
    with pytest.raises(Malformed, match="3 numbers where 8 are expected"):
        mind_of(server, dim=8).embed(["a"])
    mind = mind_of(server)
    mind.embed(["a"])
    server.script = [(200, {"data": [{"index": 0, "embedding": [1, 2]}]})]
    with pytest.raises(Malformed, match="2 numbers where 3 are expected"):
        mind.embed(["b"])


def test_questions_are_answered_now_and_awaited(server: Server) -> None:
    server.usual = lambda body: message(f"{body['messages'][-1]['content']} — yes")
    mind = mind_of(server, chat="talker")
    ask = Ask("a test", {"question": "Is it raining?"}, instruction="Be brief.", tokens=7)

    def asking() -> Any:
        reply = yield ask
        return reply

    assert run(asking(), mind.answer) == "question:\nIs it raining? — yes"
    assert asyncio.run(arun(asking(), mind.aanswer)) == "question:\nIs it raining? — yes"
    first, second = server.seen
    assert first == second
    assert first["path"] == "/v1/chat/completions"
    assert (first["model"], first["max_tokens"]) == ("talker", 7)
    assert first["messages"] == [
        {"role": "system", "content": ask.system},
        {"role": "user", "content": "question:\nIs it raining?"},
    ]


def test_an_awaited_question_is_asked_again_too(server: Server) -> None:
    server.script = [(503, {}), (200, message("yes"))]
    assert asyncio.run(mind_of(server).aanswer(Ask("a test", {"question": "well?"}))) == "yes"
    server.script = [(401, {})]
    with pytest.raises(Unavailable, match="MNESIS_API_KEY"):
        asyncio.run(mind_of(server).aanswer(Ask("a test", {"question": "well?"})))


@pytest.mark.parametrize("reply", [b"{", {}, {"choices": []}, {"choices": [{}]}, message(None), message([1])])
def test_replies_without_a_message_are_malformed(server: Server, reply: Any) -> None:
    server.script = [(200, reply)]
    with pytest.raises(Malformed, match="/v1/chat/completions: "):
        mind_of(server).answer(Ask("a test", {"question": "well?"}))


def test_address_and_key_come_from_the_settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNESIS_ENDPOINT", server.base + "/")
    monkeypatch.setenv("MNESIS_API_KEY", "from-settings")
    mind: Any = http("m")
    mind.embed(["a"])
    assert server.seen[-1]["key"] == "Bearer from-settings"
    assert server.seen[-1]["path"] == "/v1/embeddings"
    keyless: Any = http("m", key="")
    keyless.embed(["a"])
    assert server.seen[-1]["key"] is None


def test_what_the_address_asks_for_besides_is_kept(server: Server) -> None:
    mind_of(server, base=server.base + "?version=2").embed(["a"])
    assert server.seen[-1]["path"] == "/v1/embeddings?version=2"


@pytest.mark.parametrize(
    "options",
    [
        {"base": ""},
        {"base": "ftp://somewhere"},
        {"base": "localhost:8080"},
        {"base": "http://"},
        {"base": "http://a:port/"},
        {"model": ""},
        {"key": "two words"},
        {"key": "line\nend"},
        {"key": "schlüssel"},
        {"dim": 0},
        {"retries": -1},
        {"timeout": 0},
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNESIS_ENDPOINT", raising=False)
    with pytest.raises(MnesisError) as caught:
        http(**{"model": "m", "base": "http://127.0.0.1:1/v1", "key": "k", **options})
    assert isinstance(caught.value, BadInput | Unavailable)
    if "key" in options:
        assert options["key"] not in str(caught.value)


def test_a_mind_nobody_holds_closes_its_connections(server: Server) -> None:
    mind = mind_of(server)
    mind.embed(["a"])
    client = mind._client
    del mind
    gc.collect()
    assert client.is_closed
