"""Ranks: what falls in each quiet round, world by world, until what is to hold once quiet does."""

from truebook.specs.proofs.ranks.rank import Fact, Limit, Loop, Quiet, Rank
from truebook.specs.proofs.ranks.worlds import quiet_of

__all__ = ["Fact", "Limit", "Loop", "Quiet", "Rank", "quiet_of"]
