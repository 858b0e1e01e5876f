"""The model in other tools' languages, written from the same paths that the engines run."""

from truebook.specs.export.itf import itf_of
from truebook.specs.export.machine import Machine, machine_of
from truebook.specs.export.promela import promela_of
from truebook.specs.export.tla import configuration, tla_of

__all__ = [
    "Machine",
    "configuration",
    "itf_of",
    "machine_of",
    "promela_of",
    "tla_of",
]
