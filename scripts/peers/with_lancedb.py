"""LanceDB: columns on disk with vector search; as it comes, without an index."""

from __future__ import annotations

from pathlib import Path

import lancedb
from _job import Add, Job, Search, serve


def open_store(folder: Path, job: Job) -> tuple[Add, Search]:
    connection = lancedb.connect(str(folder))
    spaces = {turn.space for turn in job.turns}
    tables: dict[str, lancedb.table.Table] = {}

    def add(batch) -> None:
        rows = [{"id": turn.id, "text": turn.text, "space": turn.space, "vector": turn.vector} for turn in batch]
        if "turns" in tables:
            tables["turns"].add(rows)
        else:
            tables["turns"] = connection.create_table("turns", rows)

    def search(text, vector, space, k):
        query = tables["turns"].search(vector).distance_type("cosine").limit(k).select(["id"])
        if len(spaces) > 1:
            query = query.where(f"space = '{space}'", prefilter=True)
        return [row["id"] for row in query.to_list()]

    return add, search


if __name__ == "__main__":
    serve(open_store, ["lancedb"])
