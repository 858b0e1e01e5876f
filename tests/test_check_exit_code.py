"""The exit code of `truebook check`: that of several reports, and what was not caught is named."""

import pytest

from command_line import SMALL, Command, said
from truebook.review import commands
from truebook.specs.explore.designs import Report
from truebook.specs.properties.sentences import PROPERTY_NAMES
from truebook.specs.properties.trace import Step, Trace
from truebook.specs.properties.verdict import Holds, Incomplete, Verdict, Violated

TRACE = Trace((Step("tick", "a tick passes", ()),))
HOLDS = Holds(("order",))
VIOLATED = Violated("a part", TRACE)
INCOMPLETE = Incomplete("order: more than 10 states")


def made(design: str, *found: Verdict, unreached: tuple[str, ...] = ()) -> Report:
    """Return a report with some verdicts."""
    properties = dict(zip(PROPERTY_NAMES, found, strict=False))
    return Report(design, properties, dict.fromkeys(properties, ""), (), unreached, 0.0)


REFERENCE = made("reference", HOLDS, HOLDS)
PLAN = made("plan", HOLDS, VIOLATED)
LEGACY = made("legacy", VIOLATED, VIOLATED)


@pytest.mark.parametrize(
    ("reports", "expected_to_break", "code"),
    [
        ([REFERENCE, PLAN, LEGACY], True, 0),
        ([REFERENCE, PLAN, LEGACY], False, 1),
        ([REFERENCE, made("plan", HOLDS, HOLDS), LEGACY], True, 4),
        ([REFERENCE, PLAN, made("legacy", HOLDS)], True, 4),
        ([REFERENCE, PLAN, made("legacy", HOLDS, INCOMPLETE)], True, 4),
        ([REFERENCE, PLAN, made("legacy", INCOMPLETE, VIOLATED)], True, 0),
        ([REFERENCE, made("plan", VIOLATED, unreached=("never happened: x",)), LEGACY], True, 0),
        ([made("reference", HOLDS, VIOLATED), PLAN, LEGACY], True, 1),
        ([made("reference", VIOLATED), made("plan", HOLDS), LEGACY], True, 1),
        ([made("reference", HOLDS, INCOMPLETE), PLAN, LEGACY], True, 4),
        ([made("reference", HOLDS, unreached=("row never taken: x",)), PLAN, LEGACY], True, 4),
        ([REFERENCE], False, 0),
        ([made("reference", HOLDS, unreached=("never happened: x",))], False, 4),
        ([made("reference", VIOLATED, unreached=("never happened: x",))], False, 1),
        ([made("reference without tombstones", HOLDS, VIOLATED)], False, 1),
        ([PLAN], False, 1),
        ([made("plan", HOLDS)], False, 0),
        ([], False, 2),
        ([made("reference")], False, 2),
    ],
)
def test_exit_code(reports: list[Report], expected_to_break: bool, code: int) -> None:
    assert commands._code(reports, expected_to_break) == code


def test_what_was_not_caught_is_named(truebook: Command) -> None:
    ran = truebook("check", "--property", "state-agrees-with-fills", *SMALL)
    assert ran.returncode == 4
    assert said(ran.stderr) == [
        f"truebook: {design} is known to break, and was not caught here"
        for design in ("plan", "legacy")
    ]
