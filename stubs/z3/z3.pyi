"""The module that the package is made of, as far as Truebook looks into it."""

from z3 import Context

_main_ctx: Context | None
