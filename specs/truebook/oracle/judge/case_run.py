"""Holding a subject to one case: tell it every step, and note what of it shows wrong after each."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from truebook.oracle.cases import Case, Step, Truth, kinds_of, truth_of
from truebook.oracle.driver import Client, Fault
from truebook.oracle.judge.asked import Asked
from truebook.oracle.judge.deviation import Deviation, differences
from truebook.oracle.judge.look import Look
from truebook.oracle.judge.onset import Onset, onsets_of
from truebook.oracle.judge.promises import broken, broken_in_orders
from truebook.oracle.judge.relaxed import relaxed, rounded, why_not, within_window
from truebook.oracle.judge.results import Kind, Result, Told, of_fault
from truebook.oracle.judge.shown import projected, seen_of
from truebook.oracle.judge.whose import order_of, orders_by_id
from truebook.oracle.protocol import Declared, Unsupported, needs

_JUDGED = ("position", "open", "pending", "orphans", "exposure", "unsettled", "effects")
"""The parts by which promises are judged that are not of single orders."""


def run_case(
    client: Client, case: Case, *, stage: str = "vectors", replay: tuple[str, ...] = ()
) -> Result:
    """Return what comes of a case; a subject that breaks is a result too."""
    started = time.perf_counter()
    told: list[Told] = []
    try:
        found = _why_not(case, client) or _run(client, case, told)
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
    client.reset(case.slug, case.config)
    judge = Judge(case, client.about.shows, client.declared)
    now = 0
    for step in case.steps:
        if step.needs and step.needs not in client.about.features:
            break
        _tick(client, now, step.at)
        now = step.at
        told.append(Told(step.at, client.as_told(tuple(step.events()))))
        reply = client.step(step.at, told[-1].events)
        if isinstance(reply, Unsupported):
            what = f"it cannot take this event, and says that it can ({reply.reason})"
            hint = (
                f"its features promise {', '.join(case.requires)}; leave out what it cannot do, or "
                f"name {step.event['type']!r} in `cannot`"
            )
            return {"kind": Kind.FAIL, "what": what, "hint": hint}
        told[-1] = attrs.evolve(told[-1], shown=reply.shown())
        judge.note(step, told[-1].events, told[-1].shown)
    onsets = _onsets(case, judge.ended())
    found = {"onsets": onsets, "relaxed": tuple(sorted(judge.relaxed))}
    if not onsets:
        return {"kind": Kind.PASS, **found}
    # A case that tells no truth can be judged by nothing but what it expects.
    unjudged = all(step.truth is None for step in case.steps)
    kind = Kind.FAIL if unjudged or any(one.broken for one in onsets) else Kind.DIFFERS
    return {"kind": kind, **found}


def onsets_shown(
    case: Case, shown: Iterable[Any], shows: tuple[str, ...], said: Declared
) -> tuple[Onset, ...]:
    """Return where something begins to be wrong in a case, given what is shown after its steps."""
    judge = Judge(case, shows, said)
    for step, state in zip(case.steps, shown, strict=False):
        judge.note(step, tuple(step.events()), state)
    return _onsets(case, judge.ended())


def _onsets(case: Case, found: Sequence[tuple[Deviation, ...]]) -> tuple[Onset, ...]:
    if not any(found):
        return ()
    orders = orders_by_id(case)
    told = [order_of(step.event, orders) for step in case.steps]
    return onsets_of(found, orders, told)


def _tick(client: Client, last: int, until: int) -> None:
    """Tell a subject that works of its own every so often that the time goes on."""
    every = client.declared.ticks
    if every:
        for at in range(last + every, until, every):
            client.step(at, ({"type": "tick"},))


@attrs.define
class Judge:
    """What is wrong after each step of a case, of a subject that shows some parts of its state."""

    case: Case
    shows: tuple[str, ...]
    declared: Declared = attrs.field(factory=Declared)
    relaxed: set[str] = attrs.field(factory=set)
    _found: list[tuple[Deviation, ...]] = attrs.field(factory=list)
    _before: Mapping[str, Any] = attrs.field(factory=dict)
    _quiet: bool = False
    _modified: bool = False
    _way: str = ""
    _told: Decimal | None = Decimal(0)
    _asked: Asked = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Take the policy of the case."""
        self._asked = Asked("leave_strangers" in self.case.config)

    def note(self, step: Step, events: tuple[Mapping[str, Any], ...], state: Any) -> None:
        """Note what is wrong of a state that is shown after the events of a step."""
        for event in events:
            self._asked.hear(event, step.at)
            self._modified |= event["type"] == "modify"
        if "floats" in self.declared:
            state = rounded(state, self.declared.digits)
        shown, expect = seen_of(state, self.shows), projected(step.expect, self.shows)
        differ = differences(expect, shown)
        as_reference = not differ and all(part in expect for part in shown if part in _JUDGED)
        truth = None if step.truth is None else truth_of(step.truth)
        promises = list(self._promises(step, shown, truth, as_reference=as_reference))
        found = _beside(promises, differ)
        self._found.append(self._as_declared(found, step) if self.declared.names else found)
        self._before, self._told = shown, None if truth is None else truth.position
        self._way = next((one.way for one in promises if one.part == "position"), "")
        self._quiet = "quiet" in (step.truth or {})

    def _as_declared(self, found: Sequence[Deviation], step: Step) -> tuple[Deviation, ...]:
        quiet = step.truth is not None and "quiet" in step.truth
        changed = list(relaxed(found, self.declared, quiet=quiet))
        self.relaxed |= {why for _, why in changed if why}
        return tuple(one for one, _ in changed if one is not None)

    def _promises(
        self, step: Step, shown: Mapping[str, Any], truth: Truth | None, *, as_reference: bool
    ) -> Iterator[Deviation]:
        """Yield the promises that are broken; what is as the reference shows it breaks none."""
        unseen = "orders" not in shown and as_reference and not self._asked.missing
        if truth is not None and not unseen:
            look = Look(
                shown,
                self._before,
                truth,
                step.event,
                self._asked.left,
                self.shows,
                self._modified,
                self.case.requires,
                self._told,
                self._way,
            )
            yield from _once(broken_in_orders(look) if as_reference else broken(look))
        if "cancels" in shown.get("effects", {}):
            cancels = list(shown["effects"]["cancels"])
            wanted = step.expect.get("effects", {}).get("cancels")
            yield from self._asked.broken(cancels, wanted, truth)

    def ended(self) -> list[tuple[Deviation, ...]]:
        """Return what is wrong after each step, the run being over."""
        if self.declared.ticks:
            steps = zip((step.at for step in self.case.steps), self._found, strict=False)
            self._found = within_window(tuple(steps), self.declared.ticks)
        if not self._quiet or not self._tells_cancels:
            return self._found  # what was not asked for yet may be asked for later
        *others, last = self._found
        return [*others, _beside(list(self._asked.never()), last)]

    @property
    def _tells_cancels(self) -> bool:
        return any(name in self.shows for name in ("effects", "effects.cancels"))


