"""LangGraph's InMemoryStore: a dictionary with vector search, nothing on disk."""

from __future__ import annotations

from pathlib import Path

from _job import Add, Job, Search, serve
from langgraph.store.base import PutOp
from langgraph.store.memory import InMemoryStore


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    def embed(texts):
        return [job.vector_of(text).tolist() for text in texts]

    store = InMemoryStore(index={"dims": job.dim, "embed": embed, "fields": ["text"]})

    def add(batch) -> None:
        """Equal texts go into batches of their own: the store embeds a text once and then misses the second vector."""
        waiting: dict[str, PutOp] = {}
        for turn in batch:
            if turn.text in waiting:
                store.batch(list(waiting.values()))
                waiting.clear()
            waiting[turn.text] = PutOp(("turns", turn.space), turn.id, {"text": turn.text})
        store.batch(list(waiting.values()))

    def search(text, vector, space, k):
        return [item.key for item in store.search(("turns", space), query=text, limit=k)]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["langgraph"])
