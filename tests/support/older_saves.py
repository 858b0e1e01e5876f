"""A saved book as an older version wrote it."""

from collections.abc import Collection
from typing import Any

SINCE = {
    2: ("ended", "disputed", "doubted", "cloids", "own_cloid", "max_forgotten_cloids"),
    3: (
        *("reduce_only", "time_in_force", "trigger", "parent", "wait", "follows"),
        "waiting",
    ),
}
"""What each version keeps that the one before did not."""


def as_of_version(data: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a saved book without what an older version did not keep."""
    gone = {name for since, names in SINCE.items() if version < since for name in names}
    legs = [[_less(leg, gone) for leg in chain] for chain in data["orders"]]
    config = _less(data["config"], gone)
    return _less(data, gone) | {"version": version, "orders": legs, "config": config}


def _less(fields: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in gone}
