"""The vectors notice what is wrong: every mutant of the reference dies, or lives rightly.

`killers.txt` has for each mutant a vector that killed it, which is tried first.
"""

import pickle
from pathlib import Path

import attrs
import pytest

from truebook.model.rules import RULE_NAMES
from truebook.oracle.cases import Case, events
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Kind, run_case
from truebook.oracle.mutants import MUTANTS, Death, Mutant, first_killer, killed, matrix
from truebook.oracle.protocol.versions import ADDED, BEFORE, NEEDED, as_told
from truebook.oracle.reference.subject import reference
from truebook.oracle.vectors.shipped import all_vectors
from truebook.screen.layout import laid_out
from truebook.specs.properties import PROPERTY_NAMES

VECTORS = all_vectors()
BY_SLUG = {case.slug: case for case in VECTORS}
KILLERS = dict(
    line.split() for line in (Path(__file__).parent / "killers.txt").read_text().splitlines()
)
BESIDE = {
    f"{kind}.{name}"
    for kind, names in ADDED.items()
    for name in names
    if (kind, name) not in NEEDED
}
"""Said beside what is told, which is the same without it: times and words of the venue, replays and
batches. A book that knows fills by their ids and answers by their requests has no use for them."""
NAMES = {mutant.name for mutant in MUTANTS}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_dies_or_lives_rightly(mutant: Mutant) -> None:
    if mutant.survives:
        assert killed(mutant, VECTORS).promise == ""
    else:
        last = [BY_SLUG[KILLERS[mutant.name]]] if mutant.name in KILLERS else []
        assert first_killer(mutant, last) or first_killer(mutant, VECTORS)


def test_there_are_enough() -> None:
    assert len(NAMES) == len(MUTANTS) >= 150
    assert set(KILLERS) == {mutant.name for mutant in MUTANTS if not mutant.survives}


def test_every_rule_and_property_is_broken_by_a_mutant() -> None:
    assert {rule for mutant in MUTANTS for rule in mutant.rules} == set(RULE_NAMES)
    of_messages = {"confluence"}  # what it is about is told in many orders, which no run is
    broken = {name for mutant in MUTANTS for name in mutant.properties}
    assert broken == set(PROPERTY_NAMES) - of_messages


def test_every_mutant_but_those_that_live_says_what_it_breaks() -> None:
    assert [mutant.name for mutant in MUTANTS if not mutant.properties] == [
        mutant.name for mutant in MUTANTS if mutant.survives and not mutant.properties
    ]


def about(what: str) -> set[str]:
    """Return what mutants are about, of what is told or shown."""
    words = (mutant.about.split() for mutant in MUTANTS if mutant.about)
    return {path for kind, path in words if kind == what}


def told() -> set[str]:
    """Return every event, and every field that may be left out."""
    every = set(events.EVENTS) - {"tick", "restart"}
    for kind, fields in {**events.EVENTS, "listed": events.LISTED}.items():
        every |= {f"{kind}.{field[:-1]}" for field in fields.split() if field.endswith("*")}
    return every


def test_everything_that_can_be_told_is_not_listened_to_by_some_mutant() -> None:
    deaf = about("told")
    # Read with the answers and listings that name them.
    names = {"register.name", "cancel.name", "modify.name", "listing_requested"}
    nothing = {"listing_failed.request"}  # what failed shows nothing, whenever it was asked for
    assert deaf == told() - names - nothing - BESIDE


def told_in(case: Case) -> set[str]:
    return {f"{e['type']}.{name}" for step in case.steps for e in step.events() for name in e}


def without_what_is_beside(case: Case) -> Case:
    steps = [attrs.evolve(s, event=as_told(s.event, BEFORE)) for s in case.steps]
    return attrs.evolve(case, steps=tuple(steps))


def test_what_stands_beside_what_is_told_a_right_book_need_not_use() -> None:
    needed = {f"{kind}.{name}" for kind, name in NEEDED}
    tell = [case for case in VECTORS if BESIDE & told_in(case) and not needed & told_in(case)]
    assert set().union(*map(told_in, tell)) >= BESIDE
    client = Client(lambda: Direct(reference()))
    for case in tell:
        assert run_case(client, without_what_is_beside(case)).kind is Kind.PASS, case.slug


def test_everything_that_can_be_shown_is_shown_wrong_by_some_mutant() -> None:
    every = {f"orders.{part}" for part in events.ORDER} | (
        set(events.SHOWN) - {"orders", "effects"}
    )
    assert about("shown") == every


def test_the_reference_itself_lives() -> None:
    assert killed(Mutant("none", "nothing is broken"), VECTORS).killers == ()


def test_a_mutant_goes_from_process_to_process() -> None:
    for mutant in MUTANTS:
        assert pickle.loads(pickle.dumps(mutant)) is mutant


def test_the_matrix_counts_by_kind() -> None:
    right = next(mutant for mutant in MUTANTS if mutant.survives)
    killers = ("duplicate-tid", "row-x", "row-y")
    deaths = [Death(MUTANTS[0], killers, "row-x"), Death(right, ("row-x",))]
    lines = [line for _, line in laid_out(matrix(deaths))]
    assert lines[1].split() == [MUTANTS[0].name, "1", "·", "·", "·", "2", "duplicate-tid"]
    assert lines[2].split()[0] == right.name
    assert "  lives: " in f"{lines[2]} "
    assert lines[-3:] == [
        "1 of 2 mutants die in the vectors",
        "1 of them break a promise, the others differ from the reference",
        "1 may live, and break no promise",
    ]


def test_who_lives_rightly_may_differ_and_breaks_no_promise() -> None:
    dies, lives = Mutant("a", "a"), Mutant("b", "b", survives="it is right")
    assert Death(dies, ("x",)).is_right
    assert not Death(dies, ()).is_right
    assert Death(lives, ("x",)).is_right
    assert not Death(lives, ("x",), "x").is_right
