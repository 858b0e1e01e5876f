"""What comes once quiet, proved for any timers: the rounds, the ranks, and what they lean on."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import attrs
import numpy as np
import pytest

from in_states import Formulas
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, without
from truebook.specs.explore.columns import reached
from truebook.specs.explore.engine import Runner
from truebook.specs.proofs import jobs
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.jobs import Job, show
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.liveness import Part, prove_quiet
from truebook.specs.proofs.ranks import Fact, Limit, Loop, Quiet, quiet_of
from truebook.specs.proofs.rounds import quiet_steps, stretch
from truebook.specs.proofs.search import concrete
from truebook.specs.proofs.strengthening import strengthened
from truebook.specs.proofs.worlds import (
    CHOICE,
    OpenWorld,
    open_foreign,
    open_order,
    open_waiting,
)
from truebook.specs.properties import SETTLED
from truebook.specs.scenarios import with_faults

WORLDS: dict[str, Callable[[Design], OpenWorld]] = {
    "order": partial(open_order, faults=with_faults("cancel", "lose")),
    "order that may be lied about": partial(open_order, faults=with_faults("lie")),
    "foreign": partial(open_foreign, faults=with_faults("lose")),
    "stranger left": partial(open_foreign, faults=Bounds(leave=True)),
    "waiting": partial(open_waiting, faults=with_faults("cancel")),
}
PAGE = Path(__file__).parents[3] / "docs" / "proofs.md"
FALLS = "the rank falls in each quiet round, or is 0 and stays so"


@cache
def prover(name: str, design: Design = REFERENCE) -> Prover:
    world = WORLDS[name](design)
    return strengthened(world, lemmas_of(world), rounds=2).prover


def not_proved(parts: Iterator[Part]) -> dict[str, set[str]]:
    """Return what is not proved of each property."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for name in () if part.answer.proved else part.properties:
            found.setdefault(name, set()).add(part.words)
    return found


def changed(name: str, change: Callable[[Quiet], Quiet]) -> dict[str, set[str]]:
    """Return what is not proved where something else is to be proved of the quiet rounds."""
    of = prover(name)
    return not_proved(prove_quiet(of, SETTLED, quiet=change(quiet_of(of.world))))


@pytest.mark.parametrize("name", WORLDS)
def test_with_every_rule_it_is_proved(name: str) -> None:
    parts = list(prove_quiet(prover(name), SETTLED))
    assert not_proved(iter(parts)) == {}
    assert {"convergence"} <= {name for part in parts if part.limit for name in part.properties}


# What the formulas say is what the model's Python does

BOUNDS: dict[str, Bounds] = {
    "order": with_faults("cancel", "lose", bounds=Bounds(size=1)),
    "order that may be lied about": with_faults("lie", bounds=Bounds(size=1)),
    "foreign": with_faults("lose", "timers"),
    "waiting": with_faults("cancel", "timers", bounds=Bounds(size=1)),
}
"""Of one lot an action that comes as often as there are lots comes once."""


@pytest.mark.parametrize("name", BOUNDS)
def test_a_quiet_round_is_what_the_model_does(name: str) -> None:
    of, bounds = prover(name), BOUNDS[name]
    world = of.world
    system = concrete(world, REFERENCE, bounds)
    columns = [column.astype(np.int64) for column in reached(system).columns()]
    runner = Runner(system)
    states = np.stack(columns, axis=1).tolist()
    expected = np.array([runner.settle(tuple(state)) for state in states])

    values = {f.path: column for f, column in zip(system.fields, columns, strict=True)}
    for path in world.constants:
        owner: object = bounds
        for part in path.removeprefix("bounds.").split("."):
            owner = getattr(owner, part)
        assert isinstance(owner, int)
        values[path] = np.full(len(states), int(owner))
    values[CHOICE] = np.zeros(len(states), np.int64)
    rounds = stretch(world, quiet_steps(world, of.steps), of.values)
    formulas = Formulas(len(states), values)
    for definition in rounds.known:
        variable, value = definition.children()
        values[variable.decl().name()] = formulas.value(value)
    places = {field.path: f for f, field in enumerate(world.fields)}
    for f, field in enumerate(system.fields):
        found = formulas.value(rounds.after[places[field.path]])
        assert np.array_equal(found, expected[:, f]), field.path
    assert (expected != np.array(states)).any()


# What must not be proved


@pytest.mark.parametrize(
    ("name", "rule", "failing"),
    [
        ("order that may be lied about", "own-stays-own", "convergence"),
        ("stranger left", "strangers-apart", "convergence"),
        ("waiting", "waits-is-not-dead", "convergence"),
    ],
)
def test_without_a_rule_it_is_not_proved(name: str, rule: str, failing: str) -> None:
    assert failing in not_proved(prove_quiet(prover(name, without(rule)), SETTLED))


