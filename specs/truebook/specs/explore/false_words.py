"""What one false word of each message does to a design: a story each, told by the model's world.

An order comes to where the word can be told, is told it, and then hears nothing but the truth.
"""

from collections.abc import Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import DESIGNS, Design
from truebook.model.own import own_order
from truebook.model.vocabulary import LIVE, OrderState
from truebook.specs.explore.engine import Runner
from truebook.specs.properties import State, shown_gone, shown_open
from truebook.specs.scenarios import with_faults

RESTS = ("send", "arrive-0:a", "answer:a")
PICTURE = ("tick", "ask-snapshot:first", "take-snapshot:first")
ROUNDS = 12
"""More quiet rounds than any design needs to do what it does."""


@attrs.frozen
class Word:
    """A message, what it says falsely, and the actions from the first state that tell it."""

    message: str
    says: str
    actions: tuple[str, ...]


WORDS: tuple[Word, ...] = (
    Word("status", "an open order is cancelled", (*RESTS, "lie-end:a")),
    Word("status", "an open order has filled", (*RESTS, "lie-filled:a")),
    Word(
        "answer to a request",
        "refused; it was accepted",
        ("send", "arrive-0:a", "lie-refused:a"),
    ),
    Word("answer to a request", "accepted; it was refused", ("send", "refuse:a", "lie-accepted:a")),
    Word(
        "answer to a request",
        "filled on arrival; it rests",
        ("send", "arrive-0:a", "lie-taken:a"),
    ),
    Word("answer to a cancel", "not open; it is", (*RESTS, "ask-cancel:a", "lie-cancel:a")),
    Word(
        "answer to a cancel",
        "refused; it is cancelled",
        (*RESTS, "ask-cancel:a", "cancel:a", "lie-no-cancel:a"),
    ),
    Word(
        "listing",
        "an open order is not in it",
        (*RESTS, *PICTURE, "lie-absent:first/a", "process-snapshot:first"),
    ),
    Word(
        "listing",
        "an order that is over is in it",
        (
            *(*RESTS, "ask-cancel:a", "cancel:a", "answer-cancel:a"),
            *(*PICTURE, "lie-listed:first/a", "process-snapshot:first"),
        ),
    ),
)


@attrs.frozen
class Effect:
    """What a false word came to: whether the book was wrong, for how many rounds, what it said.

    `rounds` is None where it stays wrong. `said`: it has the order's end as disputed, or shows as
    open what it had for dead. `cancels`: it asks to cancel the order, ours and open, as an orphan.
    """

    wrong: bool
    rounds: int | None
    said: bool
    cancels: bool

    def __str__(self) -> str:
        if self.cancels:
            return "cancels our own order"
        if not self.wrong:
            return "nothing"
        if self.rounds is None:
            return "wrong for good"
        times = f"{self.rounds} round{'' if self.rounds == 1 else 's'}"
        return f"wrong for {times}{', and says so' if self.said else ''}"


def effect_of(word: Word, design: Design, bounds: Bounds | None = None) -> Effect:
    """Return what a false word comes to under a design."""
    faults = with_faults("lie", "cancel", "refuse", bounds=bounds)
    runner = Runner(own_order(design, faults))
    by_name = {action.name: action for action in runner.system.actions}
    state = runner.first
    for name in word.actions:
        after = runner.run(state, by_name[name])
        if after is None:
            if design.name == "reference":
                raise AssertionError(f"the reference cannot come to {word}: {name}")
            continue  # a design that does not ask, as where it has dropped the order
        state = after
    passed = list(_quiet(runner, state))
    right = [_is_right(runner, one) for one in passed]
    rounds = next((n for n in range(len(right)) if all(right[n:])), None)
    return Effect(
        wrong=not right[0],
        rounds=rounds,
        said=_is_said(runner, passed),
        cancels=any(runner.load(one).book_a.orphan_asked for one in passed),
    )


def effects(designs: Sequence[Design] = DESIGNS) -> Iterator[tuple[Word, tuple[Effect, ...]]]:
    """Yield each false word with what it comes to under each design."""
    for word in WORDS:
        yield word, tuple(effect_of(word, design) for design in designs)


def _quiet(runner: Runner, state: State) -> Iterator[State]:
    yield state
    for _ in range(ROUNDS):
        state = runner.settle(state)
        yield state


def _is_said(runner: Runner, passed: Sequence[State]) -> bool:
    dead = False
    for state in passed:
        record = runner.load(state).book_a
        if record.disputed or (dead and record.state in LIVE):
            return True
        dead = record.state == OrderState.DEAD
    return False


def _is_right(runner: Runner, state: State) -> bool:
    world = runner.load(state)
    return shown_open(world, 0) and shown_gone(world, 0)
