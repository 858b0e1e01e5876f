"""What vectors say is true can be, is what the reference shows, and breaks none of its promises."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from possible_truths import impossible
from truebook.oracle.cases import Case
from truebook.oracle.cases.case import all_cases
from truebook.oracle.cases.truth import truth_of
from truebook.oracle.judge.look import Look
from truebook.oracle.judge.promises import broken
from truebook.oracle.reference.driving import Driver
from truebook.oracle.vectors.shipped import all_vectors

CASES = {case.slug: case for case in all_cases()}
VECTORS = {case.slug: case for case in all_vectors()}


def broken_by_the_reference(case: Case) -> Iterator[str]:
    """Yield the promises that the reference breaks, were a vector true, and false positions."""
    driver, before = Driver.of(case), dict[str, Any]()
    for number, step in enumerate(case.steps, 1):
        shown, where = driver.take(step), f"{case.slug}, step {number}"
        if step.truth is not None:
            left = "leave_strangers" in case.config
            look = Look(shown, before, truth_of(step.truth), step.event, left, case.requires)
            yield from (f"{where}: {one.promise} {one}" for one in broken(look))
            if step.truth.get("position", shown["position"]) != shown["position"]:
                yield f"{where}: the position is {shown['position']}"
        before = shown


def test_every_truth_can_be() -> None:
    assert [line for case in VECTORS.values() for line in impossible(case)] == []


def test_the_reference_breaks_no_promise_of_any_vector_and_its_position_is_the_true_one() -> None:
    found = [line for case in VECTORS.values() for line in broken_by_the_reference(case)]
    assert found == []


UNKNOWN = {
    # Whether the order is still there is not said: the listing came after its time.
    "empty-or-failed-listing, step 9",
    # Two orders have the same cloid, and no oid is known by which to tell them apart.
    "late-answer-of-a-cloid-used-again, step 3",
    "late-answer-of-a-cloid-used-again, step 4",
    "late-waiting-of-a-cloid-used-again, step 3",
    "late-waiting-of-a-cloid-used-again, step 4",
    "late-waiting-of-a-cloid-used-again, step 5",
    "old-listing-of-a-cloid-used-again, step 4",
    "old-listing-of-a-cloid-used-again, step 5",
}


def test_every_case_tells_the_truth_nearly_everywhere() -> None:
    unknown = {
        f"{case.slug}, step {number}"
        for case in CASES.values()
        for number, step in enumerate(case.steps, 1)
        if step.truth is None
    }
    assert unknown == UNKNOWN


def test_most_cases_end_when_everything_was_told() -> None:
    quiet = [case for case in CASES.values() if case.steps[-1].truth == quiet_of(case)]
    assert len(quiet) == 99
    for case in VECTORS.values():
        for step in case.steps[:-1]:
            assert step.truth is None or "quiet" not in step.truth, case.slug


def quiet_of(case: Case) -> dict[str, Any]:
    return {**(case.steps[-1].truth or {}), "quiet": "true"}


# A truth that is damaged in one word is found to be impossible.

DAMAGES = [
    ("fill-before-ack", 2, "orders.101.fills", "5", "101: more was told than has executed"),
    ("fill-before-ack", 2, "orders.101.fills", "3", "101: 4 was told in fills"),
    ("fill-before-ack", 2, "orders.101.told", "over", "101: told to be over, and is not"),
    ("fill-before-ack", 2, "orders.101.told", "nothing", "101: it was told"),
    ("fill-before-ack", 2, "orders.101.left", "0", "101: open, and cannot trade"),
    ("fill-before-ack", 2, "orders.101.cloid", "c2", "101: whose it is, the events say otherwise"),
    ("restart", 4, "orders.101", None, "101: ours, filled, and not there"),
    ("fill-before-ack", 2, "position", "5", "the fills told come to 4"),
    ("fill-before-ack", 3, "orders.101.side", "sell", "101: another order"),
    ("fill-before-ack", 4, "misled", "true", "quiet, and a false word stands"),
    ("fill-before-ack", 4, "orders.101.executed", "5", "101: quiet, and not everything was told"),
    ("fill-before-ack", 1, "orders.c1.executed", "1", "c1: on its way, and known to have come"),
    ("fill-before-ack", 1, "orders.c1.told", "open", "c1: nothing has named it"),
    ("status-unknown-of-a-request", 5, "orders.c1.stands", "sent", "c1: on its way after the time"),
    ("absence-is-not-death", 4, "orders.101.told", "over", "101: nothing has told that it is over"),
    ("fill-before-ack", 2, "traded", {"buy": "3", "sell": "0"}, "executed more than was traded"),
    ("unsolicited-cancel", 4, "orders.101.left", "5", "101: over, and can trade"),
    ("unsolicited-cancel", 3, "orders.101.stands", "over", "101: over, and can trade"),
    ("cancel-before-the-answer", 4, "orders.101.stands", "open", "101: it was over"),
    ("cancel-before-the-answer", 4, "orders.101.told", "open", "101: what was told is untold"),
    ("cancel-ambiguous-error", 6, "orders.101.executed", "3", "101: less has executed than had"),
    ("orphan-missing-from-an-old-listing", 12, "orders.900.told", "open", "900: what was told is"),
    ("modify-new-oid", 4, "orders.101.stands", "open", "the order that it replaced is not over"),
    ("duplicate-tid", 4, "orders.101", None, "101: it is gone"),
    ("ack-unknown-then-open", 6, "orders.101", None, "101: it is gone"),
    ("orphan-grace", 2, "orders.900.of_others", None, "900: whose it is"),
    ("forgotten-order-is-ours", 4, "misled", None, "101: open all the time, and not listed"),
    ("orphan-vanishes-and-returns", 4, "misled", None, "exposure-bounds-truth"),
    ("false-end-is-contradicted", 3, "misled", None, "no-live-order-dropped"),
    ("false-end-is-contradicted", 12, "orders.101.stands", "open", "101: it was over"),
    ("listed-though-over", 13, "misled", None, "101: listed, and was not open"),
]


def damaged(case: Case, number: int, path: str, value: Any) -> Case:
    """Return a vector with one value in the truth of a step made another; None takes it away."""
    step = case.steps[number - 1]
    assert step.truth is not None
    truth = with_value(step.truth, path.split("."), value)
    steps = (*case.steps[: number - 1], attrs.evolve(step, truth=truth), *case.steps[number:])
    return attrs.evolve(case, steps=steps)


def with_value(data: Mapping[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    name, *rest = path
    if rest:
        return {**data, name: with_value(data[name], rest, value)}
    changed = {**data, name: value}
    return {key: one for key, one in changed.items() if one is not None}


@pytest.mark.parametrize(("slug", "number", "path", "value", "message"), DAMAGES)
def test_a_damaged_truth_cannot_be(
    slug: str, number: int, path: str, value: Any, message: str
) -> None:
    case = damaged(CASES[slug], number, path, value)
    found = [*impossible(case), *broken_by_the_reference(case)]
    assert any(f"{slug}, step {number}: " in line and message in line for line in found), found


PLACES = [
    (case.slug, number, path)
    for case in VECTORS.values()
    for number, step in enumerate(case.steps, 1)
    for path in (
        *(["position"] if "position" in (step.truth or {}) else []),
        *(
            f"orders.{id_}.{name}"
            for id_, order in (step.truth or {}).get("orders", {}).items()
            for name in ("fills", "side")
            if name in order and "of_others" not in order
        ),
    )
]
OTHERS = {"buy": "sell", "sell": "buy"}


@given(st.sampled_from(PLACES), st.integers(1, 9))
def test_no_fill_side_or_position_can_be_another(place: tuple[str, int, str], more: int) -> None:
    slug, number, path = place
    truth: Any = VECTORS[slug].steps[number - 1].truth
    for name in path.split("."):
        truth = truth[name]
    value = OTHERS.get(truth) or str(int(float(truth)) + more)
    case = damaged(VECTORS[slug], number, path, value)
    assert [*impossible(case), *broken_by_the_reference(case)]
