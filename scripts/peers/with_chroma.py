"""Chroma: a vector store with metadata filters; vectors only, HNSW, in a folder."""

from __future__ import annotations

from pathlib import Path

import chromadb
from _job import Add, Job, Search, serve
from chromadb.config import Settings


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    turns = client.create_collection("turns", metadata={"hnsw:space": "cosine"}, embedding_function=None)
    spaces = {turn.space for turn in job.turns}

    def add(batch) -> None:
        turns.add(
            ids=[f"{turn.space}/{turn.id}" for turn in batch],
            documents=[turn.text for turn in batch],
            embeddings=[turn.vector for turn in batch],
            metadatas=[{"space": turn.space} for turn in batch],
        )

    def search(text, vector, space, k):
        where = {"space": space} if len(spaces) > 1 else None
        found = turns.query(query_embeddings=[vector], n_results=k, where=where)
        return [each.partition("/")[2] for each in found["ids"][0]]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["chromadb"])
