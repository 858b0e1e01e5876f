"""A story: what holds throughout, and its steps; told to a book, it comes to what it broke."""

import json
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import attrs

from fuzz import drawing, lies, promises, quiet
from fuzz.stage import Stage
from fuzz.world import BrokenError, Setup, Step
from truebook.impl import UnifiedOrderBook

Make = Callable[[Any], UnifiedOrderBook]


@attrs.frozen
class Story:
    """Steps, and what holds throughout."""

    setup: Setup
    steps: tuple[Step, ...]

    def to_json(self) -> str:
        """Return it as text, a step a line."""
        head = {
            name: value
            for name, value in attrs.asdict(self.setup).items()
            if value != getattr(Setup(), name)
        }
        lines = ",\n".join(f"  {json.dumps(step)}" for step in self.steps)
        return f'{{"setup": {json.dumps(head)}, "steps": [\n{lines}\n]}}\n'

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the story that a text has; ValueError or TypeError where it is none."""
        data = json.loads(text)
        return cls(Setup(**data["setup"]), tuple(data["steps"]))


@attrs.frozen
class Found:
    """A promise that a story breaks, and the world as it was then."""

    story: Story
    promise: str
    how: str
    world: Stage

    @property
    def timeline(self) -> str:
        """The story as it went, line by line, with what the book was told and answered."""
        return "\n".join([*shortened(self.world.lines), f"broken: {self.how}"])


def shortened(lines: list[str], first: int = 12, last: int = 14) -> list[str]:
    """Leave out the middle of the quiet time, in which mostly nothing happens."""
    quiet = next((n for n, line in enumerate(lines) if line.endswith("all goes quiet")), None)
    if quiet is None or len(lines) - quiet <= first + last + 1:
        return lines
    left_out = len(lines) - quiet - first - last
    return [*lines[: quiet + first], f"    … {left_out} lines", *lines[-last:]]


def _world(setup: Setup, make: Make, folder: Path | None) -> Stage:
    checks: list[Callable[[Any], None]] = [
        promises.position_is_fills,
        promises.bounded_once_misled,
        promises.no_false_alarm,
        promises.Terminal(),
        lies.Reported(),
    ]
    return Stage(setup, make, folder, checks)


def tell(story: Story, make: Make = UnifiedOrderBook) -> Found | None:
    """Tell a story to a new book; what it breaks, if it breaks anything."""
    steps = iter(story.steps)
    return _run(story.setup, lambda world: next(steps, None), make)


def draw(
    seed: int, *, lying: float = 0.0, troubles: Sequence[str] = (), make: Make = UnifiedOrderBook
) -> tuple[Found | None, int]:
    """Draw a story from a seed and tell it; what it breaks, and how many steps it had."""
    dice = random.Random(seed)
    chosen = frozenset(one for one in troubles if dice.random() < 0.4)
    length = dice.choice([40, 100, 200, 400])
    drawer: list[drawing.Drawer] = []
    count = 0

    def following(world: Stage) -> Step | None:
        nonlocal count
        if not drawer:
            drawer.append(drawing.Drawer(dice, world, chosen, lying))
        if count == length:
            return None
        count += 1
        return drawer[0].draw()

    return _run(drawing.setup(dice, chosen), following, make), count


def _run(setup: Setup, following: Callable[[Stage], Step | None], make: Make) -> Found | None:
    with tempfile.TemporaryDirectory() as name:
        world = _world(setup, make, Path(name))
        steps: list[Step] = []
        try:
            while (step := following(world)) is not None:
                steps.append(step)
                world.do(step)
            quiet.settle(world)
        except BrokenError as error:
            return Found(Story(setup, tuple(steps)), error.promise, str(error), world)
        finally:
            if hasattr(world.book, "close"):
                world.book.close()
    return None
