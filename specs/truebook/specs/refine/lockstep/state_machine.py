"""The book and the model in lockstep as a Hypothesis state machine: for showing and shrinking.

What is drawn can happen: an order does one of the things that are possible now. After every step
all orders are compared, and every property of states and steps is held against every world; at the
end the environment goes quiet, and what must hold then is held against it too. Needs Hypothesis.
"""

from contextlib import suppress

import attrs
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from truebook.model.config import Delays, Timers
from truebook.model.system import Action
from truebook.specs.properties import Check
from truebook.specs.refine.lockstep.environment import RESTART, DivergedError, Lockstep, Setup
from truebook.specs.refine.lockstep.plans import (
    SAID,
    SNAPSHOTS,
    Choose,
    choose_placing,
    choose_setup,
)
from truebook.specs.refine.lockstep.watched_order import Watched
from truebook.specs.refine.one_order import SLOTS
from truebook.specs.refine.replay import Difference

MOST_ORDERS = 4
NO_SETUP = Setup(Timers(), Delays(), 1, 1)


class LockstepMachine(RuleBasedStateMachine):
    """Many orders and one book in lockstep; `steps` are those of this run, in words."""

    orders: Bundle[Watched] = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.lockstep = Lockstep(NO_SETUP)
        self.steps: list[str] = []
        self.watched: list[Watched] = []

    @initialize(data=st.data(), target=orders)
    def begin(self, data: st.DataObject) -> Watched:
        """Choose the timers and delays, and the first order of ours."""
        self.lockstep = Lockstep(choose_setup(_chooser(data)))
        self.watched = [Watched(stranger) for stranger in self.lockstep.foreign]
        return self._place(data)

    @precondition(lambda self: len(self.lockstep.ours) < MOST_ORDERS)
    @rule(data=st.data(), target=orders)
    def place(self, data: st.DataObject) -> Watched:
        """Choose one more order of ours."""
        return self._place(data)

    @rule(order=orders, data=st.data())
    def told(self, order: Watched, data: st.DataObject) -> None:
        """Let a message of an order of ours come."""
        self._draw(order, data, [a for a in order.possible() if a.message])

    @rule(order=orders, data=st.data())
    def at_the_venue(self, order: Watched, data: st.DataObject) -> None:
        """Let the venue or the wire do something with an order of ours."""
        self._draw(order, data, [a for a in order.possible() if a.event is None])

    @rule(order=orders, data=st.data())
    def asked(self, order: Watched, data: st.DataObject) -> None:
        """Ask something of an order of ours: to send, cancel or modify it; or stop waiting."""
        possible = [a for a in order.possible() if a.event is not None and not a.message]
        self._draw(order, data, possible)

    @rule(order=orders)
    def trade(self, order: Watched) -> None:
        """Let an order of ours be sent, rest and trade a lot if it can, and tell the fill."""
        for name in ("send", "arrive-0:a", "fill:b", "fill:a", "maker-fill:b", "maker-fill:a"):
            action = order.member.actions.own[name]
            self._happen(order, action)

    @rule(number=st.integers(0, 1), data=st.data())
    def of_a_stranger(self, number: int, data: st.DataObject) -> None:
        """Let something happen to a foreign order."""
        stranger = self.watched[number % len(self.lockstep.foreign)]
        self._draw(stranger, data, stranger.possible())

    @rule()
    def tick(self) -> None:
        """Let a tick pass."""
        self._together("tick")

    @rule(name=st.sampled_from(SNAPSHOTS))
    def snapshot(self, name: str) -> None:
        """Let a snapshot come one step further."""
        self._together(name)

    @rule(slot=st.sampled_from(SLOTS))
    def whole_snapshot(self, slot: str) -> None:
        """Let a snapshot be asked for, taken and processed at once."""
        for step in ("ask", "take", "process"):
            self._together(f"{step}-snapshot:{slot}")

    @rule()
    def reconnect(self) -> None:
        """Let the stream reconnect and replay every fill."""
        self._together("reconnect")

    @rule()
    def restart(self) -> None:
        """Save the book and load it."""
        self._together(RESTART)

    def teardown(self) -> None:
        """Let the environment go quiet, and hold what must hold then to every world."""
        if self.lockstep.diverged:
            return
        self.steps.append("the environment goes quiet")
        self.lockstep.settle()
        differences = [d for one in self.watched for d in _broken(one, one.broken_once_quiet())]
        if differences:
            raise self.lockstep.divergence(differences)

    def _place(self, data: st.DataObject) -> Watched:
        number = len(self.lockstep.ours) + 1
        placing = choose_placing(_chooser(data), number, self.lockstep.setup)
        one = Watched(self.lockstep.place(placing))
        self.watched.append(one)
        return one

    def _draw(self, one: Watched, data: st.DataObject, possible: list[Action]) -> None:
        if possible:
            self._happen(one, data.draw(st.sampled_from(possible)))

    def _happen(self, one: Watched, action: Action) -> None:
        self.steps.append(f"{one.member}: {action.words}")
        if self.lockstep.happen(one.member, action):
            self._agree({one: action})
        else:
            self.steps.pop()

    def _together(self, name: str) -> None:
        self.steps.append(SAID[name])
        if self.lockstep.together(name):
            shared = ((one, one.member.actions.shared.get(name)) for one in self.watched)
            self._agree({one: action for one, action in shared if action is not None})
        else:
            self.steps.pop()

    def _agree(self, did: dict[Watched, Action]) -> None:
        """Compare all orders and the sums, and hold the properties to every world."""
        differences = self.lockstep.differences()
        for one in self.watched:
            differences += _broken(one, one.broken(did.get(one)))
            one.remember()
        if differences:
            raise self.lockstep.divergence(differences)


def _chooser(data: st.DataObject) -> Choose:
    return lambda many: data.draw(st.integers(0, many - 1))


def _broken(one: Watched, checks: list[Check]) -> list[Difference]:
    return [Difference(f"{one.member}: {c.property}", "holds", c.part) for c in checks]


@attrs.define
class Tally:
    """How far a machine has come: `steps` in all, `found` when it first diverged.

    `shortest` are the steps of the run to which that was shrunk.
    """

    steps: int = 0
    found: int | None = None
    shortest: tuple[str, ...] = ()


def drive(examples: int, *, steps: int = 50) -> Tally:
    """Run the machine for some examples, shrink what diverges, and say how far it came."""
    tally = Tally()

    class Tallied(LockstepMachine):
        """A machine that is counted."""

        def teardown(self) -> None:
            """Count the steps of this run."""
            try:
                super().teardown()
            finally:
                tally.steps += len(self.steps)
                if self.lockstep.diverged:
                    tally.found = tally.steps if tally.found is None else tally.found
                    tally.shortest = tuple(self.steps)

    quietly = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    with suppress(DivergedError):
        run_state_machine_as_test(Tallied, settings=quietly)
    return tally
