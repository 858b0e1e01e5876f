"""What every test here looks at: that nothing went wrong behind the answers."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _nothing_is_logged() -> Iterator[None]:
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    kept = Kept(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("aiohttp", "asyncio")]
    for logger in loggers:
        logger.addHandler(kept)
    yield
    for logger in loggers:
        logger.removeHandler(kept)
    assert found == []
