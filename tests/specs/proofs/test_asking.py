"""Asking another solver: what it says, what comes of it, and what a mistake of one comes to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import z3

from truebook.specs.proofs import cvc5_solver
from truebook.specs.proofs.asking import Asker, Asking, DisagreementError
from truebook.specs.proofs.cvc5_solver import Said, ask
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.jobs import Job, show
from truebook.specs.proofs.lemmas import lemmas_of
from truebook.specs.proofs.solving import OutOfTimeError, Solver
from truebook.specs.proofs.worlds import open_foreign

X = z3.Int("x")

PIGEONS = "\n".join(
    (
        "(set-logic QF_LIA)",
        *(f"(declare-const p{n} Int)" for n in range(14)),
        *(f"(assert (and (>= p{n} 0) (< p{n} 13)))" for n in range(14)),
        *(f"(assert (not (= p{m} p{n})))" for m in range(14) for n in range(m)),
        "(check-sat)\n",
    )
)
"""What takes longer than anybody waits."""


def says(word: str, reason: str = "") -> Callable[[str, int], Said]:
    return lambda text, effort: Said(word, reason)


# cvc5


def test_cvc5_says_what_can_be() -> None:
    text = "(set-logic QF_LIA)(declare-const x Int)(assert (> x 3))(assert (< x {}))(check-sat)"
    assert ask(text.format(5), 1_000_000) == Said("sat")
    assert ask(text.format(4), 1_000_000) == Said("unsat")


def test_cvc5_has_a_budget_and_ends_at_the_same_unit() -> None:
    reason = "it takes more than 20,000 units of cvc5's work"
    assert ask(PIGEONS, 20_000) == ask(PIGEONS, 20_000) == Said("unknown", reason)


def test_what_the_clock_stops_is_no_answer_of_cvc5() -> None:
    with pytest.raises(OutOfTimeError, match="the clock stopped a query"):
        ask(PIGEONS, 4_000_000_000, net=0.05)


def test_a_query_that_cvc5_cannot_read_or_answer_is_no_answer() -> None:
    with pytest.raises(RuntimeError, match="'x' not declared"):
        ask("(set-logic QF_LIA)(assert (> x 3))(check-sat)", 1_000_000)
    with pytest.raises(ValueError, match="is to be answered sat, unsat or unknown"):
        ask("(set-logic QF_LIA)(declare-const x Int)(assert (> x 3))", 1_000_000)


# Proofs


def test_a_world_is_proved_by_both() -> None:
    both, z3_alone = (
        show(Job("foreign", asking=Asking(solver=solver)), lambda *told: None)
        for solver in ("both", "z3")
    )
    assert both.queries > z3_alone.queries > 150
    for shown in (both, z3_alone):
        assert all(claim.answer.proved for claim in (*shown.claims, *shown.lemmas))


def test_where_cvc5_proves_alone_z3_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Solver(X > 3, X < 4, asker=Asker(Asking(solver="cvc5")))
    monkeypatch.setattr(Solver, "check", lambda *_: pytest.fail("Z3 was asked"))
    assert solver.decide("it") == z3.unsat


@pytest.mark.parametrize("solver", ["cvc5", "both"])
def test_what_cvc5_cannot_tell_is_unknown(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cvc5_solver, "ask", says("unknown", "it is hard"))
    asked = Solver(X > 3, X < 4, asker=Asker(Asking(solver=solver)))
    assert asked.decide("it") == z3.unknown
    assert asked.reason_unknown() == "it is hard"


@pytest.mark.parametrize("solver", ["cvc5", "both"])
def test_what_can_be_has_a_state_of_z3(solver: str) -> None:
    asked = Solver(X > 3, X < 5, asker=Asker(Asking(solver=solver)))
    assert asked.decide("it") == z3.sat
    assert asked.model().eval(X).as_long() == 4


@pytest.mark.parametrize(
    ("solver", "word", "most"), [("cvc5", "sat", 4), ("both", "sat", 4), ("both", "unsat", 5)]
)
def test_a_disagreement_keeps_what_each_was_given(
    solver: str, word: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cvc5_solver, "ask", says(word))
    asking = Asking(solver=solver, kept=tmp_path / "kept")
    asked = Solver(X > 3, most > X, asker=Asker(asking, world="order"))
    other = "unsat" if word == "sat" else "sat"
    with pytest.raises(DisagreementError) as raised:
        asked.decide("lemma so")
    assert f"Z3 says {other} and cvc5 {word} of one query (order: lemma so)" in str(raised.value)
    kept = sorted((tmp_path / "kept").iterdir())
    assert [path.name.rpartition("-")[2] for path in kept] == ["cvc5.smt2", "z3.smt2"]
    for path, by, said in zip(kept, ("cvc5", "z3"), (word, other), strict=True):
        assert str(path) in str(raised.value)
        lines = path.read_text().splitlines()
        assert lines[:2] == ["; order: lemma so", f"; {by} says {said}"]
        solved = z3.Solver()
        solved.add(*z3.parse_smt2_string(path.read_text()))
        assert str(solved.check()) == other  # each is whole, and can be asked again


def of_foreign(solver: str) -> Prover:
    world = open_foreign()
    return Prover(world, lemmas_of(world), asker=Asker(Asking(solver=solver)))


def test_that_no_path_is_left_out_is_asked_of_cvc5() -> None:
    """Z3 alone has said so of each, when it was left out."""
    answer = of_foreign("cvc5").prove_left_out()
    assert answer.proved
    assert answer.queries > 0
    assert of_foreign("z3").prove_left_out().queries == 0


def test_a_path_that_was_wrongly_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = Solver.possible, [30]

    def wrong_once(asked: Solver) -> bool:
        possible = real(asked)
        left[0] -= possible
        return possible and left[0] != 0

    with monkeypatch.context() as patched:
        patched.setattr(Solver, "possible", wrong_once)
        prover = of_foreign("cvc5")
    answer = prover.prove_left_out()
    assert not answer.proved
    assert answer.counterexample is not None
    assert answer.counterexample.action is not None
