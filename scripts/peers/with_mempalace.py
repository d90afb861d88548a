"""MemPalace: vectors and words together, no language model; its exact SQLite store, one source for each turn."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["MEMPALACE_BACKEND"] = "sqlite_exact"  # read when the package is imported

import mempalace.embedding
import numpy as np
from _job import Add, Job, Search, serve


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    class Lookup:
        """Vectors made beforehand, where MemPalace would embed."""

        dimension = job.dim

        def __call__(self, input):
            return [np.asarray(job.vector_of(text), np.float32) for text in input]

        embed_query = __call__

        def name(self):
            return "made-beforehand"

        def get_config(self):
            return {}

    mempalace.embedding.get_embedding_function = lambda *_, **__: Lookup()
    mempalace.embedding.configured_embedding_function = lambda *_, **__: Lookup()
    from mempalace import palace
    from mempalace.searcher import search_memories

    turns = palace.get_collection(str(folder), backend="sqlite_exact", create=True)

    def add(batch) -> None:
        turns.upsert(
            documents=[turn.text for turn in batch],
            ids=[f"{turn.space}/{turn.id}" for turn in batch],
            metadatas=[
                {
                    "wing": turn.space,
                    "room": "chat",
                    "source_file": turn.id,
                    "chunk_index": 0,
                    "filed_at": "2024-01-01T00:00:00",
                }
                for turn in batch
            ],
        )

    def search(text, vector, space, k):
        found = search_memories(text, palace_path=str(folder), wing=space, n_results=k, candidate_strategy="union")
        return [each["source_file"] for each in found["results"]]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["mempalace"])
