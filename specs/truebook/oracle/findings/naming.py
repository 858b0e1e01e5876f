"""Naming: which rule a subject lacks, found by what the reference shows without each of them.

A rule explains a finding if the reference without it is wrong in the same way, in each run that is
kept of the finding. That may be by chance: so it counts by how much else is alike in these runs,
and in the vectors that are about the rule. One that the subject passes where the reference without
the rule does not is evidence against it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from truebook.oracle.findings.finding import DIFFERENCE, Finding
from truebook.oracle.findings.gather import merged, ordered
from truebook.oracle.findings.likeness import Likenesses, Without, was_tried
from truebook.oracle.judge import Result

MOST_RULES = 3
"""Where more rules than these explain a finding alike, none is named."""
ENOUGH, ENOUGH_MORE = 0.5, 0.25
"""A subject that is less like the reference without a rule than this does not lack it; and of one
that it lacks by another finding this is enough."""
AS_GOOD = 0.9
"""A rule that explains a finding nearly as well as the best does explain it as well."""
_QUIET = ("convergence", "nothing-leaks")
"""What is judged once all is quiet: after which event that came is by chance."""
_MILD = ("medium", DIFFERENCE)


def named(
    findings: Iterable[Finding],
    without: Without,
    told: Iterable[Result] = (),
) -> list[Finding]:
    """Return findings with the rules that explain them; those of one cause are one.

    `told` is what came of the vectors that the subject was told.
    """
    likenesses = Likenesses(without, [one for one in told if one.stage == "vectors"])
    found = [(one, likenesses.by_rule(one)) for one in findings]
    often = Counter(rule for _, scores in found for rule in _explains(scores))
    known = [
        attrs.evolve(one, rules=_rules(scores, often), tried=was_tried(one))
        for one, scores in found
    ]
    return ordered(_absorbed(_of_one_cause(_without_chance(known))))


def _explains(scores: Mapping[str, float], enough: float = ENOUGH) -> tuple[str, ...]:
    """Return the rules that explain a finding best, and enough."""
    best = max(scores.values(), default=0.0)
    if best < enough:
        return ()
    return tuple(rule for rule, score in scores.items() if score >= best * AS_GOOD)


def _rules(scores: Mapping[str, float], often: Counter[str]) -> tuple[str, ...]:
    """Return the rules by which a finding is named: of several, that which explains most else."""
    lacked = tuple(rule for rule in _explains(scores, ENOUGH_MORE) if often[rule])
    rules = _explains(scores) or lacked
    most = max((often[rule] for rule in rules), default=0)
    found = tuple(rule for rule in rules if often[rule] == most)
    return found if len(found) <= MOST_RULES else ()


def _without_chance(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings, a difference without its rules where most that is like it has others.

    What differs in one way after many events has one cause; a rule that explains it after few of
    them does so by chance.
    """
    runs: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for one in findings:
        runs[one.deviation.part, one.deviation.way, one.rules] += one.count
    for one in findings:
        part, way = one.deviation.part, one.deviation.way
        alike = sum(n for (*place, _), n in runs.items() if place == [part, way])
        by_chance = not one.promise and 2 * runs[part, way, one.rules] < alike
        yield attrs.evolve(one, rules=()) if by_chance else one


def _of_one_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, those of one promise and one cause as one.

    Of one cause is what one rule explains. What no rule alone does is of one cause if it is wrong
    in the same way, and, where that is bad, after the same event.
    """
    same: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        same.setdefault(_cause(one), []).append(one)
    return [merged(some) for some in same.values()]


def _cause(one: Finding) -> tuple[str, ...]:
    if len(one.rules) == 1:
        return (one.promise, *one.rules)
    part = (one.promise, one.deviation.part, one.deviation.way, *one.rules)
    mild = one.severity in _MILD or one.promise in _QUIET
    return part if mild else (*part, one.name)


def _absorbed(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, a difference told with the worst that is of its cause and breaks a promise.

    What begins as a difference and comes to break a promise, or the other way round, is one thing.
    """
    kept: list[list[Finding]] = []
    for one in ordered(findings):
        own = [some for some in kept if not one.promise and _is_of(one, some[0])]
        if own:
            own[0].append(one)
        else:
            kept.append([one])
    return [merged(some) for some in kept]


def _is_of(one: Finding, other: Finding) -> bool:
    if not other.promise or one.rules != other.rules:
        return False
    same = (one.deviation.part, one.deviation.way) == (other.deviation.part, other.deviation.way)
    return len(one.rules) == 1 or same
