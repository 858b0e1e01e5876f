"""A run in four lanes: the client, the book, the wire and the venue, and what changes in each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from truebook.oracle.cases import TrueOrder, Truth, truth_of
from truebook.oracle.findings import Finding
from truebook.oracle.judge import Onset, Told
from truebook.oracle.reports.finding_text import headline, how_often, why
from truebook.oracle.reports.sentences import sentence
from truebook.screen.layout import Block, Line, Table, line
from truebook.specs.words import plain

HEAD = ("at", "client", "wire", "book", "venue")
_OURS = ("register", "cancel", "modify", "listing_requested", "rebase", "restart")
"""The events that the client does itself; all others come over the wire, but for a tick."""
_LISTS = ("open", "pending", "orphans", "stuck")


def lanes(finding: Finding) -> Iterator[Block]:
    """Yield the blocks of a finding's shortest run, step by step, to its end."""
    yield line(f"{finding.severity}: {headline(finding)}", "bad" if finding.promise else "plain")
    yield Line("  ", f"{how_often(finding)}; {why(finding)}")
    result = finding.shortest
    yield Line("  ", plain(f"{result.slug}: {result.case.title}"))
    yield line("")
    rows = tuple(_rows(result.told, result.onsets or (finding.onset,), result.case.steps))
    yield Table(HEAD, rows)


def _rows(
    told: Sequence[Told], onsets: Sequence[Onset], steps: Sequence[Any]
) -> Iterator[tuple[str, ...]]:
    begun = {onset.step: onset for onset in onsets}
    shown: Mapping[str, Any] = {}
    truth: Truth | None = None
    for number, (one, step) in enumerate(zip(told, steps, strict=False), 1):
        now = None if step.truth is None else truth_of(step.truth)
        cells = {"client": "", "wire": ""}
        event = one.events[-1]
        if event["type"] != "tick":
            cells["client" if event["type"] in _OURS else "wire"] = sentence(event)
        book = [*_changes(shown, one.shown), *_wrong(begun.get(number))]
        venue = _true_changes(truth, now)
        yield (
            str(one.at),
            plain(cells["client"]),
            plain(cells["wire"]),
            plain("; ".join(book)),
            plain("; ".join(venue)),
        )
        shown, truth = one.shown, now if now is not None else truth


def _wrong(onset: Onset | None) -> Iterator[str]:
    if onset is not None:
        for one in onset.deviations:
            kind = f"BROKEN {one.promise}" if one.promise else "DIFFERS"
            yield f"{kind}: {one.path}: {_word(one.shown)}; right: {_word(one.expected)}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a book shows otherwise than before, in words."""
    for name, value in after.items():
        was = before.get(name)
        if value == was or name == "effects":
            continue
        if name == "orders":
            yield from _orders(was or {}, value)
        elif name in _LISTS:
            yield f"{name}: {', '.join(value) or 'none'}"
        elif isinstance(value, Mapping):
            changed = (k for k in value if value[k] != (was or {}).get(k, "0"))
            yield from (f"{name} {side} {value[side]}" for side in changed)
        elif value != (was or "0"):
            yield f"{name} {value}"
    for name, asked in (after.get("effects") or {}).items():
        if asked and name != "reports":
            yield f"it asks for {name}: {', '.join(asked)}"


def _orders(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for id_, order in after.items():
        was = before.get(id_) or {}
        words = [str(order[k]) for k in ("state",) if order.get(k) != was.get(k)]
        words += [f"filled {order['filled']}"] if _grew(order, was) else []
        if words and id_ != order.get("oid", ""):
            yield f"{id_} {', '.join(words)}"
    yield from (f"{id_} gone" for id_ in before if id_ not in after)


def _grew(order: Mapping[str, Any], was: Mapping[str, Any]) -> bool:
    return "filled" in order and order["filled"] != was.get("filled", "0")


def _true_changes(before: Truth | None, after: Truth | None) -> Iterator[str]:
    if after is None:
        return
    known: Mapping[str, TrueOrder] = before.orders if before else {}
    for id_, order in after.orders.items():
        was = known.get(id_)
        if was is None or (was.stands, was.executed) != (order.stands, order.executed):
            done = f", executed {order.executed}" if order.executed else ""
            left = f", {order.left} left" if order.stands != "over" else ""
            yield f"{id_} {_STANDS[order.stands]}{done}{left}"
    if after.misled and not (before and before.misled):
        yield "what it said is false"
    if after.quiet:
        yield "all is quiet"


_STANDS = {"sent": "on its way", "open": "open", "waiting": "waits", "over": "over"}


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return "not there" if value is None else str(value)
