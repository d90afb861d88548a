from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnesis.errors import BadInput, Unavailable
from mnesis.models.local import PACKAGE, local


@pytest.fixture
def packaged() -> Path:
    for name in ("sentence_transformers", PACKAGE):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed: pip install 'mnesis[local]'")
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def test_the_packaged_model(packaged: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mind = local()
    assert (mind.name, mind.dim) == ("local/all-MiniLM-L6-v2@53aa5117", 384)
    question, near, far = mind.embed(["Which dog did she adopt?", "We got a puppy.", "The train was late."])
    assert question @ near > question @ far + 0.2
    assert capfd.readouterr().err == ""


def test_a_folder_of_ones_own_is_the_same_model_under_its_own_name(packaged: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(packaged, folder)
    mind = local(folder, threads=1)
    assert mind.name == "local/mine@53aa5117"
    np.testing.assert_allclose(mind.embed(["a note"]), local().embed(["a note"]), atol=1e-6)
    (folder / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(Unavailable, match="cannot be loaded"):
        local(folder)


def test_the_package_is_found_but_never_run(packaged: Path) -> None:
    code = f"import sys; from mnesis.models.local import local; local(); print({PACKAGE!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_weights_that_are_not_the_known_ones_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / PACKAGE / "model"
    model.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").write_text("raise RuntimeError('this package must not be run')\n")
    (model / "model.safetensors").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Unavailable, match=hashlib.sha256(b"something else").hexdigest()[:8]):
        local()
    (model / "model.safetensors").unlink()
    with pytest.raises(Unavailable, match="cannot be read"):
        local()


def test_folders_that_are_no_models_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"modules\.json"):
        local(tmp_path / "nowhere")
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(Unavailable, match="no weights"):
        local(tmp_path)


def test_a_missing_library_says_what_to_install(tmp_path: Path) -> None:
    if importlib.util.find_spec("sentence_transformers") is not None:
        pytest.skip("sentence-transformers is installed, so nothing is missing")
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(Unavailable, match=r"mnesis\[local\]"):
        local(tmp_path)


@pytest.mark.parametrize("threads", [0, -2])
def test_threads_below_one_are_refused(threads: int) -> None:
    with pytest.raises(BadInput):
        local(threads=threads)


def test_importing_it_loads_no_torch() -> None:
    code = "import sys, mnesis.models.local; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    command = [sys.executable, "-c", code, "torch", "sentence_transformers", "transformers"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_queries_and_documents_get_the_prompts_of_the_model(packaged: Path, tmp_path: Path) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(packaged, folder)
    written = folder / "config_sentence_transformers.json"
    written.write_text(json.dumps({**json.loads(written.read_text()), "prompts": {"query": "Question: "}}))
    mind: Any = local(folder)
    plain = local()
    np.testing.assert_allclose(mind.embed(["who?"], kind="query"), plain.embed(["Question: who?"]), atol=1e-5)
    np.testing.assert_allclose(mind.embed(["who?"]), plain.embed(["who?"]), atol=1e-5)
