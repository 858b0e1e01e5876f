"""The reference without each rule."""

import attrs

from truebook.oracle.mutants.known import MUTANTS

_BY = {
    "no-dedup": "fills-move-position",
    "dedup-by-tid": "fills-move-position",
    "fill-does-not-bind": "fill-binds",
    "unknown-fills-dropped": "early-fills-kept",
    "size-from-answer": "early-fills-kept",
    "timeout-is-refusal": "unknown-stays",
    "refusal-ignored": "reject-clears",
    "listing-without-cloids": "listing-binds",
    "listing-always-new": "absence-needs-age",
    "fill-lost-in-cancel": "state-is-derived",
    "late-fill-lost": "tombstones",
    "pending-not-exposed": "exposure-bounds",
    "listings-ignored": "cancel-resolves",
    "modify-does-not-bind": "modify-binds",
    "position-taken-over": "position-by-fills",
}
KNOCKOUTS = tuple(attrs.evolve(m, rules=(_BY[m.name],)) for m in MUTANTS if m.name in _BY)
