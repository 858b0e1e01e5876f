"""Gathering: the onsets of all runs that are of one kind are one finding."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from truebook.oracle.findings.after import after, began
from truebook.oracle.findings.finding import RANK, Finding, name_of, rank_of
from truebook.oracle.judge import Deviation, Onset, Result

EXAMPLES = 4
"""How many runs of a finding are kept: the shortest, and of one and the same events only one."""


Example = tuple[Result, Onset]


@attrs.define
class _Kind:
    """The onsets of one kind, as they come.

    `runs` are in which it is, `lasting` in how many for good; `behind` in how many it is seen only
    behind each of other kinds.
    """

    deviation: Deviation
    after: str
    runs: Counter[str] = attrs.field(factory=Counter)
    lasting: int = 0
    also: dict[str, None] = attrs.field(factory=dict)
    behind: Counter[str] = attrs.field(factory=Counter)
    first: list[tuple[Result, Onset]] = attrs.field(factory=list)
    later: list[tuple[Result, Onset]] = attrs.field(factory=list)

    def add(self, result: Result, onset: Onset, *, is_first: bool) -> None:
        some = self.first if is_first else self.later
        some.append((result, onset))
        some[:] = _kept(some)
        for one in onset.deviations:
            words = one.promise or one.part
            if words not in (self.deviation.promise, self.deviation.part):
                self.also[words] = None

    def join(self, other: "_Kind") -> None:
        self.runs.update(other.runs)
        self.lasting += other.lasting
        self.also.update(other.also)
        self.behind.update(other.behind)
        self.first = _kept((*self.first, *other.first))
        self.later = _kept((*self.later, *other.later))


def _kept(examples: Iterable[Example]) -> list[Example]:
    """Return the shortest of examples, one for each row of events that comes to it."""
    shortest: dict[tuple[str, ...], Example] = {}
    for result, onset in sorted(examples, key=_length):
        row = tuple(step.event["type"] for step in result.case.steps[: onset.step])
        shortest.setdefault(row, (result, onset))
    return list(shortest.values())[:EXAMPLES]


def _length(example: tuple[Result, Onset]) -> tuple[int, int, str]:
    result, onset = example
    return onset.step, len(result.case.steps), result.slug


@attrs.define
class Gatherer:
    """Takes results as they come, and gathers what is wrong in them."""

    _kinds: dict[str, _Kind] = attrs.field(factory=dict)

    def add(self, result: Result) -> None:
        """Take a result: each kind of onset of it once."""
        seen: dict[str, bool] = {}
        before: list[tuple[int, str]] = []
        for onset in result.onsets:
            worst = worst_of(onset)
            words = after(result.told, began(result, onset))
            name, bad = name_of(worst, words), rank_of(worst)[0]
            cause = next((one for how_bad, one in before if how_bad <= bad and onset.follows), "")
            if name not in seen:
                kind = self._kinds.setdefault(name, _Kind(worst, words))
                kind.add(result, onset, is_first=not cause)
                if cause:
                    kind.behind[cause] += result.count
            seen[name] = seen.get(name, False) or onset.lasts
            before.append((bad, name))
        for name, lasts in seen.items():
            self._kinds[name].runs[result.stage] += result.count
            self._kinds[name].lasting += lasts * result.count

    def join(self, other: "Gatherer") -> None:
        """Take all that another was told, as if it had been told here, after what was."""
        for name, kind in other._kinds.items():
            self._kinds.setdefault(name, _Kind(kind.deviation, kind.after)).join(kind)

    def names(self) -> set[str]:
        """Return the names of what was found so far."""
        return set(self._kinds)

    def findings(self) -> list[Finding]:
        """Return the findings, the worst first.

        What was seen only behind something as bad or worse, and is of the same order or of a
        sum, is taken for a consequence, and told with what it was seen behind.
        """
        then: dict[str, Counter[str]] = {}
        for kind in self._kinds.values():
            if not kind.first:
                words = kind.deviation.promise or kind.deviation.part
                for cause, count in kind.behind.items():
                    then.setdefault(cause, Counter())[words] += count
        first = ((name, kind) for name, kind in self._kinds.items() if kind.first)
        return ordered(_finding(name, kind, then.get(name, {})) for name, kind in first)


def gathered(results: Iterable[Result]) -> list[Finding]:
    """Return the findings of some results, the worst first."""
    gatherer = Gatherer()
    for result in results:
        gatherer.add(result)
    return gatherer.findings()


def names_in(result: Result) -> set[str]:
    """Return the names of what is wrong in a result."""
    return {name_of(worst_of(one), after(result.told, began(result, one))) for one in result.onsets}


def worst_of(onset: Onset) -> Deviation:
    """Return the worst of what an onset shows wrong."""
    return min(onset.deviations, key=rank_of)


def _finding(name: str, kind: _Kind, then: Mapping[str, int]) -> Finding:
    result, onset = kind.first[0]
    return Finding(
        names=(name,),
        deviation=worst_of(onset),
        after=(kind.after,),
        runs=dict(kind.runs),
        lasting=kind.lasting,
        shortest=result,
        onset=onset,
        examples=tuple(kind.first),
        also=tuple(kind.also),
        then=_told_beside(kind.deviation, then),
    )


def _told_beside(one: Deviation, then: Mapping[str, int]) -> dict[str, int]:
    """Return what is seen behind a deviation and is another thing, the worst first."""
    found = {name: count for name, count in then.items() if name not in (one.promise, one.part)}
    return dict(sorted(found.items(), key=lambda item: (RANK.get(item[0], len(RANK)), item[0])))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, the worst first."""
    return sorted(findings, key=lambda one: (*one.rank, one.name))


def merged(same: Sequence[Finding]) -> Finding:
    """Return findings of one cause as one: it is called as the worst of them."""
    worst, *others = ordered(same)
    runs: Counter[str] = Counter()
    then: Counter[str] = Counter()
    for one in same:
        runs.update(one.runs)
        then.update(one.then)
    said = [words for one in others for words in (one.promise or one.deviation.part, *one.also)]
    also = dict.fromkeys((*worst.also, *said))
    return attrs.evolve(
        worst,
        names=tuple(name for one in (worst, *others) for name in one.names),
        after=tuple(dict.fromkeys(kind for one in (worst, *others) for kind in one.after)),
        runs=dict(runs),
        lasting=sum(one.lasting for one in same),
        tried=any(one.tried for one in same),
        examples=tuple(_kept(example for one in same for example in one.examples)),
        also=tuple(a for a in also if a not in (worst.promise, worst.deviation.part)),
        then=_told_beside(worst.deviation, then),
    )
