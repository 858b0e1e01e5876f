"""One thing that is wrong with a subject: in which way, how bad, how often, and shown how."""

from collections.abc import Mapping

import attrs

from truebook.oracle.judge import Deviation, Onset, Result

DIFFERENCE = "difference"
"""The severity of what breaks no promise and is shown otherwise than the reference does."""

SEVERITY_OF = {
    "no-fill-twice": "critical",
    "position-is-unique-fills": "critical",
    "no-false-orphan": "critical",
    "no-live-order-dropped": "critical",
    "tracked-or-in-grace": "critical",
    "exposure-bounds-truth": "critical",
    "strangers-left-alone": "critical",
    "orphan-cancelled-once": "high",
    "filled-is-its-fills": "high",
    "identity": "high",
    "state-agrees-with-fills": "high",
    "transitions-in-table": "high",
    "replay-harmless": "high",
    "convergence": "high",
    "recovers": "high",
    "confluence": "high",
    "exposure-is-tight": "medium",
    "nothing-leaks": "medium",
}
"""What the breach of each property comes to, the worst first."""

RANK = {name: number for number, name in enumerate(SEVERITY_OF)}
_PARTS = (
    "effects.cancels",
    "position",
    "orders.filled",
    "orders.state",
    "orders",
    "open",
    "pending",
    "orphans",
    "exposure",
    "unsettled",
)


@attrs.frozen(kw_only=True)
class Finding:
    """What is wrong in some runs for one cause.

    `deviation` is the worst of what the `onset` shows wrong in the `shortest` run. `runs` are how
    many there are in each stage, `lasting` in how many it is for good. `after` are the kinds of
    event after which it begins, `also` what else is wrong with it: promises, then parts. `then` is
    what was seen only behind it, or behind others as bad, and in how many runs: its consequences.
    `rules` are those without which the reference shows the same, where that was `tried`. `names`
    are all by which it may be called, its own first.
    """

    names: tuple[str, ...]
    deviation: Deviation
    after: tuple[str, ...]
    runs: Mapping[str, int]
    lasting: int
    shortest: Result
    onset: Onset
    examples: tuple[tuple[Result, Onset], ...] = attrs.field(repr=False)
    also: tuple[str, ...] = ()
    then: Mapping[str, int] = attrs.field(factory=dict)
    rules: tuple[str, ...] = ()
    tried: bool = False
    known: str = ""

    @property
    def name(self) -> str:
        """What it is called: the promise or `difference`, the part, the way, the event."""
        return self.names[0]

    @property
    def promise(self) -> str:
        """The property that it breaks; empty if it only differs."""
        return self.deviation.promise

    @property
    def promises(self) -> tuple[str, ...]:
        """Every property that is broken in it, or seen to be only behind it."""
        every = (self.promise, *self.also, *self.then)
        return tuple(dict.fromkeys(name for name in every if name in SEVERITY_OF))

    @property
    def severity(self) -> str:
        """How bad it is."""
        return SEVERITY_OF[self.promise] if self.promise else DIFFERENCE

    @property
    def count(self) -> int:
        """In how many runs it is."""
        return sum(self.runs.values())

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The order in which findings are told: the worst first, then the most frequent."""
        return bool(self.known), rank_of(self.deviation)[0], -self.count


def rank_of(one: Deviation) -> tuple[int, int]:
    """Return how bad a deviation is: the worst is least."""
    part = _PARTS.index(one.part) if one.part in _PARTS else len(_PARTS)
    return RANK[one.promise] if one.promise else len(RANK), part


def name_of(one: Deviation, after: str) -> str:
    """Return the name of a finding."""
    words = (one.promise or DIFFERENCE, one.part, one.way, after)
    return "/".join(word.replace(" ", "-") for word in words)
