"""Holding a subject to one case: tell it the steps, compare what it shows with what is expected."""

import time
from collections.abc import Mapping
from typing import Any

from truebook.oracle.cases import Case
from truebook.oracle.driver import Client, Fault
from truebook.oracle.judge.compare import differences, projected
from truebook.oracle.judge.results import Kind, Result, Told, of_fault
from truebook.oracle.protocol import About, Unsupported


def run_case(
    client: Client, case: Case, *, stage: str = "vectors", replay: tuple[str, ...] = ()
) -> Result:
    """Return what comes of a case; a subject that breaks is a result too."""
    started = time.perf_counter()
    told: list[Told] = []
    try:
        found = _why_not(case, client.about) or _run(client, case, told)
    except Fault as fault:
        found = of_fault(fault)
    return Result(
        stage=stage,
        case=case,
        told=tuple(told),
        replay=replay,
        seconds=time.perf_counter() - started,
        **found,
    )


def _run(client: Client, case: Case, told: list[Told]) -> dict[str, Any]:
    shows = client.about.shows
    client.reset(case.slug, case.config)
    for step in case.steps:
        told.append(Told(step.at, tuple(step.events())))
        reply = client.step(step.at, told[-1].events)
        if isinstance(reply, Unsupported):
            what = f"it cannot take this event, and says that it can ({reply.reason})"
            hint = f"its features promise {', '.join(case.requires)}; leave out what it cannot do"
            return {"kind": Kind.FAIL, "what": what, "hint": hint}
        found = differences(projected(step.expect, shows), reply.shown())
        if found:
            return {"kind": Kind.FAIL, "differences": tuple(found)}
    return {"kind": Kind.PASS}


def _why_not(case: Case, about: About) -> Mapping[str, Any]:
    """Return why a case is not for a subject, as a result; nothing if it is."""
    lacks = [feature for feature in case.requires if feature not in about.features]
    if lacks:
        return {"kind": Kind.UNSUPPORTED, "what": f"it does not claim {', '.join(lacks)}"}
    if not any(projected(step.expect, about.shows) for step in case.steps):
        return {"kind": Kind.UNSUPPORTED, "what": "it shows nothing of what is expected here"}
    return {}
