from __future__ import annotations

import importlib.util
import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnesis.errors import BadInput, Unavailable
from mnesis.models import static as module
from mnesis.models.static import ARTEFACT, FIRST_BYTE, Tokens, static

LETTERS = "ab the.\n\t ▁  éß漢字🌍𝕜ÅA\u0301\u200d<s></s><unk>"


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    with np.load(ARTEFACT, allow_pickle=False) as file:
        return Tokens({name: file[name] for name in file.files})


def ids(tokens: Tokens, text: str) -> list[int]:
    return np.frombuffer(tokens.ids(text), "<u2").tolist()


@pytest.fixture(scope="module")
def original() -> tuple[Any, Any, Path]:
    """The published encoder, vectors and folder, read by the libraries they were published for."""
    tokenizers = pytest.importorskip("tokenizers", reason="tokenizers is not installed: pip install 'mnesis[test]'")
    numpy_files = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        pytest.skip("wordllama, which the static vectors were made from, is not installed: pip install wordllama")
    folder = Path(spec.origin).parent
    encoder = tokenizers.Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    table = numpy_files.load_file(folder / "weights" / "l2_supercat_256.safetensors")["embedding.weight"]
    return encoder, table.astype(np.float32), folder


def awkward_texts() -> list[str]:
    dice = random.Random(3)
    mixed = ["".join(dice.choices(LETTERS, k=dice.randint(1, 40))) for _ in range(1500)]
    runs = ["a" * n for n in range(1, 90)] + [" " * n + "end" for n in range(1, 40)] + ["▁" * n for n in range(1, 40)]
    marked = ["<s>", "x<s> y", "the<unk>the </s> b", "<s><s>", "a < b > c", "<s"]
    plain = ["Ana moved to Lisbon in 2019; she's happy.", "def f(x):\n    return x ** 2", "Ελληνικά и русский, العربية"]
    return mixed + runs + marked + plain


def test_tokens_are_those_of_the_published_encoder(tokens: Tokens, original: tuple[Any, Any, Path]) -> None:
    encoder = original[0]
    dice = random.Random(5)
    vocabulary = sorted(encoder.get_vocab())
    joined = ["".join(dice.choices(vocabulary, k=dice.randint(1, 6))) for _ in range(3000)]
    for text in awkward_texts() + joined:
        assert ids(tokens, text) == encoder.encode(text, add_special_tokens=False).ids, repr(text)


def test_plain_vectors_are_those_of_the_published_model(original: tuple[Any, Any, Path]) -> None:
    encoder, table, _ = original
    texts = awkward_texts()
    theirs = np.stack([table[encoder.encode(text, add_special_tokens=False).ids].mean(axis=0) for text in texts])
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert (static("plain").embed(texts) * theirs).sum(axis=1).min() > 0.999


def test_the_script_makes_the_same_bytes_again(
    original: tuple[Any, Any, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Path(__file__).parents[2] / "scripts" / "build_static.py"
    spec = importlib.util.spec_from_file_location("build_static", script)
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    again = tmp_path / "static.npz"
    monkeypatch.setattr(sys, "argv", ["build_static.py", "--package", str(original[2]), "--to", str(again)])
    build.main()
    assert again.read_bytes() == ARTEFACT.read_bytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the", [278]),
        ("hello world", [22172, 3186]),
        ("a\nb", [263, FIRST_BYTE + 10, 29890]),
        ("<s>the", [1, 278]),
        ("", [29871]),
        (" ", [259]),
    ],
)
def test_known_tokens(tokens: Tokens, text: str, expected: list[int]) -> None:
    assert ids(tokens, text) == expected


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_any_text_is_cut_the_same_way_fresh_and_kept(text: str) -> None:
    size = len(module._artefact()[0]["vectors"])
    shared = module._tokens()
    first = ids(shared, text)
    assert first == ids(shared, text)
    assert first
    assert max(first) < size
    for word in ("Lisbon", "漢"):
        assert ids(shared, f"{text} {word}")[-1:] == ids(shared, word)[-1:]


