"""The reference book as a subject, in this process."""

from collections.abc import Mapping
from typing import Any

from truebook.oracle.cases import FEATURES
from truebook.oracle.reference.driving import Driver
from truebook.oracle.serve import Effects, Session


class ReferenceBook:
    """`UnifiedOrderBook`, told the events of docs/cases.md."""

    driver: type[Driver] = Driver

    def __init__(self, config: Mapping[str, int]) -> None:
        self._driver = self.driver.under(config)

    def step(self, event: Mapping[str, Any], at: int) -> Effects:
        """Take an event; return what the book asks for and reports."""
        return self._driver.tell(event, at)

    def state(self) -> Mapping[str, Any]:
        """Return what the book shows."""
        return self._driver.show()


def reference() -> Session:
    """Return the reference as a subject in this process."""
    return Session(ReferenceBook, name="reference", features=FEATURES)
