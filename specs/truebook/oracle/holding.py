"""Holding a book in Python to the vectors, in one call."""

from collections.abc import Sequence

from truebook.oracle.client import Client, Direct
from truebook.oracle.protocol import SHOWS
from truebook.oracle.report import Run, lines_of
from truebook.oracle.results import BAD, Kind, Result
from truebook.oracle.running import run_case
from truebook.oracle.serve import Factory, Session
from truebook.oracle.smoke import smoke
from truebook.oracle.vectors import all_vectors


def assert_conforms(
    factory: Factory,
    *,
    features: Sequence[str] = ("core",),
    shows: Sequence[str] = SHOWS,
) -> None:
    """Hold a book to every vector of its features; AssertionError says what is wrong.

    `factory` makes a book for a configuration; see `truebook.oracle.serve`. AssertionError, too,
    where there is nothing that could be tested.
    """
    session = Session(factory, features=tuple(features), shows=tuple(shows))
    client = Client(lambda: Direct(session))
    results, about = [smoke(client)], None
    if results[0].kind is Kind.PASS:
        about = client.about
        results += [run_case(client, case) for case in all_vectors()]
    _check(Run(about, ("…",), tuple(results)), results)


def _check(run: Run, results: Sequence[Result]) -> None:
    bad = any(result.kind in BAD for result in results)
    tested = any(result.stage == "vectors" and result.kind is Kind.PASS for result in results)
    if bad or not tested:
        raise AssertionError("\n".join(line for _, line in lines_of(run)))
