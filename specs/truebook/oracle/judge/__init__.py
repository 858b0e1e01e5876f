"""Judging: what a subject shows is compared with what is expected, one result a case."""

from truebook.oracle.judge.case_run import onsets_shown, run_case
from truebook.oracle.judge.deviation import (
    ABOVE,
    CHANGED,
    EARLY,
    EXTRA,
    LESS,
    MISSING,
    MORE,
    OTHER,
    Deviation,
    differences,
)
from truebook.oracle.judge.onset import Onset
from truebook.oracle.judge.results import (
    BAD,
    BROKE,
    SHOWN,
    Kind,
    Level,
    Result,
    Told,
    exit_code,
    faults_of,
    with_expected,
    with_more,
)
from truebook.oracle.judge.smoke_check import smoke

__all__ = [
    "ABOVE",
    "BAD",
    "BROKE",
    "CHANGED",
    "EARLY",
    "EXTRA",
    "LESS",
    "MISSING",
    "MORE",
    "OTHER",
    "SHOWN",
    "Deviation",
    "Kind",
    "Level",
    "Onset",
    "Result",
    "Told",
    "differences",
    "exit_code",
    "faults_of",
    "onsets_shown",
    "run_case",
    "smoke",
    "with_expected",
    "with_more",
]
