"""txtai: hybrid search (its BM25 and vectors, added) over an embeddings database with content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from _job import Add, Job, Search, serve
from txtai import Embeddings


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    def transform(texts):
        return np.stack([job.vector_of(text if isinstance(text, str) else str(text)) for text in texts])

    spaces = {turn.space for turn in job.turns}
    store = Embeddings(method="external", transform=transform, content=True, hybrid=True)
    started: list[bool] = []
    waiting: list[bool] = []

    def add(batch) -> None:
        rows = [(f"{turn.space}/{turn.id}", {"text": turn.text, "space": turn.space}) for turn in batch]
        if started:
            store.upsert(rows)
        else:
            store.index(rows)
            started.append(True)
        waiting[:] = [True]

    def search(text, vector, space, k):
        if waiting:
            store.save(str(folder / "index"))
            waiting.clear()
        wall = " and space = :space" if len(spaces) > 1 else ""
        query = f"select id from txtai where similar(:text){wall} limit {k}"
        found = store.search(query, parameters={"text": text, "space": space})
        return [row["id"].partition("/")[2] for row in found]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["txtai"])
