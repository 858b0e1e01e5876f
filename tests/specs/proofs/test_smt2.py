"""The exported SMT-LIB is read back by Z3, which finds in it what the proofs find."""

import re
from collections.abc import Sequence

import pytest
import z3

from truebook.model.config import Bounds, Delays
from truebook.model.designs import REFERENCE, Design, without
from truebook.specs.explore.engine import Runner
from truebook.specs.proofs.search import concrete
from truebook.specs.proofs.smt2 import smt2_of
from truebook.specs.proofs.worlds import OpenWorld, open_fills, open_foreign, open_order
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Kind

UNSEEN = Bounds(snapshots=0)


def text_of(world: OpenWorld, *names: str) -> str:
    checks = [c for c in checks_of(world.system) if c.property in names and c.kind is Kind.STATE]
    return smt2_of(world, checks, "a title")


def asserted(text: str, *names: str) -> Sequence[z3.BoolRef]:
    """Return the formulas of some definitions, as Z3 reads them."""
    return z3.parse_smt2_string(text + "".join(f"(assert |{name}|)" for name in names))


def after_a_step(text: str, name: str) -> z3.BoolRef:
    """Return a formula of the state after a step."""
    (formula,) = asserted(text, name)
    pairs = re.findall(r"^\(define-fun \|next:.*\(! (\S+) :next \|(\S+)\|\)\)$", text, re.MULTILINE)
    return z3.substitute(formula, *((z3.Int(now), z3.Int(then)) for now, then in pairs))


def can_be(*formulas: z3.BoolRef) -> bool:
    solver = z3.SimpleSolver()
    solver.add(*formulas)
    found = solver.check()
    assert found != z3.unknown
    return found == z3.sat


@pytest.mark.parametrize(
    ("design", "kept"),
    [(REFERENCE, True), (without("fills-move-position"), False)],
    ids=["reference", "without fills-move-position"],
)
def test_a_step_keeps_the_position_or_not(design: Design, kept: bool) -> None:
    text = text_of(open_order(design, UNSEEN), "position-is-unique-fills")
    before = asserted(text, "step", "property:0")
    broken = z3.Not(after_a_step(text, "property:0"))
    assert can_be(*before)
    assert can_be(*before, broken) is not kept
    (at_first,) = asserted(text, "first")
    assert can_be(at_first, *asserted(text, "property:0"))
    assert not can_be(at_first, *(z3.Not(formula) for formula in asserted(text, "property:0")))


def test_named_fills_are_not_told_twice() -> None:
    text = text_of(open_fills(REFERENCE, fills=2), "no-fill-twice")
    (at_first,) = asserted(text, "first")
    assert not can_be(at_first, *asserted(text, "step"), z3.Not(after_a_step(text, "property:0")))


@pytest.mark.parametrize("world", [open_order(REFERENCE, UNSEEN), open_foreign(REFERENCE)])
def test_in_the_first_state_what_can_happen_is_what_the_explorer_does(world: OpenWorld) -> None:
    text = text_of(world)
    (at_first,) = asserted(text, "first")
    actions = [action.name for action in world.system.actions]
    possible = {name for name in actions if can_be(at_first, *asserted(text, f"action:{name}"))}
    bounds = UNSEEN if world.name == "order" else Bounds(snapshots=2, delays=Delays(lag=1))
    runner = Runner(concrete(world, REFERENCE, bounds))
    assert possible == {
        runner.system.actions[number].name for number, _ in runner.successors(runner.first)
    }


def test_what_an_action_does_not_write_stays() -> None:
    text = text_of(open_order(REFERENCE, UNSEEN))
    at_first = asserted(text, "first", "action:send")
    changed = [z3.Int("a.status'") == 0, z3.Int("bounds.size'") != z3.Int("bounds.size")]
    assert can_be(*at_first)
    for change in (*changed, z3.Int("a.executed'") != 0):
        assert not can_be(*at_first, change)


def test_it_says_what_is_what() -> None:
    text = text_of(open_order(REFERENCE, UNSEEN), "identity")
    assert text.startswith("; a title\n")
    assert "(declare-const a.status Int) ; at the venue: 0 unsent, 1 sent, 2 open, 3 fil" in text
    assert "\n; we send the order\n(define-fun |action:send| () Bool\n" in text
    assert "\n; identity; never: the cloid of the order does not resolve to it\n" in text
    assert "|bounds.taken'|" not in text
    assert text.count(":trans true") == text.count(":init true") == 1