def _beside(promises: Sequence[Deviation], others: Iterable[Deviation]) -> tuple[Deviation, ...]:
    """Return promises, and what else is wrong: what breaks a promise is not told to differ, too."""
    said = {(one.part, one.about) for one in promises}
    return (*promises, *(one for one in others if (one.part, one.about) not in said))


def _once(found: Iterator[Deviation]) -> Iterator[Deviation]:
    """Yield the first promise of each part: of what is dropped, not also that it is not there."""
    said: set[tuple[str, str]] = set()
    for one in found:
        if (one.part, one.about) not in said:
            said.add((one.part, one.about))
            yield one


def _why_not(case: Case, client: Client) -> Mapping[str, Any]:
    """Return why a case is not for a subject, as a result; nothing if it is."""
    about, ruled_out = client.about, why_not(case, client.declared)
    if ruled_out:
        what = f"it declares {ruled_out}"
        return {"kind": Kind.UNSUPPORTED, "what": what, "relaxed": (ruled_out,)}
    lacks = [feature for feature in case.requires if feature not in about.features]
    if lacks:
        return {"kind": Kind.UNSUPPORTED, "what": f"it does not claim {', '.join(lacks)}"}
    cannot = [name for name in about.cannot if name in kinds_of(case)]
    if cannot:
        return {"kind": Kind.UNSUPPORTED, "what": f"it cannot take {', '.join(cannot)}"}
    lacks = needs((step.event for step in case.steps), about.protocol)
    if lacks:
        what = f"it speaks protocol {about.protocol}, which has no {', '.join(lacks)}"
        return {"kind": Kind.UNSUPPORTED, "what": what}
    if not any(projected(step.expect, about.shows) for step in case.steps):
        return {"kind": Kind.UNSUPPORTED, "what": "it shows nothing of what is expected here"}
    return {}
