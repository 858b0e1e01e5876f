"""A step that tells no truth has that of the step before, and none is written twice."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from truebook.oracle.cases.case import FOLDER, parse
from truebook.oracle.cases.truth import carried, told_once
from truebook.oracle.vectors.shipped import all_vectors, as_json

TRUTHS = (
    None,
    {"position": "0"},
    {"position": "1"},
    {"position": "1", "quiet": "true"},
    {"position": "1", "misled": "true"},
)
CASE: dict[str, Any] = json.loads((FOLDER / "overfill.json").read_text("utf-8"))


def read(steps: list[dict[str, Any]]) -> list[Any]:
    """Return the truth of each step, as a case of these steps has it."""
    told = [{"at": "0", "event": {"type": "tick"}, "expect": {"position": "0"}} for _ in steps]
    whole = [{**one, **step} for one, step in zip(told, steps, strict=True)]
    return [step.truth for step in parse({**CASE, "steps": whole}, "overfill").steps]


@given(st.lists(st.sampled_from(TRUTHS), min_size=1))
def test_what_is_written_once_is_read_at_every_step(truths: list[Any]) -> None:
    written = list(told_once({"truth": truth} for truth in truths))
    assert read(written) == truths
    before = None
    for step, truth in zip(written, truths, strict=True):
        assert ("truth" in step) == (truth != carried(before))
        before = truth


def test_that_all_is_quiet_is_of_one_step() -> None:
    quiet = {"position": "1", "quiet": "true"}
    assert read([{}, {"truth": quiet}, {}]) == [None, quiet, {"position": "1"}]


def test_a_truth_that_is_no_longer_known_is_null() -> None:
    known = {"position": "1"}
    assert read([{"truth": known}, {}, {"truth": None}, {}]) == [known, known, None, None]


def test_a_vector_is_written_with_each_truth_once_and_read_as_it_was() -> None:
    for case in all_vectors():
        data = as_json(case)
        assert parse(data, case.slug) == case
        assert data["steps"] == list(told_once(as_steps(case)))


def as_steps(case: Any) -> list[dict[str, Any]]:
    """Return the steps of a vector as JSON, each with its truth."""
    steps = as_json(case)["steps"]
    return [{**data, "truth": step.truth} for data, step in zip(steps, case.steps, strict=True)]
