import attrs
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import DESIGNS, LEGACY, PLAN, REFERENCE, design_named, without
from truebook.model.memory import MemoryBounds
from truebook.model.rules import RULE_NAMES, Rules, rules_without


def test_the_nineteen_rules_are_those_that_can_be_switched_off() -> None:
    flags = [field.name for field in attrs.fields(Rules)]
    assert [name.replace("-", "_") for name in RULE_NAMES] == flags
    assert len(flags) == 19


@pytest.mark.parametrize("name", RULE_NAMES)
def test_a_rule_switched_off_leaves_the_others(name: str) -> None:
    off = name.replace("-", "_")
    assert attrs.asdict(rules_without((name,))) == attrs.asdict(Rules()) | {off: False}
    assert without(name).tracker == REFERENCE.tracker


def test_a_name_that_is_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule is named 'fills'; the rules are: fills-move"):
        without("fill-binds", "fills")


def test_designs_are_found_by_name() -> None:
    assert [design_named(design.name) for design in DESIGNS] == list(DESIGNS)
    assert without() is REFERENCE
    assert not any(attrs.asdict(PLAN.keeps).values())
    assert PLAN.keeps == LEGACY.keeps


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bounds(size=0), "size"),
        (lambda: Bounds(snapshots=-1), "snapshots"),
        (lambda: Timers(grace=0), "grace"),
        (lambda: Delays(expiry=-1), "expiry"),
        (lambda: Delays(fill=-1), "'fill' must be None"),
        (lambda: Delays(answer=-1), "'answer' must be None"),
        (lambda: MemoryBounds(capacity=0), "capacity"),
    ],
)
def test_bounds_that_mean_nothing_are_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=message):
        make()
