"""The edges of the small worlds: sizes that change, beginnings, fills taken back."""

from functools import cache

import pytest

from truebook.model.designs import REFERENCE
from truebook.specs.refine.defects.known import Defect, planted
from truebook.specs.refine.defects.quantities import DEFECTS_OF_QUANTITIES
from truebook.specs.refine.scenarios import Subject, subject
from truebook.specs.scenarios import default_scenarios

WHERE = {
    "older size believed": "sizes",
    "begins with nothing filled": "rebase",
    "reversal undone twice": "reversal",
}


@cache
def ready(name: str) -> Subject:
    (found,) = (s for s in default_scenarios(REFERENCE) if s.name == name)
    return subject(found)


@pytest.mark.parametrize("name", ["sizes", "original sizes", "reversal"])
def test_the_book_agrees_with_every_edge(name: str) -> None:
    assert ready(name).replay().divergence is None


@pytest.mark.parametrize("defect", DEFECTS_OF_QUANTITIES, ids=lambda defect: defect.name)
def test_the_edges_find_every_known_defect(defect: Defect) -> None:
    held = ready(WHERE[defect.name])
    with planted(defect):
        divergence = held.replay().divergence
    assert divergence is not None
    assert 1 <= len(divergence.steps) <= 8
    assert divergence.differences
