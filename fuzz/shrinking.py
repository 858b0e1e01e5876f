"""Shrinking: the shortest story, as far as can be found, that breaks the same promise."""

from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from fuzz.story import Found, Make, Story, tell
from fuzz.world import Setup, Step
from truebook.impl import UnifiedOrderBook


@attrs.define(eq=False)
class Shrinker:
    """Tells smaller stories until none breaks the promise any more, or it has tried enough."""

    best: Found
    make: Make
    tries: int

    def smaller(self, story: Story) -> bool:
        """Tell a story, and keep it if it breaks the promise."""
        if not self.tries:
            return False
        self.tries -= 1
        found = tell(story, self.make)
        if found is None or found.promise != self.best.promise:
            return False
        self.best = found  # without the steps that came after
        return True

    def drop(self) -> None:
        """Leave out steps: many at once, then fewer, then one by one."""
        width = max(1, len(self.best.story.steps) // 2)
        while width:
            start = len(self.best.story.steps) - width
            while start > -width:
                steps = self.best.story.steps
                rest = steps[: max(0, start)] + steps[max(0, start) + width :]
                if len(rest) < len(steps):
                    self.smaller(attrs.evolve(self.best.story, steps=rest))
                start = min(start - width, len(self.best.story.steps) - width)
            width //= 2

    def simplify(self) -> None:
        """Take simpler amounts, shorter waits and no options where that breaks it too."""
        for setting in attrs.fields(Setup):
            if setting.name == "tells_filled":  # what the venue tells is no simpler
                continue
            plain: dict[str, Any] = {setting.name: setting.default}
            setup = attrs.evolve(self.best.story.setup, **plain)
            if setup != self.best.story.setup:
                self.smaller(attrs.evolve(self.best.story, setup=setup))
        place = 0
        while place < len(self.best.story.steps):
            for simpler in simpler_steps(self.best.story.steps[place]):
                steps = list(self.best.story.steps)
                if place < len(steps):
                    steps[place] = simpler
                    self.smaller(attrs.evolve(self.best.story, steps=tuple(steps)))
            place += 1


def simpler_steps(step: Step) -> list[Step]:
    """Return what may stand in the place of a step, simplest last."""
    found: list[Step] = []
    for place in range(1, len(step)):
        for simpler in _simpler(step[0], step[place]):
            found.append([*step[:place], simpler, *step[place + 1 :]])
    if isinstance(step[-1], dict):
        found += [[*step[:-1], {k: v for k, v in step[-1].items() if k != key}] for key in step[-1]]
        found.append(step[:-1])
    return found


def _simpler(name: str, value: object) -> list[object]:
    if isinstance(value, int) and not isinstance(value, bool):
        return [one for one in (value // 2, value - value % 1000, 1) if one and one < value]
    if isinstance(value, str):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return []
        return [one for one in (str(round(number)), "100", "10", "1") if len(one) < len(value)]
    return []


def shrink(found: Found, *, tries: int = 1_500, make: Make = UnifiedOrderBook) -> Found:
    """Return the shortest story found in so many tries, which breaks the same promise."""
    shrinker = Shrinker(found, make, tries)
    size = -1
    while size != len(shrinker.best.story.steps):
        size = len(shrinker.best.story.steps)
        shrinker.drop()
        shrinker.simplify()
    return shrinker.best
