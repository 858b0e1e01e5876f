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


def without(*names: str) -> Design:
    """Return the reference with the named rules switched off."""
    if not names:
        return REFERENCE
    return Design(f"reference without {', '.join(names)}", rules_without(names), tracker)
