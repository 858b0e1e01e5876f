"""k-induction on small worlds, of which it is known by hand what they need."""

from collections.abc import Sequence

import attrs
import pytest

from truebook.model.system import Action, Field, System
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.k_induction import prove_by_k_induction
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.properties.sentences import Check, Kind

NEVER_BAD = Check("toy", "x is 3", Kind.STATE, lambda w: w.x != 3)


@attrs.define
class Place:
    x: int = 0


def move(before: int, after: int) -> Action:
    def go(place: Place) -> bool:
        if place.x != before:
            return False
        place.x = after
        return True

    return Action(f"{before} to {after}", (go,), "")


def prover(moves: Sequence[tuple[int, int]], places: int = 6) -> Prover:
    actions = tuple(move(before, after) for before, after in moves)
    fields = (Field("x", places, "x"),)
    system = System("toy", fields, actions, Place, ())
    world = OpenWorld("toy", system, frozenset(), {}, lambda w: iter(fields), ())
    return Prover(world, ())


HOME = ((0, 1), (1, 0))


@pytest.mark.parametrize(
    ("moves", "method"),
    [
        (((2, 3),), "k-inductive, k = 2"),  # nothing leads to 2
        (((2, 2), (2, 3)), "k-inductive, k = 2"),  # but 2 itself: not a simple path
        (((4, 2), (2, 3)), "k-inductive, k = 3"),
        (((4, 2), (2, 4), (2, 3)), "k-inductive, k = 3"),  # round and round, or to 3
    ],
)
def test_what_takes_several_states_in_a_row(moves: Sequence[tuple[int, int]], method: str) -> None:
    toy = prover((*HOME, *moves))
    plain = toy.prove(NEVER_BAD)
    assert (plain.proved, plain.counterexample is None) == (False, False)
    answer = prove_by_k_induction(toy, NEVER_BAD)
    assert (answer.proved, answer.method) == (True, method)
    assert answer.queries > 2


def test_a_longer_way_takes_more_states() -> None:
    toy = prover((*HOME, (5, 4), (4, 2), (2, 3)))
    assert not prove_by_k_induction(toy, NEVER_BAD).proved
    assert prove_by_k_induction(toy, NEVER_BAD, largest=4).method == "k-inductive, k = 4"


@pytest.mark.parametrize("moves", [((1, 3),), ((1, 2), (2, 3)), ((0, 3),)])
def test_what_is_broken_is_not_proved(moves: Sequence[tuple[int, int]]) -> None:
    answer = prove_by_k_induction(prover((*HOME, *moves)), NEVER_BAD)
    assert not answer.proved
    assert answer.counterexample is None
