"""A vector for each row of the lifecycle: a shortest run of the reference that takes it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from truebook.model import lifecycle
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.system import Action, System
from truebook.model.vocabulary import Event, OrderState
from truebook.oracle.vectors.build import Found, Vector, vectors_of
from truebook.specs.explore import columns
from truebook.specs.properties import Check, Kind
from truebook.specs.scenarios import WAITING, Scenario, default_scenarios, with_faults

RULE_OF = {
    Event.REGISTERED: "unknown-stays",
    Event.ANSWERED: "early-fills-kept",
    Event.FILLED: "fill-binds",
    Event.ENDED: "state-is-derived",
    Event.CANCEL_ASKED: "state-is-derived",
    Event.CANCEL_ANSWERED: "cancel-resolves",
    Event.LISTED: "listing-binds",
    Event.REPLACED: "modify-binds",
    Event.AGED: "ages-out",
    Event.TRIGGERED: "waits-is-not-dead",
}
"""The rule that a row of the lifecycle is most about."""


Row = tuple[Event, OrderState, OrderState]


def of_rows(*, lies: bool = False) -> Iterator[Vector]:
    """Yield a vector for each row of the lifecycle that some scenario comes to.

    With `lies`, for each that takes a false word.
    """
    found: dict[Row, Found] = {}
    known: set[Row] = set()
    larger = Scenario("larger modify", with_faults("modify", bounds=Bounds(new_size=2)))
    shipped = [s for s in default_scenarios(REFERENCE) if s.worlds == ("order",)]
    waiting = [s for s in default_scenarios(REFERENCE) if s.worlds == WAITING]
    honest = [s for s in (larger, *shipped, *waiting) if not s.lies]
    for scenario in (*honest, *(s for s in shipped if s.lies and lies)):
        if scenario.name == "any delay":
            continue  # beyond the assumptions, where the reference promises less
        system = scenario.build(REFERENCE)
        taken = [(row, leg) for row, leg in sorted(_taken(system)) if row not in known]
        known |= {row for row, _ in taken}
        if scenario.lies == lies:
            found |= _first_taken(scenario, system, taken)
    for (event, before, after), run in sorted(found.items()):
        words = (_word(before), _word(event), _word(after))
        title = f"From {words[0]}, {words[1]}: {words[2]}"
        slug = "-".join(("row", *words)).replace(" ", "-")
        rule = "contradiction-reopens" if lies else RULE_OF[event]
        if run.scenario.worlds == WAITING:
            rule = "waits-is-not-dead"
        yield from vectors_of(slug, title, rule, run)


def _taken(system: System) -> set[tuple[Row, int]]:
    """Return which rows are taken anywhere in a system, each with a leg that takes it."""
    rows = lifecycle.steps()
    actions = {action.name: action for action in system.actions}
    moves = (
        ((_event(actions[name], leg), OrderState(before), OrderState(after)), leg)
        for name, leg, before, after in columns.explore(system, ()).moves
    )
    return {(row, leg) for row, leg in moves if row in rows}


def _event(action: Action, leg: int) -> Event | None:
    """Return what an action is to a leg; None where that is several events at once."""
    if action.name == "reconnect":
        return None
    return action.event if action.leg in (None, leg) else Event.REPLACED


def _first_taken(
    scenario: Scenario, system: System, taken: Sequence[tuple[Row, int]]
) -> dict[Row, Found]:
    """Return a shortest run into each of some rows that legs take, exploring no further."""
    checks = [_never(row, leg) for row, leg in taken]

    def wanted(depth: int, states: int, lengths: Mapping[int, int]) -> Collection[int]:
        met = {taken[n][0] for n in lengths}
        return [n for n, (row, _) in enumerate(taken) if row not in met]

    first: dict[Row, Found] = {}
    for number, trace in columns.explore(system, checks, wanted=wanted).violations.items():
        actions = tuple(step.action for step in trace.steps)
        first.setdefault(taken[number][0], Found(REFERENCE, scenario, checks[number], actions))
    return first


def _never(row: Row, leg: int) -> Check:
    """Return the check that a row is never taken by a leg: a trace that breaks it takes the row."""
    event, before, after = row

    def holds(old: Any, new: Any, action: Action) -> bool:
        if _event(action, leg) != event:
            return True
        if old.records[leg].state != before:
            return True
        return bool(new.records[leg].state != after)

    return Check("transitions-in-table", "", Kind.STEP, holds)


def _word(value: Event | OrderState) -> str:
    return value.name.lower().replace("_", " ")
