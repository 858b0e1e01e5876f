"""The closed set of verdicts, and the exit code of each."""

import attrs

from truebook.specs.properties.trace import Trace

SHOWN = 0
VIOLATED = 1
USAGE = 2
SUBJECT_BROKE = 3
INCONCLUSIVE = 4


@attrs.frozen
class Holds:
    """Every reachable state and step of these scenarios was looked at, and none breaks it."""

    scenarios: tuple[str, ...]


@attrs.frozen
class Violated:
    """There is a run that breaks it; the trace is a shortest one, `part` what it broke."""

    part: str
    trace: Trace


@attrs.frozen
class Unreached:
    """What the property speaks of never happened, so nothing was shown."""

    what: str


@attrs.frozen
class Incomplete:
    """The exploration stopped before its end."""

    reason: str


@attrs.frozen
class Proved:
    """It holds of any sizes, timers and delays that keep the named assumptions.

    `of_a_modify` are those which the proof needs besides where an order is modified.
    """

    method: str
    assumptions: tuple[str, ...]
    of_a_modify: tuple[str, ...] = ()


@attrs.frozen
class NotInductive:
    """The proof does not go through; that is not a violation.

    `what` is the first thing that is not shown, `state` a state (and step) that nothing known
    excludes, and `meaning` what became of looking that state up.
    """

    what: str
    state: tuple[str, ...]
    meaning: str


@attrs.frozen
class Unknown:
    """The solver could not tell."""

    reason: str


Verdict = Holds | Violated | Unreached | Incomplete | Proved | NotInductive | Unknown


def exit_code(*verdicts: Verdict) -> int:
    """Return the worst code: violated, then inconclusive; no verdict at all is a usage error."""
    if not verdicts:
        return USAGE
    if any(isinstance(v, Violated) for v in verdicts):
        return VIOLATED
    if any(not isinstance(v, Holds | Proved) for v in verdicts):
        return INCONCLUSIVE
    return SHOWN
