"""The vectors of a group, which are made together and stand in one file."""

from truebook.oracle.vectors.build import Vector, of_design, of_rule
from truebook.oracle.vectors.rows import of_rows


def group(name: str) -> list[Vector]:
    """Return the vectors of a group."""
    if name in ("rows", "rows-of-lies"):
        return list(of_rows(lies=name == "rows-of-lies"))
    if name in ("plan", "legacy"):
        return list(of_design(name))
    return list(of_rule(name.removeprefix("without-")))
