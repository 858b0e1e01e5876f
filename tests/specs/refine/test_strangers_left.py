"""Every edge of a stranger who is left alone is replayed, and what does not leave it is found."""

import pytest

from truebook.model.config import Bounds
from truebook.specs.refine.defects.known import Defect, planted
from truebook.specs.refine.defects.strangers import DEFECTS_OF_STRANGERS
from truebook.specs.refine.scenarios import subject
from truebook.specs.scenarios import FOREIGN, Scenario

SUBJECT = subject(Scenario("stranger left", Bounds(leave=True), FOREIGN))


def test_the_book_agrees_on_every_edge() -> None:
    replayed = SUBJECT.replay()
    assert replayed.divergence is None
    assert replayed.beyond == 0
    assert replayed.stands_for == SUBJECT.edges.transitions > 100


@pytest.mark.parametrize("defect", DEFECTS_OF_STRANGERS, ids=lambda defect: defect.name)
def test_every_known_defect_is_found(defect: Defect) -> None:
    with planted(defect):
        assert SUBJECT.replay().divergence is not None
