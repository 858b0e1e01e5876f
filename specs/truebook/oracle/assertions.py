"""Holding a book in Python to the vectors, in one call."""

from collections.abc import Sequence
from typing import Any

from truebook.oracle.driver import Client, Direct
from truebook.oracle.findings import gathered
from truebook.oracle.judge import Kind, Level, run_case, smoke
from truebook.oracle.reports import Run, concluded, lines_of
from truebook.oracle.serve import Factory, Session
from truebook.oracle.vectors import all_vectors

TESTED = (Kind.PASS, Kind.DIFFERS)


def assert_conforms(
    factory: Factory,
    *,
    features: Sequence[str] | None = None,
    shows: Sequence[str] | None = None,
    level: str = Level.PROMISES,
) -> None:
    """Hold a book to every vector of its features; AssertionError says what is wrong.

    `factory` makes a book for a configuration; see `truebook.oracle.serve`. What it claims and
    shows is what it says of itself, unless it is told here. AssertionError, too, where there is
    nothing that could be tested. At the level `promises` it may differ from the reference where
    that breaks none; at the level `reference` it may not.
    """
    __tracebackhide__ = True  # pytest shows the line of the test, not these
    said: dict[str, Any] = {"features": features, "shows": shows}
    session = Session(factory, **{name: words for name, words in said.items() if words is not None})
    client = Client(lambda: Direct(session))
    results, about = [smoke(client)], None
    if results[0].kind is Kind.PASS:
        about = client.about
        results += [run_case(client, case) for case in all_vectors()]
    found, findings, _ = concluded(about, results, gathered(results), {})
    _check(Run(about, ("…",), found, findings, Level(level)))


def _check(run: Run) -> None:
    __tracebackhide__ = True
    tested = any(result.stage == "vectors" and result.kind in TESTED for result in run.results)
    if run.exit_code or not tested:
        raise AssertionError("\n".join(line for _, line in lines_of(run)))