def test_kept_words_are_bounded(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECES_KEPT", 50)
    before = ids(tokens, "Lisbon")
    for number in range(500):
        tokens.ids(f"word{number}")
    tokens.ids("x" * 5000)
    assert len(tokens._kept) <= 50
    assert all(len(piece) <= module.LONGEST_KEPT for piece in tokens._kept)
    assert ids(tokens, "Lisbon") == before


def test_related_texts_are_closer_than_unrelated_ones() -> None:
    for weighting in ("sif", "plain"):
        question, near, far = static(weighting).embed(
            ["Which dog breed did she adopt?", "We got a puppy, a golden retriever.", "The train to Porto was late."]
        )
        assert question @ near > question @ far + 0.1


def test_sif_lets_common_words_say_less() -> None:
    texts = ["Lisbon", "we were in Lisbon, and that was it, as it is."]
    plain, sif = (vectors[0] @ vectors[1] for vectors in (static("plain").embed(texts), static("sif").embed(texts)))
    assert sif > plain
    mind: Any = static()
    comma, the, city = mind.weights([",", "the", "Lisbon"])
    assert comma < the < city <= 1
    evenly: Any = static("plain")
    np.testing.assert_array_equal(evenly.weights([",", "the", "Lisbon"]), 1)
    assert mind.weights([]).shape == (0,)


def test_word_vectors_are_those_of_the_words_and_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORDS_KEPT", 4)
    mind: Any = static()
    words = ["dog", "puppy", "train", "dog", "Porto", "unheardofword", ""]
    vectors = mind.word_vectors(words)
    np.testing.assert_array_equal(vectors, mind.embed(words))
    vectors[:] = 0
    np.testing.assert_array_equal(mind.word_vectors(words), mind.embed(words))
    assert mind.word_vectors([]).shape == (0, 256)
    assert len(mind._words) <= 4


def test_a_text_too_long_for_a_batch_is_summed_all_the_same() -> None:
    mind = static()
    text = "the boat on the lake, and a dog. " * 2000
    np.testing.assert_allclose(mind.embed([text])[0], mind.embed([text[:-1]])[0], atol=1e-3)
    np.testing.assert_allclose(mind.embed([text])[0], mind.embed([text[: 33 * 100]])[0], atol=2e-2)
    np.testing.assert_array_equal(mind.embed(["a", text, "b"])[[0, 2]], mind.embed(["a", "b"]))


def test_threads_share_one_mind() -> None:
    texts = [f"note {number} about {'cats' if number % 2 else 'ships'} and Lisbon{number}" for number in range(400)]
    expected = static().embed(texts)
    mind = static()
    with ThreadPoolExecutor(8) as threads:
        for vectors in threads.map(lambda _: mind.embed(texts), range(16)):
            np.testing.assert_array_equal(vectors, expected)


def test_the_name_tells_weightings_apart() -> None:
    names = [static().name, static("plain").name, static(a=0.01).name]
    assert len(set(names)) == 3
    assert static("sif", a=1e-3).name == names[0]
    assert static("plain", a=0.5).name == names[1]


@pytest.mark.parametrize("options", [{"weighting": "idf"}, {"a": 0}, {"a": -1.0}, {"a": float("nan")}])
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        static(**options)


@pytest.mark.parametrize("content", [None, b"", b"not a zip file", b"PK\x03\x04cut off"])
def test_a_damaged_artefact_says_what_to_do(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "static.npz"
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(module, "ARTEFACT", broken)
    module._artefact.cache_clear()
    try:
        with pytest.raises(Unavailable, match="install mnesis again"):
            static()
    finally:
        module._artefact.cache_clear()


def test_the_artefact_is_small_and_its_licence_lies_beside_it() -> None:
    assert ARTEFACT.stat().st_size < 9_000_000
    assert "Copyright (c) 2024 Lee Miller" in (ARTEFACT.parent / "LICENSE").read_text("utf-8")
    with np.load(ARTEFACT, allow_pickle=False) as file:
        assert json.dumps({name: str(file[name].dtype) for name in sorted(file.files)}) == json.dumps(
            {
                "frequency": "float32",
                "joins": "uint32",
                "letter_ids": "uint16",
                "letters": "uint32",
                "merged": "uint16",
                "merges": "uint16",
                "scales": "float16",
                "vectors": "int8",
            }
        )
