"""Findings that are known and explained: what else is wrong is new."""

from collections.abc import Collection, Iterable, Mapping

import attrs

from truebook.oracle.findings.finding import Finding
from truebook.oracle.findings.gather import names_in, ordered
from truebook.oracle.judge import Kind, Result


def with_known(
    findings: Iterable[Finding], expected: Mapping[str, str]
) -> tuple[list[Finding], list[str]]:
    """Return findings with the reasons of those that are known, and what is known and not found.

    `expected` are reasons by the names of findings; a finding is known where each of its names is.
    """
    known = []
    found: set[str] = set()
    for one in findings:
        found.update(one.names)
        reason = expected[one.name] if set(one.names) <= set(expected) else ""
        known.append(attrs.evolve(one, known=reason))
    return ordered(known), [name for name in expected if name not in found]


def as_known(result: Result, findings: Iterable[Finding]) -> Result:
    """Return a result as an expected failure, if all that is found in it is known."""
    if result.kind not in (Kind.FAIL, Kind.DIFFERS) or not result.onsets:
        return result
    names = names_in(result)
    mine = [one for one in findings if not names.isdisjoint(one.names)]
    if not mine or not all(one.known for one in mine):
        return result
    what = "; ".join(dict.fromkeys(one.known for one in mine))
    return attrs.evolve(result, kind=Kind.EXPECTED, what=what)


def is_name(text: str) -> bool:
    """Return whether a text is the name of a finding, and not the slug of a vector."""
    return "/" in text


def split(expected: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is expected of vectors by slug, and of findings by name."""
    by_slug = {name: why for name, why in expected.items() if not is_name(name)}
    return by_slug, {name: why for name, why in expected.items() if is_name(name)}


def unknown(findings: Iterable[Finding]) -> Collection[Finding]:
    """Return the findings that are not known."""
    return [one for one in findings if not one.known]
