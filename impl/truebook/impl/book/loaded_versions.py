"""A saved book of an earlier version, as this one would have saved it."""

from typing import Any

from truebook.impl.book import typed
from truebook.model.vocabulary import CancelAsked

LEG_SINCE: dict[int, dict[str, Any]] = {
    2: {"ended": None, "disputed": []},
    3: {
        "doubted": False,
        "number": 0,
        "above": None,
        "unclear": False,
        "request": 0,
        "cancel_request": 0,
        "blind_cancel": 0,
        "recancelled": False,
        "cancelled": False,
        "ambiguous": False,
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
CONFIG_SINCE: dict[int, dict[str, Any]] = {
    2: {},
    3: {
        "own_cloid": "",
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
        "cloids": [],
        "seed": None,
        "numbered": 0,
        "past": [],
        "greatest": None,
        "follows": [],
        "waiting": [],
        "as_told": [],
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
    if type(plain) is not dict:
        raise ValueError(f"{where} must be an object, not {plain!r:.80}")
    return {**more, **plain}


def _to_2(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 kept no more of a last word than what it said, and no cloid of a fill."""
    legs = []
    for plain in typed.rows(data["orders"], "orders"):
        legs.append([_leg_of_1(one) for one in typed.rows(plain, "orders")])
    early = []
    for row in typed.rows(data["early"], "early"):
        time, plain = typed.rows(row, "early", 2)
        early.append([time, _added(plain, {"cloid": None}, "early")])
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
            before = [
                typed.identity(oid, "past") for oid in typed.rows(leg.pop("past", []), "past")
            ]
            past.update(dict.fromkeys(before, leg["cloid"]))
            if before:
                follows[typed.text(leg["cloid"], "cloid")] = "ORDER"
            leg["recancelled"] = leg["cancel"] != CancelAsked.NEVER.name
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
        early.append([time, {**_added(plain, {}, "early"), "number": numbered}])
    cloids = [
        one if type(one) is list else [one, "NOTHING"]
        for one in typed.rows(data["cloids"], "cloids")
    ]
    known = [leg["oid"] for legs in chains for leg in legs]
    kept = [[oid, cloid] for oid, cloid in past.items() if oid not in known]
    return {
        **data,
        "orders": chains,
        "orphans": orphans,
        "as_told": as_told,
        "early": early,
        "cloids": cloids,
        "numbered": numbered,
        "past": kept[-CONFIG_SINCE[3]["max_forgotten_oids"] :],
        "follows": [list(row) for row in follows.items()],
    }
