"""Who may be asked, and how much proofs and searches may do before they give up.

An effort is a number of the units in which Z3 counts what it does (its `rlimit`): about three
million a second, and the same for the same query on any machine and under any load.
"""

EFFORT = 50_000_000
"""What a query may take; then its answer is unknown. None of the reference takes 2,000,000."""

PRUNING = 1_000_000
"""What asking whether anything takes one path may take; then the path is kept."""

SOLVERS = ("z3", "cvc5", "both")
"""Whose word may prove."""

DEPTH = 12
"""Runs of at most so many steps are searched for violations of what is not proved."""

SEARCH_EFFORT = 60_000_000
"""What the search of each world may take."""

MOST_EFFORT = 4_000_000_000
"""Z3 counts no further."""

NET_SECONDS = 600.0
"""After so many seconds a query is stopped whatever it has done: the safety net, told in words."""
