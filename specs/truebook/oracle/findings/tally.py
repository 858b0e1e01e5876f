"""Of runs that came to the same, one result: there are thousands in a stage."""

from collections.abc import Iterable

import attrs

from truebook.oracle.findings.gather import names_in
from truebook.oracle.judge import Kind, Result, with_more


@attrs.define
class Tally:
    """Takes the results of a stage, and keeps one of each kind in which the same things are wrong.

    It is the shortest, and stands for all; of what passes nothing is kept that was told.
    """

    _kept: dict[tuple[str, Kind, frozenset[str]], Result] = attrs.field(factory=dict)

    def add(self, result: Result) -> None:
        """Take a result."""
        short = attrs.evolve(result, told=()) if result.kind is Kind.PASS else result
        key = result.slug, result.kind, frozenset(names_in(result))
        self._kept[key] = with_more(self._kept[key], short) if key in self._kept else short

    def results(self) -> Iterable[Result]:
        """Return what is kept, in the order in which each came first."""
        return self._kept.values()
