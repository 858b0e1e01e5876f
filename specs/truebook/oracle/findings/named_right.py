"""How well findings are named: held to mutants whose fault is known, and counted.

What is true of a mutant is written beside it, in `truebook.oracle.mutants`: the rules that it lacks
and the properties that it breaks.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.findings.finding import Finding
from truebook.oracle.findings.gather import gathered
from truebook.oracle.findings.likeness import Without
from truebook.oracle.findings.naming import named
from truebook.oracle.judge import Kind, Result, run_case
from truebook.oracle.mutants import Mutant, session_of
from truebook.screen.layout import Block, Line, Table, line

_UNTRACKED = "no-live-order-dropped tracked-or-in-grace exposure-bounds-truth convergence"
_TWICE = "position-is-unique-fills filled-is-its-fills"
_LEFT = "exposure-is-tight nothing-leaks convergence"
FOLLOWS: Mapping[str, Collection[str]] = {
    name: words.split()
    for name, words in {
        # An order that is in no map is in no sum; listed, it looks like a stranger's.
        "tracked-or-in-grace": f"{_UNTRACKED} no-false-orphan",
        "no-live-order-dropped": f"{_UNTRACKED} no-false-orphan",
        # A cloid that resolves to another oid loses its order, and the fills of it.
        "identity": f"{_UNTRACKED} no-false-orphan filled-is-its-fills",
        # Of a fill that is lost, its order lacks it, and counts it as what can still trade.
        "position-is-unique-fills": f"filled-is-its-fills {_LEFT}",
        # An order with a fill twice has less left than it has, and is over too soon.
        "no-fill-twice": f"{_TWICE} {_UNTRACKED}",
        "replay-harmless": f"no-fill-twice {_TWICE} {_UNTRACKED}",
        # What shows too little as filled counts as open; what shows too much, as over.
        "filled-is-its-fills": f"state-agrees-with-fills {_LEFT} {_UNTRACKED}",
        # What is over and counted stays so until somebody notices.
        "exposure-is-tight": _LEFT,
        "transitions-in-table": _LEFT,
        "convergence": _LEFT,
        "recovers": _LEFT,
    }.items()
}
"""Which properties are broken, too, where one is: what was lost, or counted twice, is in sums."""

BY = ("its rule", "its promise", "what follows from its promise", "no rule, and it lacks none")
"""The ways in which a finding is named right."""
UNNAMED, WRONG = "nothing: it differs, and no rule alone explains it", "another rule or promise"


@attrs.frozen
class Named:
    """One finding of a mutant: what it is called, and by what that is right, or is not."""

    mutant: str
    finding: str
    rules: tuple[str, ...]
    by: str

    @property
    def right(self) -> bool:
        """Whether the rule or the promise that is named is a true one."""
        return self.by in BY


def named_findings(
    mutant: Mutant, vectors: Sequence[Case], killers: Collection[str]
) -> tuple[Named, ...]:
    """Return the findings of a mutant in vectors, each held to what the mutant is said to break.

    `killers` are the vectors that it does not pass.
    """
    session = session_of(mutant)
    client = Client(lambda: Direct(session))
    results = [
        run_case(client, case)
        if case.slug in killers
        else Result(stage="vectors", case=case, kind=Kind.PASS)
        for case in vectors
    ]
    findings = named(gathered(results), _without(session.shows), results)
    return tuple(Named(mutant.name, one.name, one.rules, _by(mutant, one)) for one in findings)


@cache
def _without(shows: tuple[str, ...]) -> Without:
    """Return what is told of every mutant, to know once what it comes to without each rule."""
    return Without(shows)


def _by(mutant: Mutant, one: Finding) -> str:
    if one.rules:
        return BY[0] if set(one.rules) & set(mutant.rules) else WRONG
    if one.promise in mutant.properties:
        return BY[1]
    if one.promise:
        follows = (more for name in mutant.properties for more in FOLLOWS.get(name, ()))
        return BY[2] if one.promise in follows else WRONG
    return UNNAMED if mutant.rules else BY[3]


def share_right(found: Sequence[Named]) -> float:
    """Return the share of the findings that name something in which that is true."""
    names = [one for one in found if one.by != UNNAMED]
    return sum(one.right for one in names) / len(names) if names else 1.0


def counts_of(found: Sequence[Named]) -> Mapping[str, int]:
    """Return how many findings are named by what."""
    counts = Counter(one.by for one in found)
    return {by: counts[by] for by in (*BY, UNNAMED, WRONG)}


def named_table(found: Sequence[Named]) -> Iterator[Block]:
    """Yield how many findings are named right, and each that is named otherwise."""
    rows = tuple(
        (by, f"{count:,}", _share(count, len(found))) for by, count in counts_of(found).items()
    )
    yield Table(("a finding of a mutant is named by", "findings", "of all"), rows)
    yield line("")
    yield line(f"{share_right(found):.1%} of what is named is true")
    for one in found:
        if one.by == WRONG:
            rules = ", ".join(one.rules) or "no rule"
            yield Line("  ", f"{one.mutant}: {one.finding}, as {rules}")


def _share(some: int, of: int) -> str:
    return f"{some / of:.1%}" if of else "none"
