"""cvc5, the second solver: it is given the text of a query, and nothing that Z3 has made of it."""

import attrs
import cvc5

from truebook.specs.limits import NET_SECONDS
from truebook.specs.proofs.solving import OutOfTimeError


@attrs.frozen
class Said:
    """What cvc5 said of a query: "sat", "unsat" or "unknown", and then why."""

    word: str
    reason: str = ""


def ask(text: str, effort: int, *, net: float = NET_SECONDS) -> Said:
    """Return what cvc5 says of a query within an effort, counted as it counts what it does.

    Raises OutOfTimeError where it runs for `net` seconds.
    """
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    solver.setOption("rlimit-per", str(effort))
    solver.setOption("tlimit-per", str(max(1, int(net * 1000))))
    parser = cvc5.InputParser(solver, cvc5.SymbolManager(manager))
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "query")
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, parser.getSymbolManager())
    word, _, why = said.strip().partition(" ")
    if word not in ("sat", "unsat", "unknown"):
        raise ValueError(f"a query is to be answered sat, unsat or unknown; cvc5 says: {said}")
    if why == "(TIMEOUT)":
        raise OutOfTimeError.after(net)
    over = f"it takes more than {effort:,} units of cvc5's work"
    return Said(word, over if why == "(RESOURCEOUT)" else why)
