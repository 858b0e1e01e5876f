"""A small venue for each test."""

from collections.abc import Iterator

import pytest

from hyperliquid_venue import HyperliquidVenue


@pytest.fixture
def venue() -> Iterator[HyperliquidVenue]:
    with HyperliquidVenue() as found:
        yield found
