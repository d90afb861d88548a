"""A model behind an OpenAI-compatible server: embeddings and chat.

Source: mnesis, 2026.
Needs: http
Cost: one request for each 128 texts, one for each question; up to 3 more when the server is busy
Shapes: texts [N] -> [N, dim]
Differs: nothing.

The address and the key are taken from MNESIS_ENDPOINT and MNESIS_API_KEY when they are not given; the key goes into
the request's header and nowhere else. A busy or broken server (429, 5xx, no connection) is asked again after a pause
that doubles each time, or that the server names. Without `dim` the first vector tells it. Empty texts are sent as one
space, since servers refuse them. `chat` names the model that answers questions, when it is not the one that embeds.

    mind = http("nomic-embed-text", base="http://127.0.0.1:11434/v1", chat="qwen3")
    mind.embed(["a boat on the lake"], kind="query")
"""

from __future__ import annotations

import asyncio
import json
import time
import weakref
from collections.abc import Generator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mnesis import settings
from mnesis.drive import Ask
from mnesis.errors import BadInput, Malformed, Unavailable
from mnesis.models import Embedder
from mnesis.words import Floats

if TYPE_CHECKING:
    import httpx

BATCH = 128
LONGEST_PAUSE = 30.0

Attempts: TypeAlias = "Generator[float, httpx.Response | httpx.TransportError, Any]"


def http(
    model: str,
    base: str | None = None,
    key: str | None = None,
    dim: int | None = None,
    chat: str | None = None,
    timeout: float = 60.0,
    retries: int = 3,
    pause: float = 0.5,
) -> Embedder:
    """The `model` of the server at `base`; `timeout` and the first `pause` are seconds."""
    base = (settings.endpoint() if base is None else base).rstrip("/")
    key = settings.api_key() if key is None else key
    if not base:
        raise Unavailable(
            "No server is named; set MNESIS_ENDPOINT or give http(base=…), for example http://127.0.0.1:11434/v1."
        )
    if not model:
        raise BadInput("No model is named; give http(model=…) a name the server knows.")
    if not all("!" <= letter <= "~" for letter in key):
        raise BadInput("The key holds spaces, line ends or letters that no key has; copy it again.")
    if (dim is not None and dim < 1) or retries < 0 or pause < 0 or timeout <= 0:
        raise BadInput("dim must be 1 or more, retries and pause 0 or more, and timeout above 0.")
    server = Server(model, _address(base), key, dim, chat or model, timeout, retries, pause)
    return server  # type: ignore[return-value]  # its dim is read-only: it may have to ask for it first


