"""Findings that are known by their names: what else is wrong is new, and what is gone is said."""

import attrs
import pytest

from judged import judged, onset, wrong
from truebook.oracle.findings import as_known, gathered, is_name, split, unknown, with_known
from truebook.oracle.findings.gather import merged
from truebook.oracle.judge import Kind

BOTH = judged("both", onset(2, wrong("position", "no-fill-twice")), onset(3, wrong("exposure")))
TWICE, EXPOSURE = gathered([BOTH])
RIGHT = judged("right")


def test_a_finding_is_known_by_its_name() -> None:
    known, stale = with_known([TWICE, EXPOSURE], {TWICE.name: "as designed"})
    assert {one.name: one.known for one in known} == {TWICE.name: "as designed", EXPOSURE.name: ""}
    assert [one.name for one in known] == [EXPOSURE.name, TWICE.name], "what is new comes first"
    assert [one.name for one in unknown(known)] == [EXPOSURE.name]
    assert stale == []


def test_what_is_expected_and_not_found_is_stale() -> None:
    expected = {"identity/open/missing/fill": "so it is", EXPOSURE.name: "so it is"}
    known, stale = with_known([TWICE, EXPOSURE], expected)
    assert stale == ["identity/open/missing/fill"]
    assert with_known([], {EXPOSURE.name: "x"}) == ([], [EXPOSURE.name])
    assert with_known(known, {}) == ([TWICE, EXPOSURE], [])


def test_a_finding_of_several_names_is_known_where_all_of_them_are() -> None:
    one = merged([TWICE, EXPOSURE])
    some, stale = with_known([one], {TWICE.name: "as designed"})
    assert (some[0].known, stale) == ("", [])
    other, _ = with_known([one], {EXPOSURE.name: "as designed"})
    assert other[0].known == ""
    every, stale = with_known([one], {EXPOSURE.name: "of old", TWICE.name: "as designed"})
    assert (every[0].known, stale) == ("as designed", [])


@pytest.mark.parametrize(
    ("known", "kind", "what"),
    [
        ((), Kind.FAIL, ""),
        ((TWICE.name,), Kind.FAIL, ""),
        ((EXPOSURE.name,), Kind.FAIL, ""),
        ((TWICE.name, EXPOSURE.name), Kind.EXPECTED, "position/no; exposure/no"),
    ],
)
def test_a_run_is_an_expected_failure_where_all_of_it_is_known(
    known: tuple[str, ...], kind: Kind, what: str
) -> None:
    reasons = {name: f"{name.split('/')[1]}/no" for name in known}
    findings, _ = with_known([TWICE, EXPOSURE], reasons)
    result = as_known(BOTH, findings)
    assert (result.kind, sorted(result.what.split("; "))) == (kind, sorted(what.split("; ")))


def test_what_is_behind_and_no_finding_does_not_keep_a_run_from_being_known() -> None:
    result = judged(
        "a",
        onset(2, wrong("position", "no-fill-twice")),
        onset(3, wrong("unsettled"), follows=True),
    )
    findings, _ = with_known(gathered([result]), {TWICE.name: "as designed"})
    assert [one.name for one in findings] == [TWICE.name]
    assert as_known(result, findings).kind is Kind.EXPECTED


def test_what_passes_or_breaks_is_never_known_by_a_finding() -> None:
    findings, _ = with_known([TWICE], {TWICE.name: "as designed"})
    crash = attrs.evolve(RIGHT, kind=Kind.CRASH, what="it died")
    for result in (RIGHT, crash, attrs.evolve(RIGHT, kind=Kind.UNSUPPORTED)):
        assert as_known(result, findings) == result


def test_slugs_and_names_are_told_apart() -> None:
    expected = {"duplicate-tid": "a", TWICE.name: "b", "plan-identity": "c"}
    assert split(expected) == ({"duplicate-tid": "a", "plan-identity": "c"}, {TWICE.name: "b"})
    assert is_name(EXPOSURE.name)
    assert not is_name("duplicate-tid")
