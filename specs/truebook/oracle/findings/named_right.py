"""How well findings are named: held to mutants whose fault is known, and counted."""

from collections.abc import Iterator, Sequence

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.findings.finding import Finding
from truebook.oracle.findings.gather import gathered
from truebook.oracle.findings.naming import named
from truebook.oracle.judge import run_case
from truebook.oracle.mutants import Mutant, session_of
from truebook.screen.layout import Block, Line, Table, line
from truebook.specs.words import counted


@attrs.frozen
class Named:
    """One finding of a mutant: what it is called, and whether that is what is broken."""

    mutant: str
    finding: str
    promise: str
    rules: tuple[str, ...]
    by_rule: bool
    by_promise: bool

    @property
    def right(self) -> bool:
        """Whether the rule or the promise that is named is a true one."""
        return self.by_rule or self.by_promise


def named_findings(mutant: Mutant, vectors: Sequence[Case]) -> tuple[Named, ...]:
    """Return the findings of a mutant in vectors, each held to what the mutant is said to break."""
    session = session_of(mutant)
    client = Client(lambda: Direct(session))
    findings = named(gathered(run_case(client, case) for case in vectors), session.shows)
    return tuple(_judged(mutant, one) for one in findings)


def _judged(mutant: Mutant, one: Finding) -> Named:
    return Named(
        mutant=mutant.name,
        finding=one.name,
        promise=one.promise,
        rules=one.rules,
        by_rule=not set(one.rules).isdisjoint(mutant.rules),
        by_promise=one.promise in mutant.properties,
    )


def table(found: Sequence[Named]) -> Iterator[Block]:
    """Yield how many findings are named right, and each that is not."""
    right = sum(one.right for one in found)
    by_rule = sum(one.by_rule for one in found)
    by_promise = sum(one.by_promise for one in found)
    rows = (
        ("by its rule", f"{by_rule:,}", _share(by_rule, len(found))),
        ("by its promise", f"{by_promise:,}", _share(by_promise, len(found))),
        ("by either", f"{right:,}", _share(right, len(found))),
    )
    yield Table(("named right", "findings", "of all"), rows)
    wrong = [one for one in found if not one.right]
    if wrong:
        yield line("")
        yield line(f"{counted(len(wrong), 'finding')} named otherwise:")
        for one in wrong:
            rules = ", ".join(one.rules) or "no rule"
            yield Line("  ", f"{one.mutant}: {one.finding}, as {rules}")


def _share(some: int, of: int) -> str:
    return f"{some / of:.1%}" if of else "none"
