"""Budgets of queries: counted in what the solver does, the same whatever came before."""

from collections.abc import Iterator
from itertools import combinations

import pytest
import z3

from truebook.specs.proofs.asking import Asker, Asking
from truebook.specs.proofs.solving import OutOfTimeError, Solver, own_context


def hard() -> Iterator[z3.BoolRef]:
    """Yield facts on which Z3 works for longer than anybody waits: 14 pigeons in 13 holes."""
    pigeons = [z3.Int(f"pigeon {n}") for n in range(14)]
    yield from (z3.And(one >= 0, one < 13) for one in pigeons)
    yield from (one != other for one, other in combinations(pigeons, 2))


def within(effort: int) -> Asker:
    return Asker(Asking(effort))


def told(effort: int) -> tuple[str, int, str]:
    """Ask something hard in a context of its own, and return what was said and spent."""
    with own_context():
        solver = Solver(*hard(), asker=within(effort))
        before = solver.done()
        return str(solver.check()), solver.done() - before, solver.reason_unknown()


def test_a_budget_ends_a_query_at_the_same_unit_each_time() -> None:
    said, spent, reason = told(200_000)
    assert (said, reason) == ("unknown", "it takes more than 200,000 units of the solver's work")
    assert 200_000 <= spent < 400_000
    assert told(200_000) == (said, spent, reason)


def test_what_was_done_before_changes_nothing() -> None:
    alone = told(50_000)
    z3.Solver().add(*(z3.Int(f"other {n}") > n for n in range(100)))
    told(70_000)
    assert told(50_000) == alone


def test_a_context_is_given_back() -> None:
    before = z3.main_ctx()
    with own_context():
        assert z3.main_ctx() is not before
    assert z3.main_ctx() is before


def test_the_safety_net_says_that_the_clock_stopped_a_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Solver, "net", 0.05)
    solver = Solver(*hard(), asker=within(4_000_000_000))
    with pytest.raises(OutOfTimeError, match=r"the clock stopped a query after 0\.05 s"):
        solver.check()


def test_a_budget_can_be_given_to_one_query() -> None:
    with own_context():
        solver = Solver(*hard(), asker=within(100_000))
        for effort in (1_000, None, 2_000):
            before = solver.done()
            assert solver.check(effort) == z3.unknown
            assert f"more than {effort or 100_000:,} units" in solver.reason_unknown()
            assert solver.done() - before >= (effort or 100_000)


def test_what_is_hard_to_tell_counts_as_possible() -> None:
    x = z3.Int("x")
    assert Solver(*hard()).possible()
    assert Solver(x > 3).possible()
    assert not Solver(x > 3, x < 2).possible()
