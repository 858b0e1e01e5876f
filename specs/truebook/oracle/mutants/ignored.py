"""Mutants that do not listen to an event: one for each.

So there is a vector for everything that a book can be told; `unread` has the fields of events.
"""

from typing import Any

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import Event

IGNORED = Family()


def _event(name: str, words: str, kind: str, rules: str, properties: str, **more: Any) -> None:
    def tell(d: Broken, e: Event, at: int) -> Event | None:
        return None if e["type"] == kind else e

    more |= {"about": f"told {kind}", "tell": tell}
    IGNORED.add(name, words, rules=rules, properties=properties, **more)


_LOST = "tracked-or-in-grace exposure-bounds-truth"
_UNIQUE = "position-is-unique-fills"

_event("orders-not-noted", "an order is not noted before its answer", "register", "", _LOST)
_event("answers-ignored", "answers are not listened to", "answer", "fill-binds", "convergence")
_event(
    "refusal-ignored",
    "a refusal leaves its request pending",
    "reject",
    "reject-clears",
    "exposure-is-tight",
)
_event("timeouts-ignored", "timeouts are not listened to", "unknown", "", "convergence")
_event("fills-ignored", "fills are not listened to", "fill", "fills-move-position", _UNIQUE)
_event(
    "reversals-ignored",
    "a fill that is taken back stays",
    "reversal",
    "reversal-undoes-once",
    _UNIQUE,
)
_event(
    "corrections-ignored",
    "a fill that is corrected stays as it was",
    "correction",
    "reversal-undoes-once",
    _UNIQUE,
)
_event(
    "statuses-ignored",
    "statuses are not listened to",
    "status",
    "state-is-derived",
    "exposure-is-tight convergence",
)
_event(
    "status-unknown-ignored",
    "that the venue knows no such order says nothing",
    "status_unknown",
    "unknown-stays",
    "convergence",
)
_event(
    "cancels-not-asked",
    "a cancel is not noted, nor sent",
    "cancel",
    "state-is-derived",
    "convergence",
)
_event(
    "cancel-answers-ignored",
    "the answers to cancels are not listened to",
    "cancel_answer",
    "cancel-resolves",
    "exposure-is-tight convergence",
)
_event(
    "modifies-not-noted",
    "a modify is not noted",
    "modify",
    "exposure-bounds modify-binds",
    "exposure-bounds-truth",
)
_event(
    "modify-answers-ignored",
    "the answers to modifies are not listened to",
    "modify_answer",
    "modify-binds",
    "identity convergence",
)
_event(
    "listings-ignored",
    "listings are not looked at",
    "listing",
    "listing-binds absence-needs-age",
    "convergence tracked-or-in-grace",
)
_event(
    "failed-listings-ignored",
    "that a listing failed is not noted",
    "listing_failed",
    "",
    "convergence",
)
_event(
    "positions-ignored",
    "the venue's position is not looked at",
    "position",
    "position-by-fills",
    "convergence",
)
_event("rebases-ignored", "a position is never taken over", "rebase", "position-by-fills", _UNIQUE)
