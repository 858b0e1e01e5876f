"""Mutants that do not say what they have noticed, or do not ask: one for each kind of report."""

from typing import Any

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import Event
from truebook.oracle.reference import Texts

UNSAID = Family()


def _report(word: str, rules: str, properties: str, **more: Any) -> None:
    def asks(d: Broken, e: Event, asked: Texts) -> None:
        asked["reports"] = [report for report in asked["reports"] if report != word]

    words = f"no {word.replace('_', ' ')} is reported"
    name = f"{word.replace('_', '-')}-not-reported"
    more |= {"about": f"reported {word}", "asks": asks}
    UNSAID.add(name, words, rules=rules, properties=properties, **more)


_report("ambiguous", "answers-name-requests", "identity")
_report("conflict", "first-fill-stands contradiction-reopens", "recovers")
_report("direct_creation", "", "identity")
_report("listing_refused", "absence-needs-age", "convergence")
_report("not_an_order", "", "identity")
_report("overfill", "", "filled-is-its-fills")
_report("position_mismatch", "position-by-fills", "convergence")
_report("rebase_refused", "position-by-fills", "position-is-unique-fills")
_report("rebased", "position-by-fills", "position-is-unique-fills")
_report("refused", "", "convergence")
_report("unattributed", "early-fills-kept", "filled-is-its-fills")
_report("unknown_order", "", "identity")


def _nothing_asked(d: Broken, e: Event, asked: Texts) -> None:
    asked["statuses"] = []


UNSAID.add(
    "statuses-not-asked",
    "nobody is asked for the status of an order",
    properties="convergence",
    asks=_nothing_asked,
)
