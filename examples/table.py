"""The market maker's orders as a table."""

from quoting import WithBook, WithLegacy
from rich.table import Table
from simulated_venue import Venue

from truebook.impl import SECOND
from truebook.impl.views import summary


def table(venue: Venue, keeper: WithBook | WithLegacy) -> Table:
    """Return the open orders as they are known, beside what the venue has."""
    known = {quote.oid: quote for quote in keeper.quotes()}
    real = venue.open_oids()
    said = [f"the legacy tracker: position {keeper.book.position}"]
    if isinstance(keeper, WithBook):
        said = [
            summary(keeper.book),
            f"{keeper.book.calls_written:,} calls in its journal",
            f"last pass: {'; '.join(keeper.report.failed) or 'clean'}",
        ]
    shown = Table(
        title=f"{venue.now / SECOND:.1f} s, mid {venue.mid}, position {venue.position}",
        caption="\n".join(said),
        caption_justify="left",
        min_width=72,
    )
    for name in ("oid", "side", "price", "left at the venue", "left as known", ""):
        shown.add_column(name, justify="right")
    for oid in sorted(real | set(known)):
        order = venue.orders[oid]
        quote = known.get(oid)
        note = "" if oid in real and quote else "not known" if oid in real else "not there"
        if not order.ours:
            note = "a stranger's"
        left = "" if quote is None else str(quote.remaining)
        side = "buy" if order.is_buy else "sell"
        shown.add_row(str(oid), side, str(order.price), str(order.left), left, note)
    return shown
