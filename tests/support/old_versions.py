"""A saved book as an older version wrote it."""

from typing import Any

SINCE_2 = ("ended", "disputed")
SINCE_3 = ("doubted", "cloids", "own_cloid", "max_forgotten_cloids")


def written_by(version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return a saved book as a version wrote it, without what was kept since."""
    since = (*SINCE_3, *(SINCE_2 if version == 1 else ()))

    def less(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if name not in since}

    early = data["early"]
    if version == 1:
        early = [[time, {k: v for k, v in fill.items() if k != "cloid"}] for time, fill in early]
    return less(data) | {
        "version": version,
        "config": less(data["config"]),
        "orders": [[less(leg) for leg in chain] for chain in data["orders"]],
        "early": early,
    }
