"""What the jobs of a design come to: a verdict a property."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from truebook.model.designs import design_named
from truebook.specs.proofs.jobs import Claim, Shown
from truebook.specs.properties import (
    PROPERTY_NAMES,
    QUIET,
    NotInductive,
    Proved,
    Unknown,
    Verdict,
)

_WIDER = (("order", "any delay"), ("foreign", "foreign lies"))
"""Worlds, each with one that has all of its runs. "lies" has those of an order but for a modify."""
RANKED = "by a rank that falls"
"""How that is proved which comes once quiet."""


@attrs.frozen
class ProofReport:
    """The verdicts of one design by property, with the queries and seconds of each."""

    design: str
    properties: dict[str, Verdict]
    queries: dict[str, int]
    seconds: dict[str, float]
    shown: tuple[Shown, ...]

    @property
    def agreed(self) -> bool:
        """Whether Spacer agrees, and no action entangles two orders."""
        entangled = [s.said for s in self.shown if s.job.world == "several orders"]
        return all(s.said == "proved" for s in self.opinions) and not any(entangled)

    @property
    def opinions(self) -> tuple[Shown, ...]:
        """What Spacer says."""
        return tuple(shown for shown in self.shown if shown.job.opinion is not None)


def report(shown: Sequence[Shown], properties: Sequence[str]) -> ProofReport:
    """Gather what the jobs of one design came to into verdicts, in the order of PROPERTIES."""
    job = shown[0].job
    names = [name for name in PROPERTY_NAMES if name in properties]
    claims = {name: list(_of(name, shown)) for name in names}
    return ProofReport(
        design_named(job.design, *job.switched_off).name,
        {name: _verdict(claims[name]) for name in names},
        {name: sum(claim.answer.queries for _, claim in claims[name]) for name in names},
        {name: sum(claim.answer.seconds for _, claim in claims[name]) for name in names},
        tuple(shown),
    )


def _of(name: str, shown: Sequence[Shown]) -> Iterator[tuple[Shown, Claim]]:
    for of_job in shown:
        for claim in of_job.claims:
            if claim.name in (name, ""):
                yield of_job, claim


def _verdict(claims: Sequence[tuple[Shown, Claim]]) -> Verdict:
    for shown, claim in claims:
        if claim.answer.counterexample is not None:
            undecided = [lemma for lemma in shown.lemmas if lemma.answer.unknown]
            if undecided:
                return Unknown(f"the lemma '{undecided[0].words}': {undecided[0].answer.unknown}")
            return NotInductive(claim.words, claim.state, claim.meaning)
    for _, claim in claims:
        if claim.answer.unknown:
            return Unknown(f"{claim.words}: {claim.answer.unknown}")
    if not claims:
        return Unknown("no world has anything that this speaks of")
    needed, more = assumed(_assumptions(claims))
    if any(claim.rounds for _, claim in claims):
        return Proved(RANKED, (QUIET, *needed), more)
    return Proved(_method(claims), needed, more)


def _assumptions(claims: Sequence[tuple[Shown, Claim]]) -> dict[str, tuple[str, ...]]:
    """Return what the proofs of some claims assume in each world."""
    found: dict[str, tuple[str, ...]] = {}
    for shown, claim in claims:
        known = found.get(shown.job.world, shown.assumptions)
        found[shown.job.world] = tuple(dict.fromkeys((*known, *claim.needs)))
    return found


def rounds_of(report: ProofReport, name: str) -> Iterator[tuple[str, Claim]]:
    """Yield the worlds in which a property is shown by a rank, with the claim of its limit."""
    for shown, claim in _of(name, report.shown):
        if claim.rounds:
            yield shown.job.world, claim


def assumed(worlds: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what proofs in some worlds assume, and what more where an order is modified.

    `worlds` are the assumptions of each. One is left out where another has all of its runs.
    """
    named = {world: set(names) for world, names in worlds.items()}
    for narrow, wide in _WIDER:
        if wide in named:
            named.pop(narrow, None)
    everything = set().union(*named.values())
    if "lies" in named:
        named.pop("order", None)
        named.pop("any delay", None)
    needed = set().union(*named.values())
    return tuple(sorted(needed)), tuple(sorted(everything - needed))


def _method(claims: Sequence[tuple[Shown, Claim]]) -> str:
    """Return how all of the claims are proved: by induction, or the largest k that one needs."""
    k_inductive = [c.answer.method for _, c in claims if c.answer.method.startswith("k-inductive")]
    return max(k_inductive, default="inductive")
