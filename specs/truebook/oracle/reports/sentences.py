"""What happens, told in sentences: one for each event of docs/cases.md, with all that it says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]


def sentence(event: Event) -> str:
    """Return an event as a sentence: who does what, and every id, number and word of it."""
    return f"{_SENTENCES[event['type']](event)}{_named(event)}"


def _register(e: Event) -> str:
    kind = {"true": ["reduce-only"], "false": ["not reduce-only"]}.get(e.get("reduce_only", ""), [])
    kind += [e["time_in_force"]] if "time_in_force" in e else []
    kind += [f"triggered at {e['trigger']}"] if "trigger" in e else []
    kind += [f"a child of {e['parent']}"] if "parent" in e else []
    return f"we send the order {e['cloid']}: {', '.join([_order(e), *kind])}"


def _answer(e: Event) -> str:
    oid = "without an oid" if e["oid"] is None else f"oid {e['oid']}"
    parts = [f"{e['side']} at {e['price']}", *_said(e, "resting"), *_said(e, "filled")]
    on_arrival = " on arrival" if "filled" in e else ""
    return f"the venue answers {e['cloid']}, {oid}: {', '.join(parts)}{on_arrival}"


def _reject(e: Event) -> str:
    return f"the venue rejects {e['cloid']}{_oid(e)}{_why(e)}"


def _unknown(e: Event) -> str:
    return f"no answer to {e['cloid']}: nobody knows what became of it{_why(e)}"


def _fill(e: Event) -> str:
    how = {"true": ", on arrival", "false": ", while it rests"}.get(e.get("crossed", ""), "")
    told = f"{_order(e)}{how}, at the venue's time {e['time']}{_fee(e)}"
    told += {"true": ", told again after a reconnect", "false": ", told as it happens"}.get(
        e.get("snapshot", ""), ""
    )
    return f"a fill of {e['oid']}{_cloid(e)} comes, tid {e['tid']}: {told}"


def _reversal(e: Event) -> str:
    return f"the venue takes back {_told_fill(e)}: {e['side']} {e['size']}{_when(e)}"


def _correction(e: Event) -> str:
    return f"the venue corrects {_told_fill(e)}: its size is {e['size']}{_fee(e)}{_when(e)}"


def _status(e: Event) -> str:
    of = "an order without an oid" if e["oid"] is None else e["oid"]
    word = [f"in its own word {e['word']}"] if "word" in e else []
    parts = [e["status"], *_said(e, "filled"), *word]
    return f"the venue says of {of}{_cloid(e)}: {', '.join(parts)}{_why(e)}"


def _status_unknown(e: Event) -> str:
    return f"the venue knows no order {e['id']}{_request(e)}"


def _cancel(e: Event) -> str:
    return f"we want to cancel {e['id']}"


def _cancel_answer(e: Event) -> str:
    came = {
        "confirmed": "is confirmed",
        "not_open": "is refused: not open",
        "rejected": "is rejected",
        "timed_out": "has timed out",
    }[e["outcome"]]
    return f"the cancel of {e['id']} {came}{_why(e)}"


def _modify(e: Event) -> str:
    return f"we want to modify {e['id']}, to {e['size']} at {e['price']}"


def _modify_answer(e: Event) -> str:
    came = {
        "confirmed": "is confirmed",
        "failed": "has failed",
        "unknown": "has no answer: nobody knows what became of it",
    }[e["outcome"]]
    amounts = "".join(f", {part}" for name in ("resting", "filled") for part in _said(e, name))
    return f"the modify of {e['cloid']} {came}{_oid(e)}{amounts}{_why(e)}"


def _listing_requested(e: Event) -> str:
    return f"we ask for the open orders{_request(e)}"


def _listing(e: Event) -> str:
    scope = f" of {e['scope']}" if "scope" in e else ""
    orders = _orders(e["orders"])
    covers = {"true": ", with those that wait", "false": ", without those that wait"}
    said = covers.get(e.get("covers_triggers", ""), "")
    return f"the open orders{scope} come{_request(e)}{said}: {orders}"


def _orders(orders: Sequence[Event]) -> str:
    return "; ".join(map(_listed, orders)) or "none"


def _listed(order: Event) -> str:
    parts = [order[name] for name in ("side", "size") if name in order]
    parts += [f"at {order['price']}"] if "price" in order else []
    words = [" ".join(parts)] if parts else []
    words += [f"{order['remaining']} remaining"] if "remaining" in order else []
    words += {"true": ["it waits"], "false": ["it does not wait"]}.get(order.get("trigger", ""), [])
    about = f", {', '.join(words)}" if words else ""
    return f"{order['oid']}{_cloid(order)}{about}"


def _listing_failed(e: Event) -> str:
    return f"the open orders do not come{_request(e)}"


def _position(e: Event) -> str:
    as_of = f", as of {e['as_of']}" if "as_of" in e else ""
    return f"the venue says that the position is {e['position']}{as_of}"


def _rebase(e: Event) -> str:
    orders = f", with the open orders: {_orders(e['orders'])}" if "orders" in e else ""
    return f"we take over the venue's position, {e['position']} as of {e['as_of']}{orders}"


def _tick(e: Event) -> str:
    return "nothing happens but the time"


def _restart(e: Event) -> str:
    return "the book is saved, and loaded again"


_SENTENCES: dict[str, Callable[[Event], str]] = {
    "register": _register,
    "answer": _answer,
    "reject": _reject,
    "unknown": _unknown,
    "fill": _fill,
    "reversal": _reversal,
    "correction": _correction,
    "status": _status,
    "status_unknown": _status_unknown,
    "cancel": _cancel,
    "cancel_answer": _cancel_answer,
    "modify": _modify,
    "modify_answer": _modify_answer,
    "listing_requested": _listing_requested,
    "listing": _listing,
    "listing_failed": _listing_failed,
    "position": _position,
    "rebase": _rebase,
    "tick": _tick,
    "restart": _restart,
}

_OF_FILLS = ("fill", "reversal", "correction")
"""Events whose sentences tell the time of a fill."""


def _order(e: Event) -> str:
    return f"{e['side']} {e['size']} at {e['price']}"


def _told_fill(e: Event) -> str:
    return f"the fill of {e['oid']}, tid {e['tid']}, of the venue's time {e['time']}"


def _fee(e: Event) -> str:
    return f", with a fee of {e['fee']} of the asset" if "fee" in e else ""


def _when(e: Event) -> str:
    return f", at the venue's time {e['at']}" if "at" in e else ""


def _said(e: Event, name: str) -> list[str]:
    return [f"{name} {e[name]}"] if name in e else []


def _oid(e: Event) -> str:
    return f", oid {e['oid']}" if "oid" in e else ""


def _cloid(e: Event) -> str:
    return f" (cloid {e['cloid']})" if "cloid" in e else ""


def _request(e: Event) -> str:
    return f" (request {e['request']})" if "request" in e else ""


def _named(e: Event) -> str:
    """Return which request it is, or answers, in which batch, and what that says of the old order.

    Of what has no time of its own in its sentence, it is the venue's time, too.
    """
    old = f"; the old order: {e['old']}" if "old" in e else ""
    name = f", called {e['name']}" if "name" in e else ""
    answers = f", in answer to {e['answers']}" if "answers" in e else ""
    batch = f", in the batch {e['batch']}" if "batch" in e else ""
    timed = "time" in e and e["type"] not in _OF_FILLS
    time = f", at the venue's time {e['time']}" if timed else ""
    return f"{old}{name}{answers}{batch}{time}"


def _why(e: Event) -> str:
    return f" ({e['reason']})" if e.get("reason") else ""
