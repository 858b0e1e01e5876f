"""How often a promise was broken, in words."""

import pytest

from truebook.screen.layout import laid_out
from truebook.venue.faults import TRUTHFUL, Do, Fault
from truebook.venue.verdict import Breach, Promise, Shortest, Trial, blocks

FAULT = Fault(message="order", nth=1, do=Do.UNSENT)


@pytest.mark.parametrize(
    ("failed", "runs", "said"),
    [
        (2, 3, "1 fault, in 2 of 3 runs (seed 7):"),
        (0, 3, "1 fault, seen once, and not again in 3 runs more (seed 7):"),
        (0, 0, "1 fault, in one run (seed 7):"),
    ],
)
def test_how_often(failed: int, runs: int, said: str) -> None:
    trial = Trial(
        seed=7,
        plan=TRUTHFUL,
        breaches=(Breach(Promise.LEFT, "it left one"),),
        done=(FAULT,),
        requests=1,
        fills=0,
        said="",
        beliefs=1,
        seen={},
        unanswered={},
    )
    found = Shortest(Promise.LEFT, (FAULT,), trial, failed, runs, tried=0)
    lines = [str(line) for line in laid_out(blocks([trial], [found]))]
    assert any(said in line for line in lines), lines
