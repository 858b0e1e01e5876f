"""Saved books as older versions wrote them."""

from typing import Any

SINCE_2 = ("ended", "disputed", "doubted", "cloids", "own_cloid", "max_forgotten_cloids")
SINCE_3 = (
    *(
        "requests",
        "request",
        "cancel_request",
        "blind_cancel",
        "recancelled",
        "cancelled",
        "ambiguous",
        "unshown",
    ),
    *("unclear", "again"),
)


def as_of_version(version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return a saved book without what a version did not keep yet."""
    later = SINCE_3 if version > 1 else (*SINCE_2, *SINCE_3)

    def less(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if name not in later}

    return less(data) | {
        "version": version,
        "config": less(data["config"]),
        "orders": [[less(leg) for leg in chain] for chain in data["orders"]],
        "orphans": [less(orphan) for orphan in data["orphans"]],
    }
