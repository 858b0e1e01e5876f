"""Which vectors kill which mutant, and the matrix that shows it.

A vector kills a mutant that shows anything otherwise than the reference does: by a promise that it
breaks, or by a difference.
"""

from collections.abc import Iterator, Sequence

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Kind, differences, run_case
from truebook.oracle.mutants.mutant import Mutant, driver_of, session_of
from truebook.oracle.reference import Driver, Texts
from truebook.screen.layout import Block, Either, Line, line
from truebook.specs.words import counted


@attrs.frozen
class Death:
    """Which vectors kill a mutant, in their order; none: it survives.

    `promise` is the first of them in which it breaks a promise, or breaks down; empty where it only
    differs.
    """

    mutant: Mutant
    killers: tuple[str, ...]
    promise: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it died; one that lives rightly may differ, and breaks no promise."""
        return not self.promise if self.mutant.survives else bool(self.killers)


def killed(mutant: Mutant, vectors: Sequence[Case]) -> Death:
    """Return the vectors that kill a mutant."""
    killers = list(_killers(mutant, vectors))
    breaks = (case.slug for case in killers if _judged(mutant, case) is not Kind.DIFFERS)
    return Death(mutant, tuple(case.slug for case in killers), next(breaks, ""))


def first_killer(mutant: Mutant, vectors: Sequence[Case]) -> str:
    """Return the first vector that kills a mutant; nothing where it survives them."""
    return next((case.slug for case in _killers(mutant, vectors)), "")


def _killers(mutant: Mutant, vectors: Sequence[Case]) -> Iterator[Case]:
    """Yield the vectors that kill a mutant.

    Most vectors show most mutants to be as the reference is, or to be none where something is
    expected: the judge is asked of the rest alone, as it takes far longer.
    """
    for case in vectors:
        differs, unexpected = _differs(mutant, case)
        if unexpected or (differs and _judged(mutant, case) is not Kind.PASS):
            yield case


def _judged(mutant: Mutant, case: Case) -> Kind:
    return run_case(Client(lambda: Direct(session_of(mutant))), case).kind


def _differs(mutant: Mutant, case: Case) -> tuple[bool, bool]:
    """Return whether a mutant ever differs from the reference, and whether from what is expected.

    One that only changes what it is told differs from the step on at which it was told otherwise.
    """
    driver = driver_of(mutant).of(case)
    deaf = mutant.show is None and not mutant.config
    differs = False
    try:
        for step, right in zip(case.steps, _of_reference(case), strict=True):
            effects = driver.hear(step)
            if deaf and not driver.astray and effects == right["effects"]:
                continue
            shown = {**driver.show(), "effects": effects}
            differs = differs or shown != right
            if shown != right and differences(step.expect, shown):
                return True, True
    except Exception:
        return True, True  # it breaks down
    return differs, False


_REFERENCE: dict[str, tuple[Case, tuple[Texts, ...]]] = {}


def _of_reference(case: Case) -> tuple[Texts, ...]:
    """Return what the reference shows after each step, which is the same for each mutant."""
    known = _REFERENCE.get(case.slug)
    if known is None or known[0] is not case:
        driver = Driver.of(case)
        known = _REFERENCE[case.slug] = case, tuple(driver.take(step) for step in case.steps)
    return known[1]


def matrix(deaths: Sequence[Death]) -> Iterator[Block]:
    """Yield the kill matrix: how many vectors of each kind kill each mutant."""
    yield Either(tuple(_table(deaths)), tuple(_list(deaths)))
    dead = [death for death in deaths if death.killers and not death.mutant.survives]
    broken = sum(bool(death.promise) for death in dead)
    right = sum(bool(death.mutant.survives) and death.is_right for death in deaths)
    yield line("")
    yield line(f"{len(dead)} of {counted(len(deaths), 'mutant')} die in the vectors")
    yield line(f"{broken} of them break a promise, the others differ from the reference")
    yield line(f"{right} may live, and break no promise")


_KINDS = ("cases", "without", "plan", "legacy", "row")


def _table(deaths: Sequence[Death]) -> Iterator[Line]:
    width = max(len(death.mutant.name) for death in deaths)
    yield Line(f"{'mutant':<{width}}{''.join(f'{kind:>9}' for kind in _KINDS)}  first killed by")
    for death in deaths:
        cells = "".join(f"{count or '·':>9}" for count in _by_kind(death).values())
        yield Line(f"{death.mutant.name:<{width}}{cells}  ", _first(death))


def _list(deaths: Sequence[Death]) -> Iterator[Line]:
    for death in deaths:
        cells = ", ".join(f"{kind} {count}" for kind, count in _by_kind(death).items() if count)
        first = _first(death) if death.mutant.survives else f"first killed by {_first(death)}"
        yield Line(f"{death.mutant.name}: ", f"{cells}; {first}" if cells else _first(death))


def _by_kind(death: Death) -> dict[str, int]:
    counts = dict.fromkeys(_KINDS, 0)
    for slug in death.killers:
        start = slug.partition("-")[0]
        counts[start if start in _KINDS else "cases"] += 1
    return counts


def _first(death: Death) -> str:
    if death.mutant.survives:
        return f"lives: {death.mutant.survives}"
    return death.killers[0] if death.killers else "lives"
