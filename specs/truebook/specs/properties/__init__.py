"""What must hold: the sentences, their checks in each world, the assumptions, the verdicts."""

from truebook.specs.properties import verdict
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption, assumption
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.fills import filled_counts, position_counts
from truebook.specs.properties.foreign import rounds_to_cancel
from truebook.specs.properties.lanes import Lane
from truebook.specs.properties.names import position_is
from truebook.specs.properties.order import position_is_told
from truebook.specs.properties.recovery import (
    recovery_checks,
    rounds_to_recover,
    shown_gone,
    shown_open,
)
from truebook.specs.properties.sentences import (
    CONFLUENCE_EXCEPTION,
    PROPERTIES,
    PROPERTY_NAMES,
    QUIET,
    QUIET_SENTENCE,
    SETTLED,
    Check,
    Kind,
    always,
)
from truebook.specs.properties.trace import (
    Change,
    Difference,
    Fork,
    State,
    Step,
    Trace,
    steps_of,
    trace_of,
)
from truebook.specs.properties.verdict import (
    SHOWN,
    Holds,
    Incomplete,
    NotInductive,
    Proved,
    Unknown,
    Unreached,
    Verdict,
    Violated,
)

__all__ = [
    "ASSUMPTIONS",
    "CONFLUENCE_EXCEPTION",
    "PROPERTIES",
    "PROPERTY_NAMES",
    "QUIET",
    "QUIET_SENTENCE",
    "SETTLED",
    "SHOWN",
    "Assumption",
    "Change",
    "Check",
    "Difference",
    "Fork",
    "Holds",
    "Incomplete",
    "Kind",
    "Lane",
    "NotInductive",
    "Proved",
    "State",
    "Step",
    "Trace",
    "Unknown",
    "Unreached",
    "Verdict",
    "Violated",
    "always",
    "assumption",
    "checks_of",
    "filled_counts",
    "position_counts",
    "position_is",
    "position_is_told",
    "recovery_checks",
    "rounds_to_cancel",
    "rounds_to_recover",
    "shown_gone",
    "shown_open",
    "steps_of",
    "trace_of",
    "verdict",
]
