"""A saved book as an older version wrote it."""

from typing import Any

from truebook.impl.book.loaded_versions import (
    BOOK_SINCE,
    CONFIG_SINCE,
    EARLY_SINCE,
    LEG_SINCE,
    ORPHAN_SINCE,
)


def written_by(version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return a saved book as a version wrote it, without what was kept since."""

    def less(fields: dict[str, Any], since: dict[int, Any]) -> dict[str, Any]:
        later = {name for number, names in since.items() if number > version for name in names}
        return {name: value for name, value in fields.items() if name not in later}

    return less(data, BOOK_SINCE) | {
        "version": version,
        "config": less(data["config"], CONFIG_SINCE),
        "orders": [
            [{**less(leg, LEG_SINCE), "past": []} for leg in chain] for chain in data["orders"]
        ],
        "orphans": [less(orphan, ORPHAN_SINCE) for orphan in data["orphans"]],
        "early": [[time, less(fill, EARLY_SINCE)] for time, fill in data["early"]],
    }
