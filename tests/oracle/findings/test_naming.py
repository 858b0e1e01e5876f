"""The rule that a finding is called by is the one without which the reference does the same."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import pytest

from judged import judged, onset, wrong
from truebook.oracle.cases import FEATURES, Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.findings import Finding, Without, gathered, named
from truebook.oracle.judge import run_case
from truebook.oracle.mutants import KNOCKOUTS, session_of
from truebook.oracle.protocol import SHOWS
from truebook.oracle.reference.subject import ReferenceBook
from truebook.oracle.serve import Session
from truebook.oracle.vectors.shipped import of

ONE_OF = {one.rules[0]: one for one in reversed(KNOCKOUTS) if len(one.rules) == 1}
"""For each rule a book without it."""
RULES = (
    "fill-binds",
    "early-fills-kept",
    "unknown-stays",
    "listing-binds",
    "modify-binds",
    "exposure-bounds",
)


def found(session: Session, cases: Iterable[Case]) -> list[Finding]:
    client = Client(lambda: Direct(session))
    return named(gathered(run_case(client, case) for case in cases), Without(session.shows))


@pytest.mark.parametrize("rule", RULES)
def test_a_book_without_a_rule_is_named_by_it(rule: str) -> None:
    findings = found(session_of(ONE_OF[rule]), of(rules=[rule]))
    assert findings
    assert {one.rules for one in findings} == {(rule,)}
    promises = [one.promise for one in findings]
    assert len(set(promises)) == len(promises), "one cause is one finding of each promise"


def test_what_only_a_position_shows_is_named_by_it() -> None:
    session = attrs.evolve(session_of(ONE_OF["fills-move-position"]), shows=("position",))
    findings = found(session, of(rules=["fills-move-position"]))
    assert {one.rules for one in findings} == {("fills-move-position",)}
    assert {one.deviation.part for one in findings} == {"position"}


class Odd(ReferenceBook):
    def state(self) -> Mapping[str, Any]:
        return {**super().state(), "position": "77"}


def test_what_no_rule_prevents_is_not_named() -> None:
    (one,) = found(Session(Odd, features=FEATURES), of(rules=["reject-clears"])[-2:])
    assert one.promise
    assert one.rules == ()


def test_what_is_mild_and_unexplained_is_one_thing_whatever_it_came_after() -> None:
    runs = [
        judged(f"run-{step}", onset(step, wrong("stuck", way="another word"))) for step in (1, 2)
    ]
    (one,) = named(gathered(runs), Without(SHOWS))
    assert one.rules == ()
    assert (one.count, len(one.names), len(one.after)) == (2, 2, 2)


def test_what_is_bad_and_unexplained_is_told_apart_by_what_it_came_after() -> None:
    bad = wrong("stuck", "no-live-order-dropped", "another word")
    assert (
        len(named(gathered(judged(f"run-{n}", onset(n, bad)) for n in (1, 2)), Without(SHOWS))) == 2
    )


def test_what_is_judged_once_quiet_is_one_thing_whatever_came_last() -> None:
    late = wrong("stuck", "convergence", "another word")
    (one,) = named(gathered(judged(f"run-{n}", onset(n, late)) for n in (1, 2)), Without(SHOWS))
    assert (one.promise, one.count) == ("convergence", 2)


def test_a_difference_is_told_with_what_it_comes_to() -> None:
    runs = [
        judged("early", onset(1, wrong("stuck"))),
        judged("quiet", onset(2, wrong("stuck", "convergence"))),
        judged("other", onset(1, wrong("orphans"))),
    ]
    comes, other = named(gathered(runs), Without(SHOWS))
    assert (comes.promise, comes.count, len(comes.names)) == ("convergence", 2, 2)
    assert (other.promise, other.deviation.part) == ("", "orphans")


def test_naming_changes_no_count() -> None:
    session = session_of(ONE_OF["modify-binds"])
    client = Client(lambda: Direct(session))
    before = gathered(run_case(client, case) for case in of(rules=["modify-binds"]))
    after = named(before, Without(session.shows))
    assert sum(one.count for one in before) == sum(one.count for one in after)
    assert {name for one in before for name in one.names} == {n for one in after for n in one.names}
