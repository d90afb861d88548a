"""A language model behind an OpenAI-compatible endpoint, by the official client.

Source: mnesis, 2026.
Needs: openai
Cost: one request a question; up to 3 more when the server is busy
Differs: nothing.

Address, key and model are taken from MNESIS_ENDPOINT, MNESIS_API_KEY and MNESIS_MODEL when they are not given. A busy
or broken server (429, 5xx, no connection, no answer in time) is asked again after a pause that doubles each time, or
that the server names. `form` says how a server is told that JSON is wanted: ``json_object``, ``json_schema`` (with the
schema of the reply) or ``text`` (by the words of the question alone, for servers that know neither); `extra` are
further fields of the request. What comes back is checked by whoever asked.

    mind = openai("qwen3", base="http://127.0.0.1:11434/v1", key="none")
    space = mnesis.open("agent.mnesis", recipe="mem0", mind=mind)
    space.remember("I moved to Lisbon.", questions=3)
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mnesis import settings
from mnesis.drive import Ask, Mind, Reply
from mnesis.errors import BadInput, Unavailable
from mnesis.schema import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = ("json_object", "json_schema", "text")


def openai(
    model: str | None = None,
    base: str | None = None,
    key: str | None = None,
    form: str = "json_object",
    timeout: float = 60.0,
    retries: int = 3,
    extra: Mapping[str, Any] | None = None,
) -> Mind:
    """The `model` of the endpoint at `base`; `timeout` is seconds."""
    model = settings.model() if model is None else model
    base = (settings.endpoint() if base is None else base).rstrip("/")
    key = settings.api_key() if key is None else key
    if not base:
        raise Unavailable(
            "No endpoint is named; set MNESIS_ENDPOINT or give openai(base=…), for example http://127.0.0.1:11434/v1."
        )
    if not base.startswith(("http://", "https://")):
        raise BadInput("The address of the endpoint must begin with http:// or https://.")
    if not model:
        raise BadInput("No model is named; set MNESIS_MODEL or give openai(model=…) a name the endpoint knows.")
    if form not in FORMS:
        raise BadInput(f"form={form!r} is none of {', '.join(FORMS)}.")
    if retries < 0 or timeout <= 0:
        raise BadInput("retries must be 0 or more, and timeout above 0.")
    # A server of one's own often wants no key, and the client refuses to go without.
    options = {"base_url": base, "api_key": key or "none", "timeout": timeout, "max_retries": retries}
    return Endpoint(model, base, key, form, options, dict(extra or {}))


class Endpoint:
    """What `openai` returns. Threads may share it."""

    def __init__(
        self, model: str, base: str, key: str, form: str, options: Mapping[str, Any], extra: Mapping[str, Any]
    ) -> None:
        self.name = f"openai/{model}"
        self._model, self._base, self._key, self._form, self._extra = model, base, key, form, extra
        self._options = options
        self._library = _library()
        self._client = self._library.OpenAI(**options)

    def answer(self, ask: Ask) -> Reply:
        """The reply to a question, and the tokens it took."""
        with self._told():
            return _reply(self._client.chat.completions.create(**self._request(ask)), ask)

    async def aanswer(self, ask: Ask) -> Reply:
        """The reply to a question, awaited."""
        with self._told():
            async with self._library.AsyncOpenAI(**self._options) as client:
                return _reply(await client.chat.completions.create(**self._request(ask)), ask)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _request(self, ask: Ask) -> dict[str, Any]:
        messages = [{"role": "system", "content": _sendable(ask.system)}]
        messages.append({"role": "user", "content": _sendable(ask.prompt) or " "})
        body = {"model": self._model, "messages": messages, "max_tokens": ask.tokens, "temperature": 0}
        if self._form == "json_object":
            body["response_format"] = {"type": "json_object"}
        elif self._form == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": ask.purpose, "schema": dict(wrapped(ask.schema))},
            }
        return {**body, **self._extra}

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The client's errors, as ours that say what to do."""
        lib = self._library
        try:
            yield
        except lib.APIConnectionError as err:
            tries = int(self._options["max_retries"]) + 1
            raise Unavailable(
                f"{self._base} did not answer in {tries} attempts ({type(err).__name__}); see that the server runs and "
                "that MNESIS_ENDPOINT or openai(base=…) is its address. Nothing was written; with questions=0 rules "
                "answer."
            ) from err
        except (lib.AuthenticationError, lib.PermissionDeniedError) as err:
            raise Unavailable(
                f"{self._base} refuses the key (status {err.status_code}); set MNESIS_API_KEY or give openai(key=…)."
            ) from err
        except lib.APIStatusError as err:
            said = " ".join(str(err.message).split())
            said = said.replace(self._key, "…") if self._key else said
            raise Unavailable(
                f"{self._base} does not answer the question (status {err.status_code}: {said[:200]}); see that the "
                f"address ends where the interface begins, often /v1, that it has the model {self._model!r}, and that "
                f"it knows response_format {self._form!r} (else give openai(form=…))."
            ) from err
        except (lib.APIError, ValueError) as err:  # what came back is not of the interface
            raise Unavailable(f"{self._base} sent what is no reply of the interface ({type(err).__name__}).") from err


def _reply(said: Any, ask: Ask) -> Reply:
    """The text of a reply, empty where there is none, and the tokens the server counted."""
    choices = getattr(said, "choices", None) or ()
    message = getattr(choices[0], "message", None) if choices else None
    text = getattr(message, "content", None)
    usage = getattr(said, "usage", None)
    text = text if isinstance(text, str) else ""
    counted = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    read, written = (each if isinstance(each, int) else None for each in counted)
    about = (len(ask.system) + len(ask.prompt)) // 4 + 1
    return Reply(text, about if read is None else read, len(text) // 4 + 1 if written is None else written)


def _sendable(text: str) -> str:
    """Halves of surrogate pairs become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _library() -> Any:
    try:
        import openai as library
    except ModuleNotFoundError as err:
        raise Unavailable(
            "A language model behind an endpoint needs the package openai, which is not installed; install it with: "
            "pip install 'mnesis[openai]'"
        ) from err
    return library
