"""How like a subject is to the reference without each rule: where it is wrong, and where not."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, zip_longest

import attrs

from truebook.oracle.cases import Case
from truebook.oracle.findings.finding import Finding
from truebook.oracle.findings.gather import worst_of
from truebook.oracle.judge import EXTRA, MISSING, Deviation, Kind, Onset, Result, onsets_shown
from truebook.oracle.mutants import KNOCKOUTS, Mutant, driver_of
from truebook.oracle.protocol import declared
from truebook.oracle.reference import Driver, Texts

Seen = tuple[int, str, str, str, str]
"""After which step something begins to be wrong: the part, the way, whose, and what is shown."""
MASKED = 0.5
"""How much a vector counts in which a subject is wrong before, and otherwise."""
_LISTS = ("open", "pending", "orphans", "stuck", "orders", "effects.cancels", "effects.reports")
"""Of what is missing there, or too much, nothing else is shown that would be of it."""
_DIFFERS = -1
LONG = 500
"""A run of more events is told to no reference: there are many of them."""


@attrs.define
class Without:
    """What the reference without each rule shows wrong in runs that a subject was told.

    `shows` and `declares` are the subject's. What is known of a run is kept: its case must stay.
    """

    shows: tuple[str, ...]
    declares: tuple[str, ...] = ()
    _known: dict[tuple[str, int], tuple[Case, tuple[Seen, ...]]] = attrs.field(factory=dict)
    _same: dict[tuple[str, int], tuple[Case, int]] = attrs.field(factory=dict)
    _right: dict[int, tuple[Case, list[Texts]]] = attrs.field(factory=dict)

    def seen(self, one: Mutant, result: Result) -> tuple[Seen, ...]:
        """Return what begins to be wrong without a rule, told what a subject was, step by step."""
        key = one.name, id(result.case)
        if key not in self._known:
            case = attrs.evolve(result.case, steps=result.case.steps[: len(result.told) or None])
            said = declared(self.declares)
            found = onsets_shown(case, _shown_by(driver_of(one), case), self.shows, said)
            self._known[key] = result.case, _seen(found)
        return self._known[key][1]

    def seen_until(self, step: int, one: Mutant, result: Result) -> set[Seen]:
        """Return what begins to be wrong up to a step."""
        key = one.name, id(result.case)
        if key not in self._known and self._is_right(one, result.case, step):
            return set()
        return _until(step, self.seen(one, result))

    def _is_right(self, one: Mutant, case: Case, until: int) -> bool:
        """Return whether the reference shows the same without a rule: then nothing is wrong."""
        key = one.name, id(case)
        _, same = self._same.get(key, (case, 0))
        if 0 <= same < until:
            shown = islice(_shown_by(driver_of(one), case), until)
            pairs = zip_longest(shown, self._of_reference(case)[:until])
            same = until if all(state == right for state, right in pairs) else _DIFFERS
            self._same[key] = case, same
        return same >= until

    def _of_reference(self, case: Case) -> list[Texts]:
        if id(case) not in self._right:
            self._right[id(case)] = case, list(_shown_by(Driver, case))
        return self._right[id(case)][1]


@attrs.define
class Likenesses:
    """How like a subject is to the reference without each rule.

    `told` is what came of the vectors that the subject was told.
    """

    without: Without
    told: Sequence[Result]
    _elsewhere: dict[str, float] = attrs.field(factory=dict)

    def by_rule(self, finding: Finding) -> dict[str, float]:
        """Return how like a subject is to the reference without each rule that explains a finding.

        From 0 to 1: in the runs of the finding, times in the vectors about the rule; a rule that
        may be lacked in several ways counts by the likest.
        """
        found: dict[str, float] = {}
        for one in KNOCKOUTS:
            here = self._here(one, finding)
            if here:
                (rule,) = one.rules
                found[rule] = max(found.get(rule, 0.0), here * self._in_vectors(one))
        return {rule: score for rule, score in found.items() if score}

    def _here(self, one: Mutant, finding: Finding) -> float:
        """Return how like it is in the runs of a finding; one that it does not explain counts 0."""
        total = 0.0
        examples = [(result, onset) for result, onset in finding.examples if _is_short(result)]
        for result, onset in examples:
            theirs = self.without.seen_until(onset.step, one, result)
            if _place(onset.step, worst_of(onset)) in theirs:
                ours = _until(onset.step, _seen(result.onsets))
                # What the subject shows wrong beside it may have another cause, and counts half.
                total += len(ours & theirs) * (1 / len(theirs) + 1 / len(ours | theirs)) / 2
        return total / len(examples) if examples else 0.0

    def _in_vectors(self, one: Mutant) -> float:
        if one.name not in self._elsewhere:
            self._elsewhere[one.name] = self._share(one)
        return self._elsewhere[one.name]

    def _share(self, one: Mutant) -> float:
        """Return in which share of the vectors of its rule the subject is wrong as it is.

        One in which something else is wrong before says less. Who was told none of them, of that
        nothing is known.
        """
        alike = told = 0.0
        for ours in self._about(one.rules[0]):
            theirs = self.without.seen(one, ours)
            if theirs:
                step = theirs[0][0]
                before = any(onset.step < step for onset in ours.onsets)
                same = bool(_until(step, _seen(ours.onsets)) & _until(step, theirs))
                told += 1 if same or not before else MASKED
                alike += same
        return alike / (told + 1) if told else 1.0  # one vector alone is little evidence

    def _about(self, rule: str) -> list[Result]:
        return [
            result
            for result in self.told
            if result.case.rule == rule
            and result.kind is not Kind.UNSUPPORTED
            and _is_short(result)
        ]


def was_tried(finding: Finding) -> bool:
    """Return whether a run of a finding is short enough to be told without each rule."""
    return any(_is_short(result) for result, _ in finding.examples)


def _shown_by(book: type[Driver], case: Case) -> Iterator[Texts]:
    """Yield what a book shows after each step, until it breaks down."""
    driver = book.of(case)
    with suppress(Exception):
        for step in case.steps:
            yield driver.take(step)


def _is_short(result: Result) -> bool:
    return sum(step.repeat for step in result.case.steps) <= LONG


def _seen(onsets: Iterable[Onset]) -> tuple[Seen, ...]:
    return tuple(_place(onset.step, one) for onset in onsets for one in onset.deviations)


def _until(step: int, seen: Iterable[Seen]) -> set[Seen]:
    return {one for one in seen if one[0] <= step}


def _place(step: int, one: Deviation) -> Seen:
    told_by_way = one.way in (MISSING, EXTRA) and one.part in _LISTS
    return step, one.part, one.way, one.about, "" if told_by_way else str(one.shown)
