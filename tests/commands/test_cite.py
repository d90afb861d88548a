"""mnesis cite: what an answer rested on, and recalls that leave no trace."""

from __future__ import annotations


def test_a_cited_memory_comes_first_next_time(cli) -> None:
    for text in ("The boat needs a new engine.", "Tom sold the boat.", "My sister painted the boat green."):
        cli("remember", text, "--recipe", "rmm")
    asked = ("recall", "What about the boat?", "--recipe", "rmm", "--ids")
    last = cli(*asked).out.split()[-1]
    for _ in range(6):
        done = cli("cite", "What about the boat?", last, "--recipe", "rmm").json
        assert done["reason"] == "cite"
    assert cli(*asked).out.split()[0] == last


def test_a_recipe_that_learns_nothing_says_so(told) -> None:
    (id,) = told("recall", "Where did Ana move?", "-k", "1", "--ids").out.split()
    ran = told("cite", "Where did Ana move?", id)
    assert ran.json is None


def test_an_id_that_is_not_there_is_an_error(told) -> None:
    ran = told("cite", "Where did Ana move?", "nobody", code=1)
    assert "There is no cube 'nobody'" in ran.err


def test_a_recall_leaves_a_trace_unless_told_not_to(cli) -> None:
    for text in ("The trip was long.", "The trip made me furious."):
        cli("remember", text, "--recipe", "ecm")
    asked = ("recall", "I am so angry about the trip!", "--recipe", "ecm")
    cli(*asked, "--no-touch")
    assert len(cli("history").json) == 2
    cli(*asked)
    assert len(cli("history").json) == 3
