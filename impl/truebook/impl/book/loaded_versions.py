"""A saved book of an earlier version, as this one would have saved it."""

from typing import Any

from truebook.impl.book import typed
from truebook.model.vocabulary import CancelAsked, OrderState

LEG_SINCE: dict[int, dict[str, Any]] = {
    2: {"ended": None, "disputed": []},
    3: {
        "over": False,
        "whole": False,
        "doubted": False,
        "number": 0,
        "above": None,
        "absent_at": None,
        "named": False,
        "unclear": False,
        "request": 0,
        "cancel_request": 0,
        "blind_cancel": 0,
        "recancelled": False,
        "cancelled": False,
        "ambiguous": False,
        "sized": None,
        "filled_at": None,
        "accepted": False,
        "first_request": 0,
        "reduce_only": False,
        "time_in_force": "GTC",
        "trigger": None,
        "parent": None,
        "wait": "NEVER",
        "follows": False,
    },
}
"""Since which version what is kept of a leg, and what stands for it before."""
ORPHAN_SINCE: dict[int, dict[str, Any]] = {
    2: {},
    3: {"again": False, "request": 0, "unclear": False},
}
EARLY_SINCE: dict[int, dict[str, Any]] = {2: {"cloid": None}, 3: {"number": 0}}
CONFIG_SINCE: dict[int, dict[str, Any]] = {
    2: {},
    3: {
        "own_cloid": "",
        "strangers": "cancel",
        "max_forgotten_cloids": 10_000,
        "max_forgotten_oids": 10_000,
        "fill_identity": "time+tid+oid",
        "oids_ascend": False,
        "times_comparable": False,
    },
}
BOOK_SINCE: dict[int, dict[str, Any]] = {
    2: {},
    3: {
        "requests": 0,
        "set_back": None,
        "odd_forms": [],
        "cloids": [],
        "seed": None,
        "numbered": 0,
        "past": [],
        "greatest": None,
        "follows": [],
        "waiting": [],
        "as_told": [],
        "changes": [],
        "as_of": None,
        "fees": [],
        "missing": None,
    },
}


def upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """Return a saved book as one of this version; it may be damaged, and is read strictly next."""
    version = data["version"]
    for next_version, step in ((2, _to_2), (3, _to_3)):
        if version < next_version:
            data = step(_added(data, BOOK_SINCE[next_version], "the book"))
            config = _added(data["config"], CONFIG_SINCE[next_version], "config")
            data = {**data, "version": next_version, "config": config}
    return data


def _added(plain: Any, more: dict[str, Any], where: str) -> dict[str, Any]:
    """Return what a version kept with what is kept since, which it cannot have had."""
    if type(plain) is not dict:
        raise ValueError(f"{where} must be an object, not {plain!r:.80}")
    for name in plain:
        if name in more:
            raise ValueError(f"{where} has a field {name!r}, which no book of its version has")
    return {**more, **plain}


def _to_2(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 kept no more of a last word than what it said, and no cloid of a fill."""
    legs = []
    for plain in typed.rows(data["orders"], "orders"):
        legs.append([_leg_of_1(one) for one in typed.rows(plain, "orders")])
    early = []
    for row in typed.rows(data["early"], "early"):
        time, plain = typed.rows(row, "early", 2)
        early.append([time, _added(plain, EARLY_SINCE[2], "early")])
    return {**data, "orders": legs, "early": early}


def _leg_of_1(plain: Any) -> dict[str, Any]:
    leg = _added(plain, LEG_SINCE[2], "orders")
    said = leg["final"] and leg["oid"] is not None
    return {**leg, "ended": leg["stated"] if said else None}


def _to_3(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 kept past oids with their legs, did not number these, and knew less of fills."""
    numbered = 0
    chains: list[list[dict[str, Any]]] = []
    past: dict[Any, Any] = {}
    follows: dict[Any, str] = {}
    for plain in typed.rows(data["orders"], "orders"):
        legs: list[dict[str, Any]] = []
        for one in typed.rows(plain, "orders"):
            numbered += 1
            leg = {**_added(one, LEG_SINCE[3], "orders"), "number": numbered}
            before = [typed.identity(oid, "past") for oid in typed.rows(leg.pop("past"), "past")]
            past.update(dict.fromkeys(before, leg["cloid"]))
            if before:
                follows[typed.text(leg["cloid"], "cloid")] = "ORDER"
            leg["recancelled"] = leg["cancel"] != CancelAsked.NEVER.name
            leg["over"] = _was_over(leg)
            leg["whole"] = leg["over"] and leg["final"] and leg["ended"] is None
            leg["ambiguous"] = any(older["oid"] is None for older in legs)
            legs.append(leg)
        chains.append(legs)
    orphans = []
    for one in typed.rows(data["orphans"], "orphans"):
        orphan = _added(one, ORPHAN_SINCE[3], "orphans")
        orphans.append({**orphan, "again": orphan["answered_at"] is not None})
    as_told: list[Any] = [[None, None, None, None, []] for _ in typed.rows(data["fills"], "fills")]
    early = []
    for row in typed.rows(data["early"], "early"):
        time, plain = typed.rows(row, "early", 2)
        early.append([time, {**_added(plain, EARLY_SINCE[3], "early"), "number": numbered}])
    known = [leg["oid"] for legs in chains for leg in legs]
    kept = [[oid, cloid] for oid, cloid in past.items() if oid not in known]
    return {
        **data,
        "orders": chains,
        "orphans": orphans,
        "as_told": as_told,
        "early": early,
        "numbered": numbered,
        "past": kept[-CONFIG_SINCE[3]["max_forgotten_oids"] :],
        "follows": [list(row) for row in follows.items()],
    }


def _was_over(leg: dict[str, Any]) -> bool:
    """Return whether a leg of version 2 was told as over: its fills alone make no word the last."""
    if leg["state"] in (OrderState.CANCEL_CONFIRMED.name, OrderState.CANCELLED.name):
        return True
    return leg["oid"] is not None and leg["final"] is True
