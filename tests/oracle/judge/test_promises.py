"""Which promises a look at a subject breaks: each with looks that break it, and that do not."""

from decimal import Decimal

import pytest

from looks import (
    AGREES,
    BOUNDS,
    BUYS,
    DROPPED,
    EARLIER,
    FILLED,
    FINAL,
    GOOD,
    NOTHING,
    ONE,
    OVER,
    QUIET,
    TWICE,
    TWO,
    TWO_EARLIER,
    UNIQUE,
    UNTRACKED,
    Data,
    Row,
    order,
    other,
    shown_as,
)
from truebook.oracle.judge.deviation import (
    CHANGED,
    EARLY,
    EXTRA,
    LESS,
    MISSING,
    MORE,
    Deviation,
)

POSITIONS = {
    "as told": Row({"position": "4.0"}, ONE),
    "what has executed, early": Row({"position": "6"}, EARLIER, ((UNIQUE, "position", EARLY, ""),)),
    "some of it, early": Row({"position": "5"}, EARLIER, ((UNIQUE, "position", EARLY, ""),)),
    "above": Row({"position": "7"}, EARLIER, (TWICE,)),
    "above, and nothing is early": Row({"position": "5"}, ONE, (TWICE,)),
    "less, and nothing sells": Row({"position": "3"}, ONE, ((UNIQUE, "position", MISSING, ""),)),
    "none of it": Row({"position": "0"}, ONE, ((UNIQUE, "position", MISSING, ""),)),
    "two sides, as told": Row({"position": "3"}, TWO, position="3"),
    "two sides, a sale early": Row(
        {"position": "1"}, TWO, ((UNIQUE, "position", EARLY, ""),), position="3"
    ),
    "two sides, more sold than can be": Row({"position": "0"}, TWO, (TWICE,), position="3"),
    "two sides, a buy that did not move it": Row(
        {"position": "-1"},
        TWO,
        ((UNIQUE, "position", MISSING, ""),),
        position="3",
        before={"position": "-1"},
        event=BUYS,
    ),
    "two sides, a buy that did": Row(
        {"position": "-1"},
        TWO,
        (TWICE,),
        position="3",
        before={"position": "-5"},
        event=BUYS,
        told_before="-1",
    ),
    "two sides, a buy that is told again and moves it": Row(
        {"position": "5"},
        TWO_EARLIER,
        (TWICE,),
        position="3",
        before={"position": "3"},
        event={**BUYS, "size": "2"},
        told_before="3",
    ),
    "two sides, a sale that does not": Row(
        {"position": "5"},
        TWO_EARLIER,
        ((UNIQUE, "position", MISSING, ""),),
        position="3",
        before={"position": "5"},
        event={"type": "fill", "side": "sell", "size": "2"},
        told_before="5",
    ),
    "it stays what it was": Row(
        {"position": "5"},
        TWO_EARLIER,
        ((UNIQUE, "position", MISSING, ""),),
        position="3",
        before={"position": "5"},
        told_before="3",
        way_before=MISSING,
    ),
    "what was early is told, and counts again": Row(
        {"position": "8"},
        ONE,
        (TWICE,),
        before={"position": "4"},
        event=BUYS,
        told_before="0",
        way_before=EARLY,
    ),
    "a fill is taken back, and stays": Row(
        {"position": "8"},
        ONE,
        ((UNIQUE, "position", CHANGED, ""),),
        before={"position": "8"},
        event={"type": "reversal", "side": "buy", "size": "4"},
        told_before="8",
    ),
    "what no fill has told, and nothing was": Row(
        {"position": "7"},
        {"101": order(executed="0", fills="0", left="10")},
        ((UNIQUE, "position", EARLY, ""),),
        position="0",
    ),
    "orders are not told": Row({"position": "4"}, {}),
    "orders are not told, above": Row({"position": "9"}, {}, (TWICE,)),
    "orders are not told, less": Row({"position": "1"}, {}, ((UNIQUE, "position", MISSING, ""),)),
    "of an order of others": Row({"position": "4"}, {**ONE, "900": other(executed="5")}),
}
TRACKED = {
    "open": Row({"open": ["101"], "pending": []}, ONE),
    "pending": Row({"open": [], "pending": ["c1"]}, ONE),
    "an orphan": Row({**NOTHING, "orphans": ["101"]}, {"101": order(told="nothing")}),
    "in a state that lives": Row({"orders": {"c1": {"state": "pending"}}}, ONE),
    "in a state that waits": Row({"orders": {"101": {"state": "waiting"}}}, ONE),
    "dropped": Row(NOTHING, ONE, (DROPPED,)),
    "never taken up": Row(NOTHING, {"101": order(told="nothing")}, (UNTRACKED,)),
    "dropped while it waits": Row(NOTHING, {"101": order(stands="waiting")}, (DROPPED,)),
    "in a state that is over": Row({"orders": {"101": {"state": "dead"}}}, ONE, (DROPPED,)),
    "no order at all": Row({"orders": {}}, ONE, (DROPPED,)),
    "not there yet": Row(NOTHING, {"c1": order(stands="sent", told="nothing")}),
    "over": Row(NOTHING, {"101": order(**OVER)}),
    "of others": Row(NOTHING, {"900": other()}),
    "carried by the order that it replaces": Row(
        {**NOTHING, "open": ["101"]},
        {"101": order(stands="over", left="0"), "102": order(told="nothing", replaces="101")},
    ),
    "told to have replaced it": Row(
        {**NOTHING, "pending": ["c1"]},
        {"101": order(**OVER), "102": order(replaces="101")},
    ),
    "told to have replaced it, and dropped": Row(
        NOTHING,
        {"101": order(**OVER), "102": order(replaces="101")},
        (("no-live-order-dropped", "open", MISSING, "102"),),
    ),
    "only some places are shown": Row({"open": []}, ONE),
    "and the other places alone": Row({"pending": []}, ONE),
}
ORDERS = {
    "its fills": Row({"orders": shown_as("partially_filled")}, ONE),
    "what has executed and was not told": Row(
        {"orders": shown_as("partially_filled", "6")}, EARLIER
    ),
    "less than its fills": Row(
        {"orders": shown_as("partially_filled", "3")},
        ONE,
        ((FILLED, "orders.filled", LESS, "101"),),
    ),
    "more than has executed": Row(
        {"orders": shown_as("partially_filled", "7")},
        EARLIER,
        ((FILLED, "orders.filled", MORE, "101"),),
    ),
    "filled by another leg": Row({"orders": shown_as("resting", "0", oid="102")}, ONE),
    "filled by what it is modified to": Row(
        {"orders": {"101": {"filled": "9"}}}, ONE, modified=True
    ),
    "its own, and it was modified": Row(
        {"orders": shown_as("partially_filled", "9")},
        ONE,
        ((FILLED, "orders.filled", MORE, "101"),),
        modified=True,
    ),
    "filled, and nothing was modified": Row(
        {"orders": {"101": {"filled": "9"}}}, ONE, ((FILLED, "orders.filled", MORE, "101"),)
    ),
    "fills that are not said": Row(
        {"orders": shown_as("resting", "0")},
        {"101": {"side": "buy", "stands": "open", "left": "6", "told": "open"}},
    ),
    "cancelled is final": Row(
        {"orders": shown_as("partially_filled")},
        {"101": order(**OVER)},
        (FINAL,),
        before={"orders": shown_as("cancelled")},
    ),
    "it was live before": Row(
        {"orders": shown_as("cancel_pending")},
        {"101": order(**OVER)},
        before={"orders": shown_as("partially_filled")},
    ),
    "it was taken for over, and is not": Row(
        {"orders": shown_as("partially_filled"), "open": ["101"], "pending": []},
        ONE,
        before={"orders": shown_as("cancelled")},
    ),
    "shown open, and told to be over": Row(
        {"open": ["101"]},
        {"101": order(**OVER)},
        (("exposure-is-tight", "open", EXTRA, "101"),),
    ),
    "shown open, and nobody told": Row(
        {"open": ["101"]}, {"101": order(**{**OVER, "told": "open"})}
    ),
}
STATES = {
    f"{state} with {filled}": Row(
        {"orders": shown_as(state, filled)},
        {"101": order(executed="10", left="0", fills="0", stands="over")},
        () if right else (AGREES,),
    )
    for state, filled, right in (
        ("resting", "0", True),
        ("resting", "1", False),
        ("partially_filled", "1", True),
        ("partially_filled", "0", False),
        ("partially_filled", "10", False),
        ("filled", "10", True),
        ("filled", "9", False),
        ("filled_during_cancel", "9", False),
        ("cancel_pending", "4", True),
        ("cancelled", "4", True),
        ("pending", "0", True),
    )
}
EXPOSURES = {
    "all that can trade": Row({"exposure": {"buy": "6", "sell": "0"}}, ONE),
    "more than that": Row({"exposure": {"buy": "60", "sell": "5"}}, ONE),
    "less than that": Row({"exposure": {"buy": "5", "sell": "0"}}, ONE, (BOUNDS,)),
    "none of that side": Row({"exposure": {"sell": "9"}}, ONE, (BOUNDS,)),
    "a request on its way": Row(
        {"exposure": {"buy": "5"}}, {"c1": order(stands="sent", left="10")}, (BOUNDS,)
    ),
    "what is over": Row({"exposure": {"buy": "0"}}, {"101": order(**OVER)}),
    "what is not told counts as unsettled": Row(
        {"exposure": {"buy": "4"}, "unsettled": {"buy": "1"}, "position": "4"}, EARLIER, (BOUNDS,)
    ),
    "what is not told is unsettled": Row(
        {"exposure": {"buy": "4"}, "unsettled": {"buy": "2"}, "position": "4"}, EARLIER
    ),
    "what is not told is in the position early": Row(
        {"exposure": {"buy": "4"}, "unsettled": {"buy": "0"}, "position": "6"},
        EARLIER,
        ((UNIQUE, "position", EARLY, ""),),
    ),
    "who shows nothing unsettled owes none": Row({"exposure": {"buy": "4"}}, EARLIER),
    "an orphan that was listed": Row(
        {"exposure": {"sell": "4"}},
        {"900": other()},
        (("exposure-bounds-truth", "exposure", LESS, "sell"),),
    ),
    "an orphan that nobody told of": Row(
        {"exposure": {"sell": "0"}}, {"900": other(told="nothing")}
    ),
    "a stranger that is left alone": Row({"exposure": {"sell": "0"}}, {"900": other()}, left=True),
    "orders are not told": Row({"exposure": {"buy": "0"}}, {}),
}
QUIETLY = {
    "all as the venue has it": Row(GOOD, ONE, words=QUIET),
    "open, and over": Row(
        {"open": ["101"]},
        {"101": order(**{**OVER, "told": "open"})},
        (("convergence", "open", EXTRA, "101"),),
        words=QUIET,
    ),
    "pending, and open": Row(
        {"open": [], "pending": ["c1"]},
        ONE,
        (
            ("convergence", "open", MISSING, "101"),
            ("convergence", "pending", EXTRA, "c1"),
        ),
        words=QUIET,
    ),
    "pending while it waits": Row(
        {"pending": ["c1"]}, {"101": order(stands="waiting")}, words=QUIET
    ),
    "an orphan that is gone": Row(
        {"orphans": ["900"]},
        {"900": other(stands="over", left="0")},
        (("nothing-leaks", "orphans", EXTRA, "900"),),
        words=QUIET,
    ),
    "an orphan that is there": Row({"orphans": ["900"]}, {"900": other()}, words=QUIET),
    "exposure that is left": Row(
        {"exposure": {"buy": "7"}}, ONE, (("nothing-leaks", "exposure", MORE, "buy"),), words=QUIET
    ),
    "unsettled that is left": Row(
        {"exposure": {"buy": "6"}, "unsettled": {"buy": "1"}},
        ONE,
        (("nothing-leaks", "exposure", MORE, "buy"),),
        words=QUIET,
    ),
}
MISLED = {
    "nothing is judged but the position and states": Row(
        {**NOTHING, "exposure": {"buy": "0"}, "orders": shown_as("cancelled", "3")},
        ONE,
        words={"misled": "true"},
    ),
    "a position that is above": Row({"position": "5"}, ONE, (TWICE,), words={"misled": "true"}),
    "a state that cannot be": Row(
        {"orders": shown_as("filled")}, ONE, (AGREES,), words={"misled": "true"}
    ),
    "cancelled is not final": Row(
        {"orders": shown_as("partially_filled")},
        {"101": order(**OVER)},
        before={"orders": shown_as("cancelled")},
        words={"misled": "true"},
    ),
}
TABLES: dict[str, dict[str, Row]] = {
    "position": POSITIONS,
    "tracked": TRACKED,
    "orders": ORDERS,
    "states": STATES,
    "exposure": EXPOSURES,
    "quiet": QUIETLY,
    "misled": MISLED,
}
NAMED = {f"{table}: {words}": row for table, rows in TABLES.items() for words, row in rows.items()}


