"""Mutants that do not read a field of what they are told: one for each that may be left out."""

from typing import Any

from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import Event, of_listed, without

UNREAD = Family()

_UNIQUE = "position-is-unique-fills"


def _field(name: str, words: str, path: str, rules: str, properties: str, **more: Any) -> None:
    kind, _, field = path.partition(".")

    def tell(d: Broken, e: Event, at: int) -> Event:
        return without(e, field) if e["type"] == kind else e

    more |= {"about": f"told {path}", "tell": tell}
    UNREAD.add(name, words, rules=rules, properties=properties, **more)


def _listed(name: str, words: str, field: str, rules: str, properties: str, **more: Any) -> None:
    def tell(d: Broken, e: Event, at: int) -> Event:
        return of_listed(e, field) if e["type"] == "listing" else e

    more |= {"about": f"told listed.{field}", "tell": tell}
    UNREAD.add(name, words, rules=rules, properties=properties, **more)


_field(
    "resting-not-read",
    "that some of an order rests is not read",
    "answer.resting",
    "early-fills-kept",
    "convergence",
)
_field(
    "answered-not-read",
    "what an answer says has filled is not read",
    "answer.filled",
    "early-fills-kept",
    "exposure-bounds-truth exposure-is-tight",
)
_field(
    "answer-number-not-read",
    "which request an answer is of is not read",
    "answer.answers",
    "answers-name-requests",
    "identity",
)
_field(
    "refusal-number-not-read",
    "which request a refusal is of is not read",
    "reject.answers",
    "answers-name-requests",
    "convergence",
)
_field(
    "timeout-number-not-read",
    "which request timed out is not read",
    "unknown.answers",
    "answers-name-requests",
    "convergence",
    survives="a timeout changes nothing, whichever request it is of",
)
_field(
    "cancel-number-not-read",
    "which cancel an answer is of is not read",
    "cancel_answer.answers",
    "answers-name-requests",
    "convergence",
)
_field(
    "modify-number-not-read",
    "which modify an answer is of is not read",
    "modify_answer.answers",
    "answers-name-requests",
    "convergence",
)
_field(
    "waiting-number-not-read",
    "which request is answered by waiting is not read",
    "status.answers",
    "answers-name-requests",
    "identity",
)
_field(
    "refusal-oid-not-read",
    "the oid that a refusal names is not read",
    "reject.oid",
    "reject-clears",
    "identity",
)
for _name, _words, _kind in (
    ("refusal", "why an order was refused is not kept", "reject"),
    ("timeout", "why nobody knows of an order is not kept", "unknown"),
    ("status", "the venue's word for a status is not kept", "status"),
    ("cancel", "why a cancel was refused is not kept", "cancel_answer"),
    ("modify", "why a modify failed is not kept", "modify_answer"),
):
    _field(f"{_name}-words-not-read", _words, f"{_kind}.reason", "", "convergence")

_field(
    "fill-does-not-bind",
    "a fill does not bind its cloid",
    "fill.cloid",
    "fill-binds",
    "identity convergence",
)
_field(
    "crossed-not-read",
    "whether a fill took liquidity is not read",
    "fill.crossed",
    "early-fills-kept",
    "filled-is-its-fills exposure-bounds-truth",
)
_field(
    "fee-not-read",
    "what a fee takes of the asset itself is not read",
    "fill.fee",
    "fills-move-position",
    _UNIQUE,
)
_field(
    "reversal-time-not-read",
    "when a fill was taken back is not read",
    "reversal.at",
    "reversal-undoes-once position-by-fills",
    _UNIQUE,
)
_field(
    "correction-time-not-read",
    "when a fill was corrected is not read",
    "correction.at",
    "reversal-undoes-once position-by-fills",
    _UNIQUE,
)
_field(
    "correction-fee-not-read",
    "the fee of a corrected fill is not read",
    "correction.fee",
    "reversal-undoes-once",
    _UNIQUE,
)
_field(
    "status-cloid-not-read",
    "a status does not bind its cloid",
    "status.cloid",
    "fill-binds",
    "identity convergence",
)
_field(
    "status-amount-not-read",
    "what a status says has filled is not read",
    "status.filled",
    "state-is-derived",
    "exposure-is-tight",
)
_field(
    "status-request-not-read",
    "when a status was asked for is not read",
    "status_unknown.request",
    "absence-needs-age",
    "convergence",
)
_field(
    "modify-oid-not-read",
    "the oid that a modify got is not read",
    "modify_answer.oid",
    "modify-binds",
    "identity",
)
_field(
    "modify-old-not-read",
    "what the error of a modify says of the old order is not read",
    "modify_answer.old",
    "errors-end-little",
    "exposure-is-tight",
)
_field(
    "modify-filled-not-read",
    "what of the new order filled on arrival is not read",
    "modify_answer.filled",
    "early-fills-kept",
    "exposure-is-tight",
)
_field(
    "modify-resting-not-read",
    "what of the new order rests is not read",
    "modify_answer.resting",
    "early-fills-kept",
    "exposure-is-tight",
    survives="the size is the one that was asked for, so what rests follows from what has filled",
)
_field(
    "listing-request-not-read",
    "when a listing was asked for is not read",
    "listing.request",
    "absence-needs-age",
    "convergence",
)
_field(
    "any-scope",
    "listings of any market are taken",
    "listing.scope",
    "",
    "no-live-order-dropped no-false-orphan",
)
_field(
    "covers-not-read",
    "that a listing has the orders that wait is not read",
    "listing.covers_triggers",
    "waits-is-not-dead",
    "convergence",
)
_field(
    "as-of-not-read",
    "as of when the venue's position is is not read",
    "position.as_of",
    "position-by-fills",
    "convergence",
)
_field(
    "rebased-orders-not-read",
    "the orders that a book begins with are not read",
    "rebase.orders",
    "position-by-fills listing-binds",
    "tracked-or-in-grace exposure-bounds-truth",
)
_field(
    "reduce-only-not-read",
    "that an order only reduces is not read",
    "register.reduce_only",
    "",
    "exposure-is-tight",
)
_field(
    "time-in-force-not-read",
    "that an order cannot rest is not read",
    "register.time_in_force",
    "",
    "exposure-is-tight",
)
_field(
    "trigger-not-read",
    "that an order is to wait for its trigger is not read",
    "register.trigger",
    "waits-is-not-dead",
    "tracked-or-in-grace",
)
_field(
    "parent-not-read",
    "that an order is a child is not read",
    "register.parent",
    "waits-is-not-dead",
    "tracked-or-in-grace exposure-is-tight",
)

# Fields of listed orders

_listed(
    "listing-without-cloids",
    "listings come without cloids",
    "cloid",
    "listing-binds",
    "no-false-orphan tracked-or-in-grace",
)
_listed(
    "listed-side-not-read",
    "the side of a listed order is not read",
    "side",
    "exposure-bounds",
    "exposure-bounds-truth",
)
_listed("listed-price-not-read", "the price of a listed order is not read", "price", "", "recovers")
_listed(
    "listed-size-not-read",
    "the size of a listed order is not read",
    "size",
    "remaining-is-the-venues",
    "exposure-bounds-truth exposure-is-tight",
)
_listed(
    "listed-rest-not-read",
    "what is left of a listed order is not read",
    "remaining",
    "remaining-is-the-venues",
    "exposure-bounds-truth exposure-is-tight",
)
_listed(
    "listed-trigger-not-read",
    "that a listed order waits is not read",
    "trigger",
    "waits-is-not-dead",
    "identity",
)
