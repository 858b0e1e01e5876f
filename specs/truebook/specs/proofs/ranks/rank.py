"""The form of a rank: what falls in each quiet round until a property holds."""

from collections.abc import Callable
from typing import Any

import attrs


@attrs.frozen
class Fact:
    """What is so after each quiet round, or from some action of it on.

    `holds` takes a world. `once` are the actions after the last of which it is so; a world need not
    have them all. Empty: after the round.
    """

    name: str
    holds: Callable[[Any], bool] = attrs.field(repr=False)
    once: tuple[str, ...] = ()


@attrs.frozen
class Loop:
    """An action that delivers one of a number of messages, which a round repeats.

    `left` is how many there are to deliver; a round repeats it as often as `most` says.
    """

    action: str
    left: Callable[[Any], int] = attrs.field(repr=False)
    most: Callable[[Any], int] = attrs.field(repr=False)


@attrs.frozen
class Limit:
    """The most quiet rounds until some properties hold: less one, the most that a rank can be.

    `words` says it for readers; `needs` are the assumptions that it takes.
    """

    properties: tuple[str, ...]
    words: str
    most: Callable[[Any], int] = attrs.field(repr=False)
    needs: tuple[str, ...] = ()


@attrs.frozen
class Rank:
    """A number of a world that falls by one at least in each quiet round, until it is 0.

    Then the properties of its limits hold. After one quiet round, from whatever state, it is less
    than each limit, so that these hold after so many rounds. `words` says what it counts.
    """

    words: str
    of: Callable[[Any], int] = attrs.field(repr=False)
    limits: tuple[Limit, ...]

    @property
    def properties(self) -> frozenset[str]:
        """What it shows."""
        return frozenset(name for limit in self.limits for name in limit.properties)


@attrs.frozen
class Quiet:
    """What is proved of the quiet rounds of a world.

    `facts` are so after each round. Where `delivered` is not empty, a round is looked at in two:
    `delivered` are so once all is delivered, before the clock ticks; each names the action from
    which on that is so. What follows is looked at as a whole.
    """

    facts: tuple[Fact, ...]
    ranks: tuple[Rank, ...]
    delivered: tuple[Fact, ...] = ()
    loops: tuple[Loop, ...] = ()
    repeated: bool = False
