"""Interpreted plans: the book agrees with the model in all of them, and what they reach."""

from collections import Counter
from random import Random

import attrs
import pytest

from truebook.impl.book import contradictions
from truebook.model.vocabulary import OrderState
from truebook.specs.refine.defects.detection import by_plans
from truebook.specs.refine.defects.known import DEFECTS, Defect, defect_named, planted
from truebook.specs.refine.lockstep import plans
from truebook.specs.refine.lockstep.environment import RESTART, Lockstep
from truebook.specs.refine.lockstep.orders import ALWAYS, actions_of_ours
from truebook.specs.refine.lockstep.plans import FEW, choose_setup, plan_of, run, shrink
from truebook.specs.refine.lockstep.volume import AT_ONCE, batches, run_batch


def test_the_book_agrees_in_every_plan() -> None:
    random = Random(3)
    steps = 0
    for _ in range(60):
        came = run(plan_of(random))
        assert (came.differences, came.error) == ((), "")
        steps += came.steps
    assert steps > 3_000


def test_plans_reach_every_action() -> None:
    random = Random(1)
    told: Counter[str] = Counter()
    for _ in range(1_000):
        for words in run(plan_of(random), words=True).words:
            told[words.split(": ", 1)[-1]] += 1
    theirs = Lockstep(choose_setup(random.randrange)).foreign[0].actions.system
    ours = actions_of_ours(3, 3, False).system
    named = {action.words: action.name for system in (ours, theirs) for action in system.actions}
    assert set(told) <= {*named, plans.SAID[RESTART]}
    # Of false words, which are rare, every kind: of some leg, in some snapshot.
    kinds = {_kind(name) for name in named.values()}
    assert {_kind(named[words]) for words in told if words in named} == kinds


def _kind(action: str) -> str:
    return action.partition(":")[0] if action.startswith("lie-") else action


BESIDE_PLANS = ("what waits is pending", "what waits is dead", "an orphaned child waits")
"""Defects of orders of which no plan is: the edges alone find them."""


@pytest.mark.parametrize(
    "defect", [one for one in DEFECTS if one.name not in BESIDE_PLANS], ids=lambda one: one.name
)
def test_plans_find_every_known_defect(defect: Defect) -> None:
    found = by_plans(defect, most=200)
    assert found.steps is not None
    assert 0 < found.shortest <= min(found.steps, 20)


def test_a_book_that_takes_late_news_for_a_contradiction_is_found() -> None:
    defect = Defect(
        "late news contradicts",
        "A last word that says what has filled is reported as a contradiction.",
        contradictions.of_end,
        "if ended is not None and ended < filled:",
        "if ended is not None and ended <= filled:",
    )
    found = by_plans(defect, most=50)
    assert found.steps is not None
    with planted(defect):
        random = Random(0)
        came = [run(plan_of(random)) for _ in range(100)]
    assert "contradiction" in {one.path for ran in came for one in ran.differences}


def test_what_is_shrunk_diverges_and_no_part_of_it_does() -> None:
    random = Random(5)
    with planted(defect_named("presence reopens")):
        plan = next(plan for plan in iter(lambda: plan_of(random), None) if run(plan).diverged)
        shortest = shrink(plan)
        assert run(shortest).diverged
        assert len(shortest.numbers) < len(plan.numbers)
        for left_out in range(len(shortest.numbers)):
            numbers = shortest.numbers[:left_out] + shortest.numbers[left_out + 1 :]
            assert not run(attrs.evolve(shortest, numbers=numbers)).diverged
    assert not run(shortest).diverged


def test_a_divergence_shows_the_steps_and_only_the_differences() -> None:
    random = Random(0)
    with planted(defect_named("refusal leaves pending")):
        plan = next(plan for plan in iter(lambda: plan_of(random), None) if run(plan).diverged)
        came = run(shrink(plan), words=True)
    (order,) = {words.split(":")[0] for words in came.words}
    sent, *_, answered = (words.removeprefix(f"{order}: ") for words in came.words)
    assert sent == "we send the order"
    assert answered.startswith(("the answer to the order arrives", "the answer refuses the order"))
    shown = {one.path.removeprefix(f"{order}: "): one for one in came.differences}
    assert set(shown) == {"state", "final"}
    assert (shown["state"].model, shown["state"].book) == (OrderState.DEAD, OrderState.PENDING)
    assert (shown["final"].model, shown["final"].book) == (1, 0)


def test_a_book_that_raises_diverges() -> None:
    raises = attrs.evolve(
        defect_named("refusal leaves pending"), wrong='raise RuntimeError("out of order")'
    )
    random = Random(0)
    with planted(raises):
        plan = next(plan for plan in iter(lambda: plan_of(random), None) if run(plan).diverged)
        came = run(plan)
    assert came.error == "RuntimeError: out of order"
    assert came.differences == ()


def test_plans_keep_to_what_the_book_takes_for_granted() -> None:
    random = Random(2)
    setups = [choose_setup(random.randrange) for _ in range(500)]
    for setup in setups:
        timers, delays = setup.timers, setup.delays
        assert delays.expiry <= timers.expiry
        assert delays.lag <= timers.lag
        assert delays.fill is not None
        assert delays.fill < timers.fill_window
        assert delays.answer is not None
        assert delays.answer < timers.fill_window + timers.tombstone
        assert timers.listing + timers.lag < timers.fill_window + timers.tombstone
    assert {setup.memory for setup in setups} == {FEW, plans.MANY}
    assert setups[0].bounds.cancel is ALWAYS.cancel is True


def test_batches_have_numbers_of_their_own_and_are_the_same_each_time() -> None:
    told: list[tuple[int, int]] = []

    def tell(ran: int, of: int) -> None:
        told.append((ran, of))

    first, second = batches(AT_ONCE + 5, 7)
    assert (first.plans, second.plans) == (AT_ONCE, 5)
    assert second.title == "plans 1,001 to 1,005"
    few = attrs.evolve(first, plans=5)
    assert run_batch(few, tell).steps == run_batch(few, tell).steps > 0
    assert told == [(n, 5) for n in range(1, 6)] * 2
    assert run_batch(few, tell).steps != run_batch(second, tell).steps


def test_a_batch_ends_at_its_first_divergence() -> None:
    (batch,) = batches(50, 0)
    with planted(defect_named("pending not counted")):
        ran = run_batch(batch, lambda *told: None)
    assert ran.divergence is not None
    assert ran.ran < 50
    assert len(ran.divergence.words) == 1
    assert ran.divergence.words[0].endswith("we send the order")
