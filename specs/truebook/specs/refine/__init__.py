"""Refinement: the implementation held to the model, every edge replayed on the book."""

from truebook.specs.refine.defects import DEFECTS, Finding, Found, find
from truebook.specs.refine.edges import is_heard
from truebook.specs.refine.lockstep import Batch, batches, run_batch
from truebook.specs.refine.replay import Difference, Divergence
from truebook.specs.refine.scenarios import Held, hold_all, view_of

__all__ = [
    "DEFECTS",
    "Batch",
    "Difference",
    "Divergence",
    "Finding",
    "Found",
    "Held",
    "batches",
    "find",
    "hold_all",
    "is_heard",
    "run_batch",
    "view_of",
]
