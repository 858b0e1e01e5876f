"""Every edge of the requests of one cloid is replayed, and what takes one for another is found."""

import pytest

from truebook.model.request_world import RequestBounds
from truebook.specs.refine.defects.known import Defect, planted
from truebook.specs.refine.defects.requests import DEFECTS_OF_REQUESTS
from truebook.specs.refine.scenarios import subject
from truebook.specs.scenarios import REQUESTS, Scenario

BOUNDS = RequestBounds(size=1, first_size=2, second_size=3)
SUBJECT = subject(Scenario("requests", BOUNDS, REQUESTS))


def test_the_book_agrees_on_every_edge() -> None:
    replayed = SUBJECT.replay()
    assert replayed.divergence is None
    assert replayed.beyond == 0
    assert replayed.stands_for == SUBJECT.edges.transitions > 10_000


@pytest.mark.parametrize("defect", DEFECTS_OF_REQUESTS, ids=lambda defect: defect.name)
def test_every_known_defect_is_found(defect: Defect) -> None:
    with planted(defect):
        assert SUBJECT.replay().divergence is not None
    assert SUBJECT.replay().divergence is None