def told(found: list[Deviation]) -> list[tuple[str, str, str, str]]:
    return [(one.promise, one.part, one.way, one.about) for one in found]


@pytest.mark.parametrize("name", NAMED)
def test_a_look_breaks_what_it_breaks(name: str) -> None:
    row = NAMED[name]
    assert told(row.found()) == list(row.breaks)


@pytest.mark.parametrize("name", [name for name, row in NAMED.items() if row.breaks])
def test_what_is_not_shown_breaks_nothing(name: str) -> None:
    row = NAMED[name]
    assert row.found({}) == []
    places = {"open", "pending", "orders"}  # an order is looked for in all of them
    for part in {one.part.partition(".")[0] for one in row.found()}:
        unseen = places if part == "open" else {part}
        less = {name: value for name, value in row.shown.items() if name not in unseen}
        assert all(one.part.partition(".")[0] != part for one in row.found(less))


@pytest.mark.parametrize("words", TRACKED)
def test_an_order_is_missed_only_where_every_place_of_it_is_shown(words: str) -> None:
    row = TRACKED[words]
    for place in ("open", "pending"):
        less = {name: value for name, value in row.shown.items() if name == place}
        assert row.found(less) == []
    shown: Data = {"orders": {}}
    assert row.found(shown, ["orders.filled", "position"]) == []
    dropped = row.found(shown, ["orders.state", "position"])
    assert bool(dropped) == any(
        o["stands"] in ("open", "waiting") and "cloid" in o for o in row.orders.values()
    )


def test_each_property_that_a_look_can_break_has_one_that_does_and_is_named_once() -> None:
    names = {one[0] for rows in TABLES.values() for row in rows.values() for one in row.breaks}
    assert names == {
        "position-is-unique-fills",
        "no-fill-twice",
        "tracked-or-in-grace",
        "no-live-order-dropped",
        "filled-is-its-fills",
        "state-agrees-with-fills",
        "transitions-in-table",
        "exposure-bounds-truth",
        "exposure-is-tight",
        "convergence",
        "nothing-leaks",
    }


def test_by_how_much_is_said() -> None:
    above, less = POSITIONS["above"].found()[0], POSITIONS["none of it"].found()[0]
    assert (above.amount, less.amount) == (Decimal(3), Decimal(-4))
    assert (above.expected, above.shown) == ("4", "7")
    (bounds,) = EXPOSURES["less than that"].found()
    assert (bounds.amount, bounds.expected, bounds.shown) == (Decimal(-1), "at least 6", "5")
    assert bounds.path == "exposure.buy"
