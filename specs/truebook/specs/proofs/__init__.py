"""Proofs in Z3 of the same model, for any size and any timing."""

from truebook.specs.proofs.asking import Asking, DisagreementError
from truebook.specs.proofs.cache import user_cache
from truebook.specs.proofs.hunt import explore_beyond, hunt_all, hunts_for
from truebook.specs.proofs.jobs import NAMED, Claim, Job, Shown, jobs_for, show_all
from truebook.specs.proofs.proved_before import ProvedBefore
from truebook.specs.proofs.search import Found
from truebook.specs.proofs.smt2 import smt2_of
from truebook.specs.proofs.solving import OutOfTimeError
from truebook.specs.proofs.verdicts import ProofReport, report, rounds_of
from truebook.specs.proofs.worlds import OpenWorld, open_world

__all__ = [
    "NAMED",
    "Asking",
    "Claim",
    "DisagreementError",
    "Found",
    "Job",
    "OpenWorld",
    "OutOfTimeError",
    "ProofReport",
    "ProvedBefore",
    "Shown",
    "explore_beyond",
    "hunt_all",
    "hunts_for",
    "jobs_for",
    "open_world",
    "report",
    "rounds_of",
    "show_all",
    "smt2_of",
    "user_cache",
]