def test_that_a_rank_does_not_fall_is_looked_up() -> None:
    shown = show(
        Job("order", switched_off=("cancel-resolves",), properties=("convergence",)), print
    )
    (claim,) = (claim for claim in shown.claims if claim.meaning)
    assert claim.words == FALLS
    assert claim.meaning.startswith(jobs.REACHABLE)
    assert claim.meaning.endswith("real; quiet rounds do not lead from it to what is to hold")
    assert "in the book: cancel pending" in claim.state
    assert "then a quiet round" in claim.state


def one_less(limit: Limit) -> Limit:
    return attrs.evolve(limit, most=lambda w: limit.most(w) - 1)


@pytest.mark.parametrize("name", ["order that may be lied about", "foreign", "stranger left"])
def test_with_one_round_less_it_is_not_proved(name: str) -> None:
    def less(quiet: Quiet) -> Quiet:
        ranks = [
            attrs.evolve(rank, limits=tuple(map(one_less, rank.limits))) for rank in quiet.ranks
        ]
        return attrs.evolve(quiet, ranks=tuple(ranks))

    assert "recovers" in changed(name, less)


def test_without_its_assumption_a_limit_is_not_proved() -> None:
    parts = prove_quiet(prover("stranger left"), SETTLED)
    assert not_proved(parts) == {}
    left = open_foreign(REFERENCE, Bounds(leave=True))
    unassumed = Prover(left, lemmas_of(left), without=("lag",))
    assert not_proved(prove_quiet(unassumed, SETTLED)) == {}
    found = not_proved(prove_quiet(unassumed, SETTLED, without=("lag",)))
    assert set(found) == {"recovers"}


def test_a_rank_that_stays_is_none() -> None:
    def stays(quiet: Quiet) -> Quiet:
        return attrs.evolve(quiet, ranks=tuple(attrs.evolve(r, of=_one) for r in quiet.ranks))

    for words in changed("order", stays).values():
        assert FALLS in words


def _one(world: object) -> int:
    return 1


def test_a_rank_of_no_state_proves_nothing() -> None:
    def impossible(quiet: Quiet) -> Quiet:
        return attrs.evolve(quiet, facts=(*quiet.facts, Fact("nothing is so", lambda w: False)))

    words = changed("foreign", impossible)["convergence"]
    assert words == {"after each quiet round: nothing is so", "the rank can be other than 0"}


def test_what_is_not_delivered_is_not_taken_for_it() -> None:
    def sooner(quiet: Quiet) -> Quiet:
        facts = [attrs.evolve(fact, once=("arrive:a",)) for fact in quiet.delivered]
        return attrs.evolve(quiet, delivered=tuple(facts))

    delivers = "a quiet round delivers all that is on its way"
    assert delivers in changed("order", sooner)["convergence"]


@pytest.mark.parametrize(
    "wrong",
    [lambda loop: attrs.evolve(loop, left=_one), lambda loop: attrs.evolve(loop, most=_one)],
    ids=["what is left", "how often"],
)
def test_what_a_round_repeats_must_come_to_an_end(wrong: Callable[[Loop], Loop]) -> None:
    def endless(quiet: Quiet) -> Quiet:
        return attrs.evolve(quiet, loops=tuple(map(wrong, quiet.loops)))

    words = changed("order", endless)["convergence"]
    assert words == {"a quiet round delivers all that is on its way"}


def test_an_action_that_no_round_has_delivers_nothing() -> None:
    def unknown(quiet: Quiet) -> Quiet:
        return attrs.evolve(quiet, delivered=(Fact("it is so", lambda w: True, ("no-action",)),))

    with pytest.raises(ValueError, match="no action of a quiet round is followed by: it is so"):
        changed("order", unknown)


# The page


def table() -> list[str]:
    """Return the limits of each world, those with the same ones together."""
    worlds: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name in jobs.WORLDS:
        world, _ = jobs.opened(Job(name), REFERENCE)
        limits = [limit for rank in quiet_of(world).ranks for limit in rank.limits]
        rows = tuple(
            (", ".join((*limit.properties, *(f"by `{need}`" for need in limit.needs))), limit.words)
            for limit in limits
        )
        worlds.setdefault(rows, []).append(name)
    lines = ["| worlds | of what | quiet rounds at most |", "|---|---|---|"]
    for rows, names in worlds.items():
        for n, (what, words) in enumerate(rows):
            lines.append(f"| {', '.join(names) if n == 0 else ''} | {what} | {words} |")
    return lines


def test_the_page_has_the_table_of_limits() -> None:
    shown = PAGE.read_text().split("<!-- rounds -->")[1].split("<!-- end of rounds -->")[0]
    assert shown.split("\n")[1:-1] == table()
