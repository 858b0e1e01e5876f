"""Every acceptance case holds of the book: told straight, restarted at every step, and copied."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from truebook.impl import UnifiedOrderBook
from truebook.impl.book import ageing, early
from truebook.impl.book.fills import FillMemory
from truebook.oracle.cases.case import FOLDER, Case, CaseError, all_cases, parse
from truebook.oracle.judge.deviation import differences
from truebook.oracle.reference.driving import Driver

CASES = all_cases()
SLUGS = (Path(__file__).parent / "slugs.txt").read_text().split()

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.slug)


def broken(case: Case, between: Callable[[UnifiedOrderBook], UnifiedOrderBook]) -> list[str]:
    """Run a case, with something done to the book before each step; return what differs."""
    driver = Driver.of(case)
    found = []
    for number, step in enumerate(case.steps, 1):
        driver.book = between(driver.book)
        shown = driver.take(step)
        found += [f"step {number}: {line}" for line in differences(step.expect, shown)]
    return found


def kept(book: UnifiedOrderBook) -> UnifiedOrderBook:
    return book


def restarted(book: UnifiedOrderBook) -> UnifiedOrderBook:
    loaded = UnifiedOrderBook.from_json(json.loads(json.dumps(book.to_json())))
    assert loaded == book
    assert loaded.to_json() == book.to_json()
    return loaded


def copied(book: UnifiedOrderBook) -> UnifiedOrderBook:
    copy = book.copy()
    saved = copy.to_json()
    assert copy == book
    assert saved == book.to_json()
    return copy


def test_the_slugs_are_those_that_were_promised() -> None:
    assert sorted(case.slug for case in CASES) == sorted(SLUGS)
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(SLUGS)


@every_case
def test_the_book_shows_what_it_should(case: Case) -> None:
    assert broken(case, kept) == []


@every_case
def test_a_book_restarted_at_every_step_shows_the_same(case: Case) -> None:
    assert broken(case, restarted) == []


@every_case
def test_a_copy_shows_the_same(case: Case) -> None:
    assert broken(case, copied) == []


@every_case
def test_a_copy_does_not_change_with_its_book(case: Case) -> None:
    driver = Driver.of(case)
    for step in case.steps:
        copy, before = driver.book.copy(), driver.book.to_json()
        driver.take(step)
        assert copy.to_json() == before


@every_case
def test_every_expectation_can_fail(case: Case) -> None:
    driver = Driver.of(case)
    for step in case.steps:
        shown = driver.take(step)
        for wrong in spoiled(step.expect):
            assert differences(wrong, shown), f"{case.slug}: {wrong} passes"


def spoiled(expect: Any) -> list[dict[str, Any]]:
    """Return the expectation with one of its values made wrong, for each of them."""
    found = []
    for key, value in expect.items():
        if isinstance(value, dict):
            found += [{**expect, key: wrong} for wrong in spoiled(value)]
        elif isinstance(value, list):
            found.append({**expect, key: [*value, "something else"]})
        else:
            found.append({**expect, key: "something else"})
    return found


# A book that is broken on purpose fails the case that is about it.


def _counts_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = UnifiedOrderBook.finalize_order

    def wrong(self: UnifiedOrderBook, *args: Any, **options: Any) -> Any:
        self._ledger.position += options.get("filled_size") or Decimal(0)
        return whole(self, *args, **options)

    monkeypatch.setattr(UnifiedOrderBook, "finalize_order", wrong)


def _forgets_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FillMemory, "knows", lambda self, key: False)


def _has_no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FillMemory, "knows", lambda self, key: key in self.known)


def _never_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "age", lambda ledger: None)


def _closes_what_a_cancel_is_asked_of(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = UnifiedOrderBook.request_cancel

    def wrong(self: UnifiedOrderBook, id: Any, **options: Any) -> Any:
        result = whole(self, id, **options)
        self.cancel_confirmed(id)
        return result

    monkeypatch.setattr(UnifiedOrderBook, "request_cancel", wrong)


def _takes_a_timeout_for_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UnifiedOrderBook, "order_unknown", UnifiedOrderBook.order_rejected)
    monkeypatch.setattr(UnifiedOrderBook, "modify_unknown", UnifiedOrderBook.modify_failed)


def _drops_early_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "merge", lambda ledger, leg, oid: None)


BROKEN: list[tuple[Callable[[pytest.MonkeyPatch], None], str]] = [
    (_counts_answers, "ack-filled-then-fill"),
    (_forgets_fills, "duplicate-tid"),
    (_forgets_fills, "replayed-snapshot"),
    (_has_no_floor, "evicted-tid-replay"),
    (_never_ages, "terminal-orders-leave"),
    (_never_ages, "cancel-ambiguous-error"),
    (_closes_what_a_cancel_is_asked_of, "partial-fill-while-cancel-pending"),
    (_takes_a_timeout_for_a_refusal, "ack-unknown-then-open"),
    (_takes_a_timeout_for_a_refusal, "modify-timeout-then-open"),
    (_drops_early_fills, "fill-for-unknown-order"),
]


@pytest.mark.parametrize(("fault", "slug"), BROKEN, ids=lambda x: getattr(x, "__name__", x))
def test_a_broken_book_fails(
    fault: Callable[[pytest.MonkeyPatch], None], slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = (case for case in CASES if case.slug == slug)
    fault(monkeypatch)
    assert broken(case, kept)


# What is not a case is refused, with where and why.

GOOD: dict[str, Any] = json.loads((FOLDER / "overfill.json").read_text())


def changed(**changes: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(GOOD)), **changes}


def with_step(**changes: Any) -> dict[str, Any]:
    data = changed()
    data["steps"][0] |= changes
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(slug="other"), "its file's name is not"),
        (changed(rule="no-such-rule"), "rule is 'no-such-rule', and must be one of"),
        (changed(property="none"), "property is 'none', and must be one of"),
        (changed(severity="grave"), "severity is 'grave', and must be one of"),
        (changed(requires=["magic"]), "requires[0] is 'magic', and must be one of"),
        (changed(steps=[]), "it has no steps"),
        (changed(extra=1), "extra is not one of"),
        (changed(config={"grace": "5"}), "config.grace is not one of"),
        (with_step(at="soon"), "at is 'soon', and must be a whole number"),
        (with_step(at="999"), "time goes back"),
        (with_step(event={"type": "dance"}), "no event is of type 'dance'"),
        (with_step(event={"type": "cancel"}), "id is missing"),
        (with_step(event={"type": "cancel", "id": 101}), "id is 101, and must be of type string"),
        (with_step(event={"type": "tick", "why": "x"}), "why is not one of"),
        (
            with_step(
                event={"type": "register", "cloid": "c", "side": "up", "price": "1", "size": "1"}
            ),
            "side is 'up', and must be one of buy, sell",
        ),
        (
            with_step(
                event={"type": "register", "cloid": "c", "side": "buy", "price": "1", "size": "x"}
            ),
            "size is 'x', and must be a plain number",
        ),
        (with_step(expect={"mood": "good"}), "expect.mood is not one of"),
        (
            with_step(expect={"orders": {"c1": {"state": "lost"}}}),
            "orders.c1.state is 'lost', and must be one of",
        ),
        (with_step(expect={"effects": {"noise": []}}), "effects.noise is not one of"),
    ],
)
def test_what_is_not_a_case_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError, match="overfill") as caught:
        parse(data, "overfill")
    assert message in str(caught.value)


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    from truebook.oracle.cases.case import load

    path = tmp_path / "bad.json"
    path.write_text("{")
    with pytest.raises(CaseError, match=r"bad\.json: not JSON"):
        load(path)


def test_a_case_is_a_value() -> None:
    case = parse(GOOD, "overfill")
    assert case == parse(GOOD, "overfill")
    assert attrs.evolve(case, title="other") != case
