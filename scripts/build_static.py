"""Makes src/mnesis/models/data/static.npz from an installed wordllama package (0.4.0.post1).

    python -m venv build && build/bin/pip install wordllama
    build/bin/python scripts/build_static.py

It reads two files of that package, the vectors l2_supercat_256 and their vocabulary, and nothing else, and does not
import it; numpy and safetensors are all it runs on. The same package gives the same bytes. What it writes:

    vectors     int8    [32000, 256]  token vectors, each row divided by its scale and rounded
    scales      float16 [32000]       largest absolute value of the row / 127
    frequency   float32 [32000]       how common a token is, in the three classes explained at `frequencies`
    merges      uint16  [M, 2]        pairs of tokens that are joined, best rank first
    merged      uint16  [M]           what each pair becomes
    letters     uint32  [L]           code points that are tokens by themselves, and
    letter_ids  uint16  [L]           their tokens
    joins       uint32  [J, 2]        code points that some merge brings together; a text may be cut between all others

The vectors are Copyright (c) 2024 Lee Miller under the MIT licence, which lies beside the file.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

TARGET = Path(__file__).parents[1] / "src" / "mnesis" / "models" / "data" / "static.npz"
MARK = 4e-3
FUNCTION_WORD = 1e-3
OTHER = 1e-5
FUNCTION_WORDS = (
    "a about also am an and are as at be been but by can could did do does for from had has have he her here him his "
    "how i if in into is it its just may me might must my no not of on or our shall she should so than that the their "
    "them then there these they this those to us was we were what when where which who whom whose why will with would "
    "you your"
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the static vectors that mnesis ships.")
    parser.add_argument("--package", type=Path, help="the folder of the wordllama package (default: the installed one)")
    parser.add_argument("--to", type=Path, default=TARGET, help="the file to write")
    options = parser.parse_args()
    package = options.package or installed()
    table = load_file(package / "weights" / "l2_supercat_256.safetensors")["embedding.weight"].astype(np.float32)
    model = json.loads((package / "tokenizers" / "l2_supercat_tokenizer_config.json").read_text("utf-8"))["model"]
    vectors, scales = quantised(table)
    arrays = {
        "vectors": vectors,
        "scales": scales,
        "frequency": frequencies(model["vocab"]),
        **encoder(model["vocab"], [tuple(m.split(" ")) if isinstance(m, str) else tuple(m) for m in model["merges"]]),
    }
    options.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.to, **arrays)
    print(f"{options.to}: {options.to.stat().st_size:,} bytes, worst row {worst(table, vectors, scales):.5f} cosine")


def installed() -> Path:
    """Where the wordllama package lies, found without importing it."""
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SystemExit("wordllama is not installed; install it with pip install wordllama, or give --package.")
    return Path(spec.origin).parent


def quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Rows as 8-bit numbers and a scale for each row, such that row = numbers * scale."""
    scales = (np.abs(table).max(axis=1) / 127).astype(np.float16)
    numbers = np.rint(table / scales.astype(np.float32)[:, None])
    return np.clip(numbers, -127, 127).astype(np.int8), scales


def worst(table: NDArray[np.float32], vectors: NDArray[np.int8], scales: NDArray[np.float16]) -> float:
    """The lowest cosine between a row and what is kept of it."""
    kept = vectors.astype(np.float32) * scales.astype(np.float32)[:, None]
    norms = np.linalg.norm(table, axis=1) * np.linalg.norm(kept, axis=1)
    return float(((table * kept).sum(axis=1) / norms).min())


def frequencies(vocabulary: dict[str, int]) -> NDArray[np.float32]:
    """How common each token is, in three classes: marks and spaces, English function words, all others.

    Classes rather than counts, because no corpus is needed for them, and counts from encyclopaedias and chats found
    no more in the development data. Digits belong to the others: one digit is common, the year it is
    part of is not.
    """
    function_words = set(FUNCTION_WORDS.split())
    out = np.full(len(vocabulary), OTHER, np.float32)
    for token, at in vocabulary.items():
        if token.startswith("▁") and token[1:].lower() in function_words:
            out[at] = FUNCTION_WORD
        elif at > 258 and not any(letter.isalnum() for letter in token):
            out[at] = MARK
    return out


def encoder(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> dict[str, NDArray[np.generic]]:
    """The byte-pair encoder as numbers. It may work word by word only while no token spans two words: checked here."""
    spanning = [token for token in vocabulary if "▁" in token.lstrip("▁")]
    if spanning:
        raise SystemExit(f"This vocabulary has tokens that span words ({spanning[:3]}); the encoder would be wrong.")
    letters = [token for token in vocabulary if len(token) == 1]
    joins = sorted({(ord(left[-1]), ord(right[0])) for left, right in merges})
    return {
        "merges": np.array([(vocabulary[left], vocabulary[right]) for left, right in merges], np.uint16),
        "merged": np.array([vocabulary[left + right] for left, right in merges], np.uint16),
        "letters": np.array([ord(letter) for letter in letters], np.uint32),
        "letter_ids": np.array([vocabulary[letter] for letter in letters], np.uint16),
        "joins": np.array(joins, np.uint32),
    }


if __name__ == "__main__":
    main()
