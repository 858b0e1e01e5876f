"""Which vectors kill which mutant, and the matrix that shows it."""

from collections.abc import Iterator, Sequence

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import BROKE, Kind, run_case
from truebook.oracle.mutants.mutant import Mutant, session_of
from truebook.screen.layout import Block, Either, Line, line
from truebook.specs.words import counted


@attrs.frozen
class Death:
    """Which vectors kill a mutant, in their order; none: it survives."""

    mutant: Mutant
    killers: tuple[str, ...]


def killed(mutant: Mutant, vectors: Sequence[Case]) -> Death:
    """Return the vectors that a mutant fails."""
    client = Client(lambda: Direct(session_of(mutant)))
    results = [run_case(client, case) for case in vectors]
    return Death(
        mutant, tuple(r.slug for r in results if r.kind in (Kind.FAIL, Kind.DIFFERS, *BROKE))
    )


def matrix(deaths: Sequence[Death]) -> Iterator[Block]:
    """Yield the kill matrix: how many vectors of each kind kill each mutant."""
    yield Either(tuple(_table(deaths)), tuple(_list(deaths)))
    dead = sum(bool(death.killers) for death in deaths)
    yield line("")
    yield line(f"{dead} of {counted(len(deaths), 'mutant')} die in the vectors")


_KINDS = ("cases", "without", "plan", "legacy", "row")


def _table(deaths: Sequence[Death]) -> Iterator[Line]:
    yield Line(f"{'mutant':<28}{''.join(f'{kind:>9}' for kind in _KINDS)}  first killed by")
    for death in deaths:
        cells = "".join(f"{count or '·':>9}" for count in _by_kind(death).values())
        yield Line(f"{death.mutant.name:<28}{cells}  ", _first(death))


def _list(deaths: Sequence[Death]) -> Iterator[Line]:
    for death in deaths:
        cells = ", ".join(f"{kind} {count}" for kind, count in _by_kind(death).items() if count)
        first = f"first killed by {_first(death)}" if death.killers else _first(death)
        yield Line(f"{death.mutant.name}: ", f"{cells}; {first}" if cells else first)


def _by_kind(death: Death) -> dict[str, int]:
    counts = dict.fromkeys(_KINDS, 0)
    for slug in death.killers:
        start = slug.partition("-")[0]
        counts[start if start in _KINDS else "cases"] += 1
    return counts


def _first(death: Death) -> str:
    return death.killers[0] if death.killers else f"lives: {death.mutant.survives}"
