from __future__ import annotations

from mnesis.models.none import none


def test_as_many_rows_as_texts_and_no_columns() -> None:
    mind = none()
    assert (mind.name, mind.dim) == ("none", 0)
    assert mind.embed(["a", "", "b"], kind="query").shape == (3, 0)
