"""Mutants that take orders of others for ours to cancel, too soon, too often or never."""

from truebook.impl import Strangers
from truebook.oracle.mutants.mutant import Broken, Family
from truebook.oracle.mutants.parts import Event, less, of_listed
from truebook.oracle.reference import Texts

ORPHANS = Family()


def _shown(d: Broken) -> list[str]:
    return [str(orphan.oid) for orphan in d.book.get_orphans() if orphan.since is not None]


def _aged(d: Broken) -> list[str]:
    grace = d.book.config.orphan_grace_period
    return [
        str(orphan.oid)
        for orphan in d.book.get_orphans()
        if orphan.since is not None and d.at - orphan.since >= grace
    ]


@ORPHANS.asks(
    "an orphan is asked to be cancelled by every listing that has it",
    rules="orphan-cancel-marked",
    properties="orphan-cancelled-once",
)
def _orphan_asked_again(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        listed = {order["oid"] for order in e["orders"]}
        again = {str(o.oid) for o in d.book.get_orphans() if o.cancel_at is not None}
        asked["cancels"] += sorted((again & listed) - set(asked["cancels"]))


@ORPHANS.asks(
    "an orphan is asked to be cancelled by the first listing that has it",
    rules="orphan-cancel-marked",
    properties="no-false-orphan",
)
def _orphan_without_grace(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing" and d.book.config.strangers is Strangers.CANCEL:
        new = [oid for oid in _shown(d) if oid not in d.memo]
        asked["cancels"] = [id_ for id_ in asked["cancels"] if id_ not in d.memo]
        asked["cancels"] += [oid for oid in new if oid not in asked["cancels"]]
        d.memo.update(dict.fromkeys(new))


@ORPHANS.asks(
    "an orphan is never asked to be cancelled",
    rules="orphan-cancel-marked",
    properties="convergence",
)
def _orphan_never_asked(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        asked["cancels"] = []


@ORPHANS.asks(
    "an orphan that vanished and came back has aged all the while",
    rules="orphan-cancel-marked",
    properties="no-false-orphan orphan-cancelled-once",
)
def _vanished_orphan_ages(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] != "listing":
        return
    for oid in _shown(d):
        since = d.memo.setdefault(oid, d.at)
        if d.at - since >= d.book.config.orphan_grace_period and oid not in _aged(d):
            asked["cancels"].append(oid)


@ORPHANS.asks(
    "an orphan is asked to be cancelled again as soon as the answer is here, by an older listing",
    rules="orphan-cancel-marked",
    properties="orphan-cancelled-once no-false-orphan",
)
def _orphan_asked_by_old_listing(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] != "listing":
        return
    listed = {order["oid"] for order in e["orders"]}
    for orphan in d.book.get_orphans():
        oid = str(orphan.oid)
        if oid in listed and orphan.answered_at is not None and oid not in asked["cancels"]:
            asked["cancels"].append(oid)


@ORPHANS.asks(
    "an orphan whose cancel failed is not asked to be cancelled again",
    rules="orphan-cancel-marked",
    properties="convergence",
)
def _orphan_asked_once_ever(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing":
        asked["cancels"] = [id_ for id_ in asked["cancels"] if id_ not in d.memo]
        d.memo.update(dict.fromkeys(asked["cancels"]))


@ORPHANS.tells(
    "orphans are listed without their size",
    rules="exposure-bounds",
    properties="exposure-bounds-truth",
)
def _orphan_without_size(d: Broken, e: Event, at: int) -> Event:
    if e["type"] != "listing":
        return e
    orders = [
        order if d.book.get_order(order["oid"]) or order.get("cloid") else bare
        for order, bare in zip(
            e["orders"], of_listed(e, "size", "remaining", "side")["orders"], strict=True
        )
    ]
    return {**e, "orders": orders}


# Strangers, where they are to be left


@ORPHANS.asks(
    "the orders of others are asked to be cancelled where they are to be left",
    rules="strangers-apart",
    properties="strangers-left-alone",
)
def _strangers_cancelled(d: Broken, e: Event, asked: Texts) -> None:
    if e["type"] == "listing" and d.book.config.strangers.value == "leave":
        asked["cancels"] += [oid for oid in _aged(d) if oid not in d.memo]
        d.memo.update(dict.fromkeys(_aged(d)))


@ORPHANS.shows(
    "the orders of others are counted as ours where they are to be left",
    rules="strangers-apart",
    properties="strangers-left-alone exposure-is-tight",
)
def _strangers_counted(d: Broken, s: Texts) -> None:
    for orphan in d.book.get_orphans():
        if d.book.config.strangers.value == "leave" and orphan.since is not None and orphan.side:
            side = orphan.side.value
            less(s["exposure"], side, -orphan.size)


@ORPHANS.shows(
    "the orders of others are open as ours are where they are to be left",
    rules="strangers-apart",
    properties="strangers-left-alone convergence",  # what is open is more than what is ours
)
def _strangers_open(d: Broken, s: Texts) -> None:
    if d.book.config.strangers.value == "leave":
        s["open"] += s["orphans"]


@ORPHANS.shows(
    "the orders of others are not shown where they are to be left",
    rules="strangers-apart",
    properties="tracked-or-in-grace",
)
def _strangers_not_shown(d: Broken, s: Texts) -> None:
    if d.book.config.strangers.value == "leave":
        s["orphans"] = []


ORPHANS.add(
    "strangers-are-orphans",
    "the orders of others are orphans, whatever the policy is",
    rules="strangers-apart",
    properties="strangers-left-alone",
    config={"leave_strangers": lambda leave: 0},
)
