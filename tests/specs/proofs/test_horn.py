"""Spacer comes to the same by itself, and says so where it does not hold."""

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, without
from truebook.specs.proofs.horn import OPINIONS, Opinion, second_opinion

SMALL = Bounds(snapshots=0)


@pytest.mark.parametrize(
    ("design", "said"),
    [(REFERENCE, "proved"), (without("fills-move-position"), "violated")],
    ids=["reference", "without fills-move-position"],
)
def test_of_the_position(design: Design, said: str) -> None:
    asked = Opinion("position-is-unique-fills", SMALL)
    assert second_opinion(asked, design=design)[0] == said


def test_of_identity_with_the_lemmas() -> None:
    asked = Opinion("identity", SMALL, with_lemmas=True)
    assert second_opinion(asked)[0] == "proved"


def test_where_it_may_do_too_little_it_is_unknown() -> None:
    said, _ = second_opinion(OPINIONS[1], effort=1000)
    assert said.startswith("unknown: ")


def test_it_is_asked_of_states_alone() -> None:
    with pytest.raises(ValueError, match="replay-harmless is not a property of a state"):
        second_opinion(Opinion("replay-harmless", SMALL))
