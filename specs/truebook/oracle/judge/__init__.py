"""Judging: what a subject shows is compared with what is expected, one result a case."""

from truebook.oracle.judge.case_run import run_case
from truebook.oracle.judge.deviation import differences
from truebook.oracle.judge.results import (
    BAD,
    BROKE,
    SHOWN,
    Kind,
    Result,
    Told,
    exit_code,
    with_expected,
    worst_first,
)
from truebook.oracle.judge.smoke_check import smoke

__all__ = [
    "BAD",
    "BROKE",
    "SHOWN",
    "Kind",
    "Result",
    "Told",
    "differences",
    "exit_code",
    "run_case",
    "smoke",
    "with_expected",
    "worst_first",
]