class Server:
    """What `http` returns. Threads may share it."""

    def __init__(
        self,
        model: str,
        base: httpx.URL,
        key: str,
        dim: int | None,
        chat: str,
        timeout: float,
        retries: int,
        pause: float,
    ) -> None:
        self.name = f"http/{model}"
        self.reliance = 1.0
        self._model = model
        self._chat = chat
        self._base = base
        self._shown = str(base.copy_with(username=None, password=None, query=None))
        self._key = key
        self._dim = dim
        self._retries = retries
        self._pause = pause
        self._options: dict[str, Any] = {"timeout": timeout, "verify": _tls(), "headers": _headers(key)}
        self._client = _httpx().Client(**self._options)
        self.close = weakref.finalize(self, self._client.close)

    @cached_property
    def dim(self) -> int:
        """The dimension of its vectors; the first time, the server is asked when nobody has said it."""
        return self._dim or self.embed(["a"]).shape[1]

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim]; the server is not told whether they are documents or queries."""
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        parts = [self._part(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    def answer(self, ask: Ask) -> str:
        """The reply to a question."""
        return self._reply(self._post("chat/completions", self._question(ask)))

    async def aanswer(self, ask: Ask) -> str:
        """The reply to a question, awaited."""
        return self._reply(await self._apost("chat/completions", self._question(ask)))

    def _part(self, texts: Sequence[str]) -> Floats:
        reply = self._post("embeddings", {"model": self._model, "input": [_sendable(text) for text in texts]})
        where = f"{self._shown}/embeddings"
        try:
            rows = sorted(reply["data"], key=lambda row: int(row["index"]))
            order = [int(row["index"]) for row in rows]
            with np.errstate(over="ignore"):
                vectors = np.array([row["embedding"] for row in rows], np.float32)
        except (KeyError, TypeError, ValueError) as err:
            raise Malformed(
                where, f"the reply holds no vectors as the embeddings interface gives them ({err})."
            ) from err
        if order != list(range(len(texts))) or vectors.ndim != 2:
            raise Malformed(where, f"{len(texts)} texts were sent and {len(rows)} vectors came back that do not match.")
        if self._dim is not None and vectors.shape[1] != self._dim:
            raise Malformed(
                where,
                f"{self._model} gives vectors of {vectors.shape[1]} numbers where {self._dim} are expected; "
                f"give http(dim={vectors.shape[1]}), or the model that wrote this space.",
            )
        norms: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(vectors).all() or not norms.all():
            raise Malformed(where, f"{self._model} gave a vector that is zero or not finite; try another model.")
        self._dim = int(vectors.shape[1])
        vectors /= norms
        return vectors

    def _question(self, ask: Ask) -> dict[str, Any]:
        messages = [{"role": "system", "content": _sendable(ask.system)}] if ask.system else []
        messages.append({"role": "user", "content": _sendable(ask.prompt)})
        return {"model": self._chat, "messages": messages, "max_tokens": ask.tokens, "temperature": 0}

    def _reply(self, reply: Any) -> str:
        try:
            text = reply["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError) as err:
            raise Malformed(f"{self._shown}/chat/completions", f"the reply holds no message ({err}).") from err
        if not isinstance(text, str):
            raise Malformed(f"{self._shown}/chat/completions", f"{self._chat} gave a message without text.")
        return text

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        attempts = self._attempts(path)
        wait = next(attempts)
        while True:
            time.sleep(wait)
            try:
                reply = self._client.post(self._url(path), content=json.dumps(body))
            except _httpx().TransportError as err:
                reply = err
            try:
                wait = attempts.send(reply)
            except StopIteration as stop:
                return stop.value

    async def _apost(self, path: str, body: Mapping[str, Any]) -> Any:
        attempts = self._attempts(path)
        wait = next(attempts)
        async with _httpx().AsyncClient(**self._options) as client:
            while True:
                await asyncio.sleep(wait)
                try:
                    reply = await client.post(self._url(path), content=json.dumps(body))
                except _httpx().TransportError as err:
                    reply = err
                try:
                    wait = attempts.send(reply)
                except StopIteration as stop:
                    return stop.value

    def _url(self, path: str) -> httpx.URL:
        return self._base.copy_with(path=f"{self._base.path.rstrip('/')}/{path}")

    def _attempts(self, path: str) -> Attempts:
        """Yields how long to wait before each request, is sent what came of it, returns the reply's JSON."""
        wait = 0.0
        for attempt in range(self._retries + 1):
            reply = yield wait
            if isinstance(reply, Exception):
                wait = self._pause * 2**attempt
            elif reply.status_code == 429 or reply.status_code >= 500:
                wait = _named_pause(reply, self._pause * 2**attempt)
            else:
                return self._read(reply, path)
        what = f"{type(reply).__name__}" if isinstance(reply, Exception) else f"status {reply.status_code}"
        raise Unavailable(
            f"{self._shown}/{path} did not answer in {self._retries + 1} attempts ({what}); see that the server runs "
            "and that MNESIS_ENDPOINT or http(base=…) is its address."
        )

    def _read(self, reply: httpx.Response, path: str) -> Any:
        where = f"{self._shown}/{path}"
        if reply.status_code in (401, 403):
            raise Unavailable(
                f"{where} refuses the key (status {reply.status_code}); set MNESIS_API_KEY or give http(key=…)."
            )
        if not reply.is_success:
            said = " ".join(reply.text.split())
            if self._key:
                said = said.replace(self._key, "…")
            raise Unavailable(
                f"{where} refuses the request (status {reply.status_code}: {said[:200]}); see that the address "
                f"ends where the interface begins, often /v1, and that the server has the model {self._model!r}."
            )
        try:
            return reply.json()
        except ValueError as err:
            raise Malformed(where, "the reply is not JSON; see that the address is that of the interface.") from err


def _sendable(text: str) -> str:
    """Halves of surrogate pairs become question marks, an empty text one space."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "


def _headers(key: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return {**headers, "Authorization": f"Bearer {key}"} if key else headers


def _named_pause(reply: httpx.Response, usual: float) -> float:
    """The seconds a server asks to be left alone, at most 30; else the usual pause."""
    named = reply.headers.get("retry-after", "")
    return min(float(named), LONGEST_PAUSE) if named.isascii() and named.isdigit() else usual


def _address(base: str) -> httpx.URL:
    try:
        url: httpx.URL = _httpx().URL(base)
    except _httpx().InvalidURL as err:
        raise BadInput(f"The address of the server cannot be read ({err}); write it as http://host:port/v1.") from err
    if url.scheme not in ("http", "https") or not url.host:
        raise BadInput("The address of the server must begin with http:// or https:// and a host name.")
    return url


def _httpx() -> Any:
    try:
        import httpx
    except ModuleNotFoundError as err:
        raise Unavailable(
            "A model behind a server needs httpx, which is not installed; install it with: pip install 'mnesis[http]'"
        ) from err
    return httpx


@cache
def _tls() -> Any:
    """Made once: reading the certificates costs more than many requests."""
    return _httpx().create_ssl_context()
