"""mem0 with ``infer=False``: texts kept as they are in a local vector store, no language model asked.

Its client for a language model is always built, so it is given a key that is never used.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["MEM0_TELEMETRY"] = "False"  # read when the package is imported

from _job import Add, Job, Search, serve
from mem0 import Memory
from mem0.embeddings.base import EmbeddingBase
from mem0.utils.factory import EmbedderFactory


class Lookup(EmbeddingBase):
    """Vectors made beforehand, where mem0 would embed."""

    job: Job

    def embed(self, text, memory_action=None):
        return Lookup.job.vector_of(text).tolist()

    def embed_batch(self, texts, memory_action=None):
        return [self.embed(text) for text in texts]


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    import with_mem0  # mem0 imports the class by this name, so the job belongs there

    with_mem0.Lookup.job = job
    EmbedderFactory.provider_to_class["huggingface"] = "with_mem0.Lookup"
    store = {"path": str(folder / "qdrant"), "on_disk": True, "collection_name": "t", "embedding_model_dims": job.dim}
    memory = Memory.from_config(
        {
            "llm": {"provider": "openai", "config": {"api_key": "unused"}},
            "embedder": {"provider": "huggingface", "config": {"embedding_dims": job.dim}},
            "vector_store": {"provider": "qdrant", "config": store},
            "history_db_path": str(folder / "history.db"),
        }
    )

    def add(batch) -> None:
        for turn in batch:
            memory.add(turn.text, user_id=turn.space, metadata={"turn": turn.id}, infer=False)

    def search(text, vector, space, k):
        found = memory.search(text, filters={"user_id": space}, top_k=k, threshold=0.0)["results"]
        return [each["metadata"]["turn"] for each in found]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["mem0ai", "qdrant-client"])
