"""The designs: the reference, the reference without some rules, the plan and the legacy tracker."""

import attrs

from truebook.model import tracker
from truebook.model.plan import PlanTracker
from truebook.model.rules import RULE_NAMES, Rules, rules_without
from truebook.model.world import Tracker


@attrs.frozen
class Design:
    """A tracker, and which rules it keeps."""

    name: str
    keeps: Rules
    tracker: Tracker = attrs.field(repr=False)


REFERENCE = Design("reference", Rules(), tracker)
PLAN = Design("plan", rules_without(RULE_NAMES), PlanTracker())
LEGACY = Design("legacy", rules_without(RULE_NAMES), PlanTracker(legacy=True))
DESIGNS = (REFERENCE, PLAN, LEGACY)


def design_named(name: str, *switched_off: str) -> Design:
    """Return a design by name; only the reference can have rules switched off."""
    for design in DESIGNS:
        if design.name == name:
            if switched_off and design is not REFERENCE:
                raise ValueError(f"rules are switched off in the reference, not in {name!r}")
            return without(*switched_off) if switched_off else design
    names = ", ".join(design.name for design in DESIGNS)
    raise ValueError(f"no design is named {name!r}; the designs are: {names}")


def without(*names: str) -> Design:
    """Return the reference with the named rules switched off."""
    if not names:
        return REFERENCE
    return Design(f"reference without {', '.join(names)}", rules_without(names), tracker)
