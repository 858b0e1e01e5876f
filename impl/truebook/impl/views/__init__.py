"""Views of a book that cannot change it: for readers, queues, metrics and logs."""

from truebook.impl.views.book_view import BookView, orders_by_state, summary
from truebook.impl.views.metrics import KINDS, Metrics
from truebook.impl.views.queue import QueuePosition, QueueTracker

__all__ = [
    "KINDS",
    "BookView",
    "Metrics",
    "QueuePosition",
    "QueueTracker",
    "orders_by_state",
    "summary",
]
