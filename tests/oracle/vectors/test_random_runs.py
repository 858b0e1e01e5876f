"""Random runs: what they tell, that they go on, and that what is new in them is made short."""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest

from truebook.oracle.cases.case import FEATURES
from truebook.oracle.driver.client import Client, Direct, Fault
from truebook.oracle.driver.client import Kind as Broken
from truebook.oracle.findings import gathered, names_in
from truebook.oracle.judge import Kind, Result
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.reference.subject import ReferenceBook, reference
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors.random_runs import MOST_SHORT, Worlds, random_runs
from truebook.oracle.vectors.shortened import LOTS, Plan, shortened


def mutant(name: str) -> Client:
    (made,) = (one for one in MUTANTS if one.name == name)
    return Client(lambda: Direct(session_of(made)))


def told(result: Result) -> list[str]:
    return [event["type"] for step in result.told for event in step.events]


def test_random_runs_of_the_reference_pass_and_tell_everything() -> None:
    client = Client(lambda: Direct(reference()))
    results = random_runs(client, examples=60)
    assert {result.kind for result in results} == {Kind.PASS}
    told = {e["type"] for r in results for step in r.told for e in step.events}
    assert {"register", "answer", "reject", "unknown", "fill", "status", "cancel"} <= told
    assert {"modify", "modify_answer", "listing", "listing_failed", "tick"} <= told
    sizes = {e["size"] for r in results for s in r.told for e in s.events if e["type"] == "fill"}
    assert len(sizes) >= 3  # which ones depends on what Hypothesis takes from loaded modules


def test_random_runs_are_the_same_every_time() -> None:
    first, again = (random_runs(Client(lambda: Direct(reference())), examples=15) for _ in range(2))
    assert [r.told for r in first] == [r.told for r in again]


def test_runs_go_on_behind_what_is_found_and_what_is_new_is_made_short() -> None:
    results = random_runs(mutant("fill-lost-in-cancel"), examples=60)
    runs, short = [r for r in results if r.count], [r for r in results if not r.count]
    assert len(runs) == 60
    assert {Kind.PASS, Kind.FAIL} <= {result.kind for result in runs}
    assert 1 <= len(short) <= MOST_SHORT
    assert results == [*runs, *short]
    # Which of the short ones it comes to depends on what Hypothesis takes from loaded modules.
    shortest = min((told(result) for result in short), key=len)
    assert {"register", "cancel", "fill"} <= set(shortest)
    assert len(shortest) <= 8 < max(len(told(result)) for result in runs)
    new = [finding.name for finding in gathered(runs)]
    assert all(name in names_in(one) for name, one in zip(new, short, strict=False))


def test_what_is_known_is_not_made_short() -> None:
    first = random_runs(mutant("no-dedup"), examples=25)
    names = {finding.name for finding in gathered(first)}
    again = random_runs(mutant("no-dedup"), examples=25, known=names)
    assert any(result.count == 0 for result in first)
    assert [result.told for result in again] == [r.told for r in first if r.count]


class Moody(ReferenceBook):
    steps = 0

    def step(self, event: Event, at: int) -> Effects:
        Moody.steps += 1
        return super().step(event, at)

    def state(self) -> Mapping[str, Any]:
        return {**super().state(), **({"position": "77"} if Moody.steps == 100 else {})}


def test_a_subject_that_does_not_do_the_same_twice_is_inconclusive() -> None:
    client = Client(lambda: Direct(Session(Moody, features=FEATURES)))
    last = random_runs(client, examples=60)[-1]
    assert last.kind is Kind.INCONCLUSIVE
    assert "passed the same run" in last.what


class Dying(ReferenceBook):
    def step(self, event: Event, at: int) -> Effects:
        if event["type"] == "modify":
            raise KeyError("mine")
        return super().step(event, at)


def test_a_run_that_crashes_is_the_last_and_is_made_short() -> None:
    client = Client(lambda: Direct(Session(Dying, features=FEATURES)))
    *others, last = random_runs(client, examples=60)
    assert {result.kind for result in others} <= {Kind.PASS}
    assert (last.kind, last.count) == (Kind.CRASH, 1)
    assert len(others) < 59
    assert told(last)[-1] == "modify"
    assert len(told(last)) <= 4


@pytest.mark.parametrize("wrong", [False, True])
def test_a_random_run_that_hangs_is_told_once(wrong: bool) -> None:
    asked: list[str] = []

    class Hanging(Direct):
        def ask(self, message: dict[str, Any]) -> Any:
            if message.get("event", {}).get("type") == "cancel":
                asked.append(message["event"]["id"])
                raise Fault(Broken.HANG, "no answer within 5 s")
            found = super().ask(message)
            return {**found, "position": "7"} if wrong and "position" in found else found

    results = random_runs(Client(lambda: Hanging(reference())), examples=200)
    assert results[-1].kind is Kind.HANG
    assert len(asked) == 1


def test_what_shows_nothing_is_not_drawn_for_long() -> None:
    client = Client(lambda: Direct(attrs.evolve(reference(), shows=())))
    assert [result.kind for result in random_runs(client, examples=200)] == [Kind.UNSUPPORTED]


def test_a_plan_that_picks_nothing_is_no_run() -> None:
    assert Worlds(("core",)).case(Plan(("1",) * 3, (False,) * 3, ())) is None


def test_a_plan_of_what_was_taken_is_of_the_same_run() -> None:
    worlds = Worlds(FEATURES)
    drawn = Plan(LOTS[1:4], (True, False, True), tuple(range(77, 9_000, 311)))
    taken = worlds.taken(drawn)
    assert worlds.case(taken) == worlds.case(drawn)
    assert worlds.taken(taken) == taken != drawn


# Making short

PLAN = Plan(("7.25", "0.1", "1"), (True, False, True), tuple(range(40)))


@pytest.mark.parametrize(
    ("wanted", "picks"),
    [
        (lambda picks: {3, 20} <= set(picks), (3, 20)),
        (lambda picks: len(picks) >= 5 and 39 in picks, None),
        (lambda picks: sum(picks) >= 39, None),
        (lambda picks: True, None),
        (lambda picks: len(picks) == 40, tuple(range(40))),
    ],
)
def test_nothing_can_be_left_out_of_what_is_short(
    wanted: Callable[[tuple[int, ...]], bool], picks: tuple[int, ...] | None
) -> None:
    short = shortened(PLAN, lambda plan: wanted(plan.picks))
    assert wanted(short.picks)
    assert picks in (None, short.picks)
    for n in range(len(short.picks)):
        fewer = short.picks[:n] + short.picks[n + 1 :]
        assert not fewer or not wanted(fewer)


def test_what_is_short_is_plain_where_it_can_be() -> None:
    plain = shortened(PLAN, lambda plan: True)
    assert (plain.lots, plain.sells) == (("1", "1", "1"), (False, False, False))
    sells = shortened(PLAN, lambda plan: plan.sells == PLAN.sells)
    assert (sells.lots, sells.sells) == (("1", "1", "1"), PLAN.sells)
    odd = shortened(PLAN, lambda plan: plan.lots == PLAN.lots)
    assert (odd.lots, odd.picks[1:]) == (PLAN.lots, ())
