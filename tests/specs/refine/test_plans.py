"""Interpreted plans: what they are, and that the book agrees with the model in all of them."""

from random import Random

from truebook.specs.refine.plans import plan_of, run


def test_the_book_agrees_in_every_plan() -> None:
    random = Random(3)
    steps = 0
    for _ in range(60):
        came = run(plan_of(random))
        assert (came.differences, came.error) == ((), "")
        steps += came.steps
    assert steps > 3_000
