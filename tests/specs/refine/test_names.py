"""Every edge of the names of one cloid is replayed, and what takes an old one for new is found."""

import pytest

from truebook.model.names import NameBounds
from truebook.specs.refine.defects.known import Defect, planted
from truebook.specs.refine.defects.names import DEFECTS_OF_NAMES
from truebook.specs.refine.scenarios import subject
from truebook.specs.scenarios import NAMES, Scenario

SUBJECT = subject(Scenario("names", NameBounds(orders=2), NAMES))


def test_the_book_agrees_on_every_edge() -> None:
    replayed = SUBJECT.replay()
    assert replayed.divergence is None
    assert replayed.beyond == 0
    assert replayed.stands_for == SUBJECT.edges.transitions > 1_000


@pytest.mark.parametrize("defect", DEFECTS_OF_NAMES, ids=lambda defect: defect.name)
def test_every_known_defect_is_found(defect: Defect) -> None:
    with planted(defect):
        assert SUBJECT.replay().divergence is not None
