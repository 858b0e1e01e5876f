"""Naming: which rule a subject lacks, found by what the reference shows without each of them."""

from collections.abc import Iterable

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.findings.finding import DIFFERENCE, Finding
from truebook.oracle.findings.gather import merged, ordered
from truebook.oracle.judge import Deviation, Onset, Result, run_case
from truebook.oracle.mutants import KNOCKOUTS, Mutant, session_of

MOST_RULES = 3
"""Where more rules than these explain a finding alike, none is named."""
_SAME, _LIKE = 2, 1
_MILD = ("medium", DIFFERENCE)


@attrs.define
class Namer:
    """Names findings of a subject that shows some parts of its state, and declares some things."""

    shows: tuple[str, ...]
    declares: tuple[str, ...]
    _clients: list[tuple[Mutant, Client]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Make the books without a rule, each showing what the subject shows."""
        self._clients = [(one, self._client_of(one)) for one in KNOCKOUTS]

    def rules_of(self, finding: Finding) -> tuple[str, ...]:
        """Return the rules without which the reference does the same in each example."""
        scores = dict.fromkeys(range(len(self._clients)), 0)
        for result, onset in finding.examples:
            case = _until(result.case, onset.step)
            for number in list(scores):
                score = _likeness(run_case(self._clients[number][1], case), onset)
                if score:
                    scores[number] += score
                else:
                    del scores[number]
        best = max(scores.values(), default=0)
        found = (self._clients[n][0].rules for n, score in scores.items() if score == best)
        rules = tuple(dict.fromkeys(rule for some in found for rule in some))
        return rules if len(rules) <= MOST_RULES else ()

    def _client_of(self, mutant: Mutant) -> Client:
        """Return a conversation with a book that lacks a rule, and shows what the subject does."""
        session = attrs.evolve(session_of(mutant), shows=self.shows, declares=self.declares)
        return Client(lambda: Direct(session))


def named(
    findings: Iterable[Finding], shows: tuple[str, ...], declares: tuple[str, ...] = ()
) -> list[Finding]:
    """Return findings with the rules that explain them; those of one cause are one."""
    namer = Namer(shows, declares)
    known = [attrs.evolve(one, rules=namer.rules_of(one)) for one in findings]
    same: dict[tuple[str, ...], list[Finding]] = {}
    for one in known:
        same.setdefault(_cause(one), []).append(one)
    return ordered(map(merged, same.values()))


def _cause(one: Finding) -> tuple[str, ...]:
    """Return by what findings are of one cause: a rule that explains them, else what is shown.

    What is bad is told apart by the event after which it begins, too, while no rule explains it.
    """
    if len(one.rules) == 1:
        return (one.promise, *one.rules)
    part = (one.promise, one.deviation.part, one.deviation.way, *one.rules)
    return part if one.severity in _MILD else (*part, one.name)


def _until(case: Case, step: int) -> Case:
    return attrs.evolve(case, steps=case.steps[:step])


def _likeness(result: Result, onset: Onset) -> int:
    """Return how like an onset is to what a run that ends at its step shows wrong there."""
    for other in result.onsets:
        if other.step == onset.step:
            ours, theirs = set(map(_seen, onset.deviations)), set(map(_seen, other.deviations))
            return _SAME if ours == theirs else _LIKE if ours & theirs else 0
    return 0


def _seen(one: Deviation) -> tuple[str, str, str, str]:
    return one.part, one.way, one.about, str(one.shown)
