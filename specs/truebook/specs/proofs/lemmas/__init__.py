"""Lemmas: facts of every reachable state that the proofs lean on, world by world."""

from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.proofs.lemmas.worlds import lemmas_of

__all__ = [
    "Lemma",
    "lemmas_of",
]
