"""After what kind of event something began to be wrong, in words."""

from collections.abc import Sequence

from truebook.oracle.judge import Onset, Result, Told

_SAYS = {
    "status": "status",
    "cancel_answer": "outcome",
    "modify_answer": "outcome",
}
"""The field by which events of a type are of different kinds."""


def began(result: Result, onset: Onset) -> int:
    """Return the step, numbered from 1, by which something had begun to be wrong.

    A promise is not judged where a step tells no truth: what is shown the same there may be wrong
    since then.
    """
    step = onset.step
    parts = {one.part.partition(".")[0] for one in onset.broken}
    shown = [[told.shown.get(part) for part in parts] for told in result.told[:step]]
    while parts and step > 1 and result.case.steps[step - 2].truth is None:
        if shown[step - 2] != shown[step - 1]:
            break
        step -= 1
    return step


def after(told: Sequence[Told], step: int) -> str:
    """Return the kind of the last event of a step, numbered from 1: its type, and what it says."""
    event = told[step - 1].events[-1]
    kind = str(event["type"])
    if kind in _SAYS:
        return f"{kind} {event[_SAYS[kind]]}"
    if kind == "fill":
        same = ("oid", "tid")
        before = (one for past in told[: step - 1] for one in past.events)
        again = any(
            one["type"] == "fill" and all(one[name] == event[name] for name in same)
            for one in before
        )
        return "fill again" if again else "fill"
    if kind == "answer":
        if event["oid"] is None:
            return "answer without oid"
        return "answer with fills" if event.get("filled", "0") != "0" else "answer"
    return kind
