"""Acceptance cases: races that real systems got wrong, as data."""

from truebook.oracle.cases import case
from truebook.oracle.cases.case import FEATURES, Case, CaseError, Step, kinds_of, load
from truebook.oracle.cases.events import EFFECTS, EVENTS, ORDER, SHOWN, SHOWN_SHAPES, event_shape
from truebook.oracle.cases.shapes import COUNT, TEXT, WHOLE, Shape, fault, one_of, record, table_of
from truebook.oracle.cases.truth import SIDES, TrueOrder, Truth, told_once, truth_of

__all__ = [
    "COUNT",
    "EFFECTS",
    "EVENTS",
    "FEATURES",
    "ORDER",
    "SHOWN",
    "SHOWN_SHAPES",
    "SIDES",
    "TEXT",
    "WHOLE",
    "Case",
    "CaseError",
    "Shape",
    "Step",
    "TrueOrder",
    "Truth",
    "case",
    "event_shape",
    "fault",
    "kinds_of",
    "load",
    "one_of",
    "record",
    "table_of",
    "told_once",
    "truth_of",
]
