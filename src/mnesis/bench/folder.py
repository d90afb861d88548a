"""Where benchmark data lies: a folder of somebody's, or the samples that come along."""

from __future__ import annotations

from pathlib import Path

from mnesis.errors import BadInput, NotFound

SAMPLE = "sample"


def data_folder(data: str | Path | None) -> Path | None:
    """The folder benchmark data lies in; None for the built-in samples."""
    if not data:
        raise BadInput(
            "No benchmark data was named, and none is part of mnesis: give the folder it lies in with --data (or "
            "MNESIS_DATA). `mnesis show bench.tasks.locomo` tells where a benchmark is published; --data sample runs "
            "the built-in samples to try the path out."
        )
    if str(data) == SAMPLE:
        return None
    if not Path(data).is_dir():
        raise NotFound(f"There is no folder {data}; name the folder the benchmark data lies in with --data.")
    return Path(data)
