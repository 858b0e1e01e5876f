"""Holding a book in Python to the vectors, in one call."""

from collections.abc import Sequence
from typing import Any

from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import BAD, Kind, Result, run_case, smoke
from truebook.oracle.reports import Run, lines_of
from truebook.oracle.serve import Factory, Session
from truebook.oracle.vectors import all_vectors


def assert_conforms(
    factory: Factory,
    *,
    features: Sequence[str] | None = None,
    shows: Sequence[str] | None = None,
) -> None:
    """Hold a book to every vector of its features; AssertionError says what is wrong.

    `factory` makes a book for a configuration; see `truebook.oracle.serve`. What it claims and
    shows is what it says of itself, unless it is told here. AssertionError, too, where there is
    nothing that could be tested.
    """
    __tracebackhide__ = True  # pytest shows the line of the test, not these
    said: dict[str, Any] = {"features": features, "shows": shows}
    session = Session(factory, **{name: words for name, words in said.items() if words is not None})
    client = Client(lambda: Direct(session))
    results, about = [smoke(client)], None
    if results[0].kind is Kind.PASS:
        about = client.about
        results += [run_case(client, case) for case in all_vectors()]
    _check(Run(about, ("…",), tuple(results)), results)


def _check(run: Run, results: Sequence[Result]) -> None:
    __tracebackhide__ = True
    bad = any(result.kind in BAD for result in results)
    tested = any(result.stage == "vectors" and result.kind is Kind.PASS for result in results)
    if bad or not tested:
        raise AssertionError("\n".join(line for _, line in lines_of(run)))
