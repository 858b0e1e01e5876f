"""The measure of an audit: recordings of the misbehaving venue, audited against its truth."""

from truebook.audit.measure.running import measure

__all__ = ["measure"]
