"""A run in four lanes: who did what, what that changed, and what of it is not as it should be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from truebook.specs.properties import PROPERTIES, Lane

LANES = (Lane.CLIENT, Lane.BOOK, Lane.WIRE, Lane.VENUE)
_SENTENCES = {known.name: known.sentence for known in PROPERTIES}


class NoRunError(ValueError):
    """What was read has no run; says why."""


@attrs.frozen
class Changed:
    """What a row changed, in a lane, from one value to another; `detail`: few want to see it."""

    lane: Lane
    what: str
    before: str
    after: str
    detail: bool = False


@attrs.frozen
class Row:
    """What happened, who did it (`time`: it passed for all), and what that changed."""

    lane: Lane
    words: str
    changes: tuple[Changed, ...] = ()

    def in_lane(self, lane: Lane) -> Iterator[Changed]:
        """Yield what it changed in a lane, without details."""
        return (one for one in self.changes if one.lane is lane and not one.detail)


@attrs.frozen
class Way:
    """The rows after those of a run, one of two that should come to the same."""

    words: str
    rows: tuple[Row, ...]


@attrs.frozen(kw_only=True)
class Run:
    """A run of `of` (a design) that breaks a property; `sentence` is what was to hold.

    `settles` is what it comes to once quiet. Of `ways` there are two, or none, which end in what
    `differs` says.
    """

    of: str
    scenario: str
    property: str
    sentence: str
    broken: str
    rows: tuple[Row, ...]
    settles: tuple[Changed, ...] = ()
    ways: tuple[Way, ...] = ()
    differs: tuple[str, ...] = ()


def runs_of(report: Mapping[str, Any]) -> Iterator[Run]:
    """Yield the runs of what `truebook check --json` printed, of each design and property.

    NoRunError says what of it is not as that command prints it.
    """
    try:
        for design, found in report["designs"].items():
            for name, verdict in found["properties"].items():
                if verdict["verdict"] == "violated":
                    yield _run(design, name, verdict)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NoRunError(f"it is not what `truebook check --json` prints: {error!r}") from error


def _run(design: str, name: str, verdict: Mapping[str, Any]) -> Run:
    fork = verdict.get("fork")
    ways: tuple[Way, ...] = ()
    if fork:
        repeated = len(fork["one"]) != len(fork["other"])
        words = ("told once", "told twice") if repeated else ("in one order", "in the other")
        ways = tuple(
            Way(said, tuple(map(_row, fork[key])))
            for said, key in zip(words, ("one", "other"), strict=True)
        )
    return Run(
        of=design,
        scenario=verdict["scenario"],
        property=name,
        sentence=_SENTENCES[name],
        broken=verdict["part"],
        rows=tuple(map(_row, verdict["trace"])),
        settles=tuple(map(_changed, verdict["settles"])),
        ways=ways,
        differs=tuple(f"{d['what']}: {d['one']} ≠ {d['other']}" for d in fork["differs"])
        if fork
        else (),
    )


def _row(step: Mapping[str, Any]) -> Row:
    return Row(Lane(step["lane"]), step["words"], tuple(map(_changed, step["changes"])))


def _changed(change: Mapping[str, Any]) -> Changed:
    return Changed(
        Lane(change["lane"]), change["what"], change["before"], change["after"], change["detail"]
    )


def chosen(runs: Sequence[Run], *, design: str | None, name: str | None) -> list[Run]:
    """Return the runs of a design and a property, where these are given."""
    return [
        one
        for one in runs
        if (design is None or one.of == design) and (name is None or one.property == name)
    ]
