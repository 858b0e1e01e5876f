"""What goes wrong on the wire, as data: drawn by a seed or written down, replayed, made fewer."""

from truebook.venue.faults.fault import CAN, LASTS, LISTINGS, REQUESTS, STREAMED, Do, Fault
from truebook.venue.faults.mischief import Mischief
from truebook.venue.faults.plan import TRUTHFUL, Plan, drawn, from_json, lines_of, to_json

__all__ = [
    "CAN",
    "LASTS",
    "LISTINGS",
    "REQUESTS",
    "STREAMED",
    "TRUTHFUL",
    "Do",
    "Fault",
    "Mischief",
    "Plan",
    "drawn",
    "from_json",
    "lines_of",
    "to_json",
]
