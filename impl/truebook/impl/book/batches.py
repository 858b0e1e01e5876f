"""The answer to a batch of requests, spread over them: one item each, or nothing."""

from collections.abc import Sequence
from typing import TypeVar

from truebook.impl.book import checks

_Request = TypeVar("_Request")
_Item = TypeVar("_Item")


def spread_batch(
    requests: Sequence[_Request],
    items: Sequence[_Item | None] | None = None,
    *,
    error: _Item | None = None,
) -> tuple[tuple[_Request, _Item | None], ...]:
    """Return each request of a batch with its item of the answer; None: nobody knows.

    The `items` are in the order of the requests. Where there are fewer, or the answer never came
    (None), those that are missing have no known outcome: tell them as `order_unknown`,
    `modify_unknown` or `cancel_timed_out`. `error` is that of the whole batch, which is then that
    of each. ValueError where there are more items than requests, or items beside an error.
    """
    asked = checks.many(requests, "the requests of a batch", "the requests")
    if error is not None:
        if items:
            raise ValueError("a batch has either an error of the whole or items: pass one of them")
        return tuple((request, error) for request in asked)
    told = (
        () if items is None else checks.many(items, "the answer to a batch is its items", "items")
    )
    if len(asked) < len(told):
        raise ValueError(
            f"{len(told)} items answer {len(asked)} requests: pass the answer with the requests "
            "that it is of, all of them and in their order"
        )
    missing = (None,) * (len(asked) - len(told))
    return tuple(zip(asked, (*told, *missing), strict=True))
