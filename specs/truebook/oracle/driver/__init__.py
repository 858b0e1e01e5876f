"""Driving a subject: a program asked over pipes, and every answer checked."""

from truebook.oracle.driver.client import Client, Direct, Fault, Kind, Opener, spec
from truebook.oracle.driver.pace import Pace
from truebook.oracle.driver.process import program

__all__ = [
    "Client",
    "Direct",
    "Fault",
    "Kind",
    "Opener",
    "Pace",
    "program",
    "spec",
]
