"""Each promise is broken by a bot that breaks it, and by no other."""

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from chaos_market import exchange_of
from truebook.venue.faults import TRUTHFUL, Do, Fault, Plan
from truebook.venue.verdict import CannotStartError, Promise, Trial, Trials, bot, fewer, tried

BOT = Path(__file__).parents[2] / "support" / "odd_bot.py"


def trials(what: str) -> Trials:
    return Trials(
        command=(sys.executable, str(BOT), what),
        markets=exchange_of,
        limit=Decimal(1),
        seconds=60,  # it says sooner that it has done
        quiet=0.05,
    )


def trial(what: str, plan: Plan = TRUTHFUL) -> Trial:
    return asyncio.run(tried(trials(what), plan, 1))


BROKEN = {
    "right": set(),
    "ends": {Promise.CRASHED},
    "leaves": {Promise.LEFT},
    "again": {Promise.AGAIN, Promise.DROPPED, Promise.LEFT},
    "loop": {Promise.LOOP},
    "dropped": {Promise.DROPPED, Promise.LEFT},
    "thinks it is open": {Promise.OPEN},
    "wrong position": {Promise.TWICE},
    "twice for a while": {Promise.TWICE},
    "once": set(),
    "too much": {Promise.LIMIT},
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_a_bot_breaks(what: str) -> None:
    one = trial(what)
    assert one.promises == BROKEN[what], (one.breaches, one.said)
    if what == "ends":
        assert "exit code 3" in one.breaches[0].words
        assert "that is all" in one.said


def test_a_bot_that_has_to_be_killed_has_broken_a_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot, "GRACE", 0.2)
    (breach,) = trial("deaf").breaches
    assert breach.promise is Promise.KILLED
    assert "of SIGTERM, and was killed" in breach.words


def test_a_bot_that_never_spoke_has_broken_a_promise() -> None:
    soon = attrs.evolve(trials("mute"), seconds=0.5)
    (breach,) = asyncio.run(tried(soon, TRUTHFUL, 1)).breaches
    assert breach.promise is Promise.SILENT
    assert breach.words == "it never spoke to the venue: does it use TRUEBOOK_VENUE?"


def test_faults_that_do_nothing_are_left_out() -> None:
    needless = Fault(message="orderStatus", nth=1, do=Do.UNKNOWN)
    lost = Fault(message="cancel", nth=1, do=Do.TOO_MANY)
    plan = Plan((lost, needless))

    async def shrunk() -> None:
        async def run(some: Plan) -> Trial:
            return await tried(trials("right"), some, 1)

        first = await run(plan)
        assert Promise.LEFT in first.promises
        assert first.done == (lost,), "what never happened is no fault of it"
        found = await fewer(first, Promise.LEFT, run, most=5, times=2)
        assert found.faults == (lost,)
        assert (found.failed, found.runs) == (2, 2)

    asyncio.run(shrunk())


def test_how_long_a_bot_has_to_know_is_as_long_as_messages_take() -> None:
    late = Plan((Fault(message="user", nth=1, do=Do.LATE, seconds=2.5),))
    one = Trials(command=(), markets=exchange_of, quiet=4)
    assert (one.lag_under(TRUTHFUL), one.lag_under(late)) == (4, 6.5)
    assert attrs.evolve(one, quiet=0).lag_under(TRUTHFUL) == 1
    assert attrs.evolve(one, lag=3).lag_under(late) == 3


def test_a_program_that_is_not_there_is_an_error() -> None:
    none = Trials(command=("/no/such/bot",), markets=exchange_of)
    with pytest.raises(CannotStartError, match="No such file"):
        asyncio.run(tried(none, TRUTHFUL, 1))


@pytest.mark.parametrize("shell", ["{}; exit $?", "{} & wait"])
def test_a_bot_behind_a_shell_has_its_time_to_end(shell: str) -> None:
    command = shell.format(f"{sys.executable} {BOT} 'slow to end'")
    asked = attrs.evolve(trials("right"), command=("sh", "-c", command))
    assert asyncio.run(tried(asked, TRUTHFUL, 1)).promises == set()


def test_of_what_a_bot_prints_the_end_is_kept() -> None:
    one = trial("talks much")
    assert one.promises == set()
    assert len(one.said) <= 4_000
    assert one.said.endswith("the last word\n")
