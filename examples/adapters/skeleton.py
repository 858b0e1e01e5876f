"""An adapter to begin with: every event of the protocol comes to a method of its own.

It counts fills, and is right about the position. Put your tracker in its place (docs/adapter.md).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from truebook.oracle.serve import Config, Effects, Event, serve


class Adapter:
    """One book, made anew for each case; `config` has the timers, as whole numbers."""

    def __init__(self, config: Config) -> None:
        self.position = Decimal(0)
        self.fills: set[tuple[str, str, str]] = set()

    def step(self, event: Event, at: int) -> Effects | None:
        """It is now `at`, and this happens; return what the book asks for."""
        told = dict(event)
        return getattr(self, f"on_{told.pop('type')}")(**told)  # type: ignore[no-any-return]

    def state(self) -> Mapping[str, Any]:
        """Show what `shows` names, below."""
        return {"position": self.position}

    # The feature core; with requests, a request has a name, and an answer says which it answers

    def on_register(
        self,
        cloid: str,
        side: str,
        price: str,
        size: str,
        name: str | None = None,
        reduce_only: str | None = None,
        time_in_force: str | None = None,
        trigger: str | None = None,
        parent: str | None = None,
        batch: str | None = None,
    ) -> None:
        """We are about to send an order."""

    def on_answer(
        self,
        cloid: str,
        oid: str | None,
        side: str,
        price: str,
        resting: str | None = None,
        filled: str | None = None,
        answers: str | None = None,
        time: str | None = None,
        batch: str | None = None,
    ) -> None:
        """The venue answers that it took the order."""

    def on_reject(
        self,
        cloid: str,
        reason: str = "",
        oid: str | None = None,
        answers: str | None = None,
        time: str | None = None,
        batch: str | None = None,
    ) -> None:
        """The venue refuses the order."""

    def on_unknown(self, cloid: str, reason: str = "", answers: str | None = None) -> None:
        """Nobody answers, or the connection breaks: the order may be open."""

    def on_fill(
        self,
        oid: str,
        tid: str,
        side: str,
        size: str,
        price: str,
        time: str,
        cloid: str | None = None,
        crossed: str | None = None,
        fee: str | None = None,
        snapshot: str | None = None,
    ) -> None:
        """A fill is told, perhaps not for the first time."""
        if (time, tid, oid) not in self.fills:
            self.fills.add((time, tid, oid))
            self.position += Decimal(size) if side == "buy" else -Decimal(size)

    def on_status(
        self,
        oid: str | None,
        status: str,
        cloid: str | None = None,
        filled: str | None = None,
        reason: str = "",
        answers: str | None = None,
        word: str | None = None,
        time: str | None = None,
        batch: str | None = None,
    ) -> None:
        """The venue says what an order is."""

    def on_tick(self) -> None:
        """Nothing happens but that it is later."""

    # The feature cancel

    def on_cancel(
        self,
        id: str,
        name: str | None = None,
        batch: str | None = None,
    ) -> Effects | None:
        """We want to cancel: return {"cancels": [oid]} where the cancel is to be sent."""

    def on_cancel_answer(
        self,
        id: str,
        outcome: str,
        reason: str = "",
        answers: str | None = None,
        time: str | None = None,
        batch: str | None = None,
    ) -> None:
        """The venue answers to a cancel, or nobody does."""

    # The feature modify

    def on_modify(
        self,
        id: str,
        price: str,
        size: str,
        name: str | None = None,
        batch: str | None = None,
    ) -> None:
        """We want another price and size."""

    def on_modify_answer(
        self,
        cloid: str,
        outcome: str,
        oid: str | None = None,
        reason: str = "",
        old: str | None = None,
        answers: str | None = None,
        resting: str | None = None,
        filled: str | None = None,
        time: str | None = None,
        batch: str | None = None,
    ) -> None:
        """The venue answers to a modify, or nobody does."""

    # The features listing and orphans

    def on_listing_requested(self, request: str) -> None:
        """We ask for the open orders."""

    def on_listing(
        self,
        orders: list[dict[str, str]],
        request: str | None = None,
        scope: str | None = None,
        covers_triggers: str | None = None,
        time: str | None = None,
    ) -> Effects | None:
        """They come: return the orphans to cancel, and whose status to ask for."""

    def on_listing_failed(self, request: str | None = None) -> None:
        """They do not come."""

    def on_status_unknown(self, id: str, request: str | None = None) -> None:
        """The venue says that it knows no such order."""

    # The feature position

    def on_position(self, position: str, as_of: str | None = None) -> None:
        """The venue says what the position is."""

    def on_rebase(
        self, position: str, as_of: str, orders: list[dict[str, str]] | None = None
    ) -> None:
        """We want to take over the venue's position; with the feature start, open orders, too."""

    # The feature corrections; with it, the fee of a fill is told, too

    def on_reversal(
        self, oid: str, tid: str, time: str, side: str, size: str, at: str | None = None
    ) -> None:
        """The venue takes a fill back, which may not have been told yet."""

    def on_correction(
        self,
        oid: str,
        tid: str,
        time: str,
        size: str,
        fee: str | None = None,
        at: str | None = None,
    ) -> None:
        """A fill was of another size after all, and of another fee."""

    # The feature restart

    def on_restart(self) -> None:
        """The process ends here and begins again: save the book, and load it."""


if __name__ == "__main__":
    serve(Adapter, name="skeleton", version="1", features=("core",), shows=("position",))
