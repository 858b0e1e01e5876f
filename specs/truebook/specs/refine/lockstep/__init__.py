"""Lockstep: the book and the model's environment driven together, many orders at once."""

from truebook.specs.refine.lockstep.plans import plan_of, run, shrink
from truebook.specs.refine.lockstep.volume import Batch, batches, run_batch

__all__ = [
    "Batch",
    "batches",
    "plan_of",
    "run",
    "run_batch",
    "shrink",
]
