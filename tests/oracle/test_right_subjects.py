"""Books that are right by every promise, and differ from the reference, pass at that level."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import pytest

from truebook.oracle import assert_conforms
from truebook.oracle.cases import FEATURES, Case
from truebook.oracle.conform import Gathering, check_smoke, run_plans, run_vectors
from truebook.oracle.driver.client import Direct
from truebook.oracle.judge import Kind, Level
from truebook.oracle.reference.subject import ReferenceBook
from truebook.oracle.reports import Run, lines_of
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors import all_vectors

OVER = ("filled", "filled_during_cancel", "cancel_confirmed", "cancelled", "dead")
WORDS = {"cancel_confirmed": "cancelled", "filled_during_cancel": "filled"}
MORE = 7


class Forgetful(ReferenceBook):
    """A book that shows no order any more that is over."""

    def state(self) -> Mapping[str, Any]:
        right = super().state()
        kept = {id_: one for id_, one in right["orders"].items() if one["state"] not in OVER}
        return {**right, "orders": kept}


class Worded(ReferenceBook):
    """A book with fewer words for states, and its own for what it reports."""

    def step(self, event: Event, at: int) -> Effects:
        right = super().step(event, at)
        return {**right, "reports": [f"my {report}" for report in right["reports"]]}

    def state(self) -> Mapping[str, Any]:
        right = super().state()
        orders = {
            id_: {**one, "state": WORDS.get(one["state"], one["state"])}
            for id_, one in right["orders"].items()
        }
        return {**right, "orders": orders}


class Careful(ReferenceBook):
    """A book that counts more than can trade while it waits for anything."""

    def state(self) -> Mapping[str, Any]:
        right = super().state()
        if not right["pending"]:
            return right
        more = {side: Decimal(size) + MORE for side, size in right["exposure"].items()}
        return {**right, "exposure": more}


class Slow(ReferenceBook):
    """A book that shows what was pending as pending for one step more."""

    before: tuple[str, ...] = ()

    def state(self) -> Mapping[str, Any]:
        right = super().state()
        now = tuple(right["pending"])
        shown = dict.fromkeys((*now, *self.before))
        self.before = now
        return {**right, "pending": list(shown)}


RIGHT = (Forgetful, Worded, Careful, Slow)
WRONG: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "it shows as filled what is not": lambda right: {
        "orders": {k: {**v, "state": "filled"} for k, v in right["orders"].items()}
    },
    "it counts less than can trade": lambda right: {"exposure": {"buy": "0", "sell": "0"}},
    "what was pending is so for ever": lambda right: {"pending": [*right["pending"], "c1"]},
    "it shows nothing of what is open": lambda right: {"open": [], "pending": [], "orders": {}},
}


def run_of(book: Callable[[Mapping[str, int]], Any], some: Sequence[Case]) -> Run:
    session, gathering = Session(book, name="mine", features=FEATURES), Gathering()
    assert check_smoke(gathering, lambda: Direct(session))
    run_vectors(gathering, lambda: Direct(session), [(case, ()) for case in some])
    run_plans(gathering, lambda: Direct(session), examples=5)
    found = tuple(gathering.findings.findings())
    return Run(gathering.about, ("mine",), tuple(gathering.results), found)


@pytest.mark.parametrize("book", RIGHT, ids=lambda book: book.__name__)
def test_what_is_right_and_differs_breaks_no_promise(book: type[ReferenceBook]) -> None:
    run = run_of(book, all_vectors()[::3])
    text = [line for _, line in lines_of(run)]
    assert "no promise broken" in text
    assert run.broken == []
    assert run.differing
    assert run.exit_code == 0
    assert {result.kind for result in run.results} == {Kind.PASS, Kind.DIFFERS}
    assert attrs.evolve(run, level=Level.REFERENCE).exit_code == 1


def test_in_one_call_the_level_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    some = all_vectors()[::3]
    monkeypatch.setattr("truebook.oracle.assertions.all_vectors", lambda: some)
    assert_conforms(Worded, features=FEATURES)
    with pytest.raises(AssertionError, match=r"no promise broken\n[0-9]+ difference"):
        assert_conforms(Worded, features=FEATURES, level=Level.REFERENCE)


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_not_right_breaks_one(fault: str) -> None:
    class Wrong(ReferenceBook):
        def state(self) -> Mapping[str, Any]:
            right = super().state()
            return {**right, **WRONG[fault](right)}

    run = run_of(Wrong, all_vectors()[::12])
    assert run.broken
    assert run.exit_code == attrs.evolve(run, level=Level.REFERENCE).exit_code == 1
    text = "\n".join(line for _, line in lines_of(run))
    assert re.search(r"^\d+ promises? broken, in \d+ finding", text, re.MULTILINE)
