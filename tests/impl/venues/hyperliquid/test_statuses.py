"""The 32 statuses, each in the book's words."""

from collections import Counter

import pytest

from truebook.impl.venues.hyperliquid.statuses import BY_USER, BY_VENUE, NEVER_LIVE, WORDS, word_of


def test_each_status_has_a_word() -> None:
    assert Counter(WORDS.values()) == {
        "open": 1,
        "triggered": 1,
        "filled": 1,
        "cancelled": len(BY_USER) + len(BY_VENUE),
        "rejected": len(NEVER_LIVE),
        "waiting": 2,
    }
    assert len(WORDS) == 32 + 2  # the two that wait are words of answers


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("open", "open"),
        ("triggered", "triggered"),
        ("waitingForFill", "waiting"),
        ("waitingForTrigger", "waiting"),
        ("filled", "filled"),
        ("canceled", "cancelled"),
        ("scheduledCancel", "cancelled"),
        ("internalCancel", "cancelled"),
        ("reduceOnlyCanceled", "cancelled"),
        ("iocCancelRejected", "rejected"),
        ("badAloPxRejected", "rejected"),
        ("tomorrowCanceled", "cancelled"),
        ("tomorrowRejected", "rejected"),
        ("Open", None),
        ("cancelled", None),
        ("", None),
    ],
)
def test_the_word_of_a_status(status: str, word: str | None) -> None:
    assert word_of(status) == word
