"""A world without what a book cannot be told: the runs that are left are runs of the world, too.

Whatever is told may come late: a message that never comes makes no run impossible.
"""

from collections.abc import Collection

import attrs

from truebook.model.system import System

NEEDS = {
    "send": ("register",),
    "refuse:a": ("reject",),
    "answer:a": ("answer",),
    "answer-item:a": ("answer", "reject"),
    "answer:b": ("answer", "modify_answer"),
    "answer-item:b": ("answer", "modify_answer"),
    "time-out:a": ("unknown",),
    "time-out:b": ("modify_answer",),
    "taker-fill": ("fill",),
    "maker-fill": ("fill",),
    "taker-fill-again": ("fill",),
    "maker-fill-again": ("fill",),
    "reconnect": ("fill",),
    "end": ("status",),
    "ask-cancel": ("cancel",),
    "answer-cancel": ("cancel_answer",),
    "modify": ("modify",),
    "ask-snapshot": ("listing", "listing_requested"),
    "process-snapshot": ("listing",),
    "fail-snapshot": ("listing_failed",),
    "tick": ("tick",),
    "tell": ("fill",),
    "tell-again": ("fill",),
    "tell-bust": ("reversal",),
    "rebase": ("rebase",),
}
"""The events that an action may be, by its name or what stands before the colon.

`refuse:a` tells nothing, and leaves no answer but a refusal.
"""


def without(system: System, cannot: Collection[str]) -> System:
    """Return a system without the actions that may be an event of these types."""
    if not cannot:
        return system
    kept = tuple(action for action in system.actions if not _told(action.name) & set(cannot))
    return attrs.evolve(system, actions=kept)


def _told(action: str) -> set[str]:
    return set(NEEDS.get(action, NEEDS.get(action.partition(":")[0], ())))
