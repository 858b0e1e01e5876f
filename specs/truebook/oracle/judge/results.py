"""What comes of holding a subject to something: one result for each vector, and an exit code."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Fault
from truebook.oracle.driver import Kind as Broken
from truebook.oracle.judge.onset import Onset
from truebook.specs.properties import verdict as verdicts


class Kind(StrEnum):
    """What can come of a vector."""

    PASS = "pass"
    FAIL = "fail"
    DIFFERS = "differs"
    UNSUPPORTED = "unsupported"
    EXPECTED = "expected failure"
    UNEXPECTED = "unexpected pass"
    CRASH = "crash"
    HANG = "hang"
    PROTOCOL = "protocol error"
    INCONCLUSIVE = "inconclusive"


SHOWN = (Kind.PASS, Kind.EXPECTED)
WRONG = (Kind.FAIL, Kind.UNEXPECTED)
BROKE = (Kind.CRASH, Kind.HANG, Kind.PROTOCOL)
BAD = (*WRONG, *BROKE, Kind.INCONCLUSIVE)
"""What keeps a run from ending well, at any level."""


class Level(StrEnum):
    """How strictly a subject is held."""

    PROMISES = "promises"
    """It breaks no promise; where else it differs from the reference is said, and is no failure."""
    REFERENCE = "reference"
    """It shows all that is expected as the reference does."""


@attrs.frozen
class Told:
    """One step as it was told: the time, the events, and what was shown after the last of them."""

    at: int
    events: tuple[Mapping[str, Any], ...]
    shown: Mapping[str, Any] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Result:
    """What came of one vector.

    `told` are the steps up to where it ended, `onsets` where something began to be wrong, `what`
    and `hint` the fault of a subject that broke. `replay` are the words that `truebook conform`
    takes to do it again. `stage` is smoke, vectors, edges or random. `count` are the runs that it
    stands for. `relaxed` are the declarations for which less was asked for, or nothing.
    """

    stage: str
    case: Case
    kind: Kind
    told: tuple[Told, ...] = ()
    onsets: tuple[Onset, ...] = ()
    what: str = ""
    hint: str = ""
    replay: tuple[str, ...] = ()
    seconds: float = attrs.field(default=0.0, eq=False)
    count: int = 1
    relaxed: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name of the vector."""
        return self.case.slug


def of_fault(fault: Fault) -> dict[str, Any]:
    """Return the kind, words and hint of a result for a fault."""
    kinds = {Broken.CRASH: Kind.CRASH, Broken.HANG: Kind.HANG, Broken.PROTOCOL: Kind.PROTOCOL}
    return {"kind": kinds[fault.kind], "what": fault.what, "hint": fault.hint}


def with_more(kept: Result, result: Result) -> Result:
    """Return the shorter of two results, standing for both."""
    return attrs.evolve(
        min(kept, result, key=lambda one: len(one.told)),
        count=kept.count + result.count,
        seconds=kept.seconds + result.seconds,
        relaxed=tuple(sorted({*kept.relaxed, *result.relaxed})),
    )


def with_expected(result: Result, expected: Mapping[str, str]) -> Result:
    """Return the result, given which vectors are known to fail and why."""
    reason = expected.get(result.slug)
    if reason is None:
        return result
    if result.kind is Kind.PASS:
        what = f"it passes, and is expected to fail ({reason}): take it off the list"
        return attrs.evolve(result, kind=Kind.UNEXPECTED, what=what)
    if result.kind in (Kind.FAIL, Kind.DIFFERS, *BROKE):
        return attrs.evolve(result, kind=Kind.EXPECTED, what=reason)
    return result


def exit_code(results: Iterable[Result], level: Level = Level.PROMISES) -> int:
    """Return the worst: violated, nothing tested, the subject broke, inconclusive; else shown."""
    kinds = {result.kind for result in results if result.stage != "smoke" or result.kind in BAD}
    wrong = {*WRONG, Kind.DIFFERS} if level is Level.REFERENCE else {*WRONG}
    if kinds & wrong:
        return verdicts.VIOLATED
    if not kinds - {Kind.UNSUPPORTED}:
        return verdicts.USAGE
    if kinds & set(BROKE):
        return verdicts.SUBJECT_BROKE
    return verdicts.INCONCLUSIVE if Kind.INCONCLUSIVE in kinds else verdicts.SHOWN


def faults_of(results: Iterable[Result]) -> Sequence[Result]:
    """Return the results that are bad and no finding tells of: those of the fewest steps first."""
    bad = [result for result in results if result.kind in BAD and not result.onsets]
    return sorted(bad, key=lambda r: (r.kind is Kind.INCONCLUSIVE, len(r.told)))
