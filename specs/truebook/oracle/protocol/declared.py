"""What an adapter declares of its tracker and venue: the oracle asks for less, and says so."""

from collections.abc import Iterable

import attrs

DECLARATIONS = {
    "requests-in-line": "it sends nothing while an answer is awaited: runs in which it would are "
    "not told",
    "unique-trades": "no trade id is of two fills: self-trades are not told",
    "position-from-answers": "it books what answers say has filled, and knows the fills again: "
    "its position is judged by what has executed, and to the letter once quiet",
    "terminal-not-shown": "it does not show orders that are over: what they show is not judged",
    "one-word-for-cancelled": "it does not tell cancel_confirmed from cancelled",
    "ticks": "it works of its own every so often (ticks=N): it is told `tick` as often, and may "
    "ask for a cancel so much later",
    "floats": "its numbers are binary floats: they are compared to so many digits (floats=N, else "
    "12), and what is not exact is a finding of its own",
}
"""What can be declared, and what is therefore not shown."""
DECLARATION = f"^({'|'.join(DECLARATIONS)})(=[1-9][0-9]*)?$"
"""The pattern of a word that declares something."""
_NUMBERED = {"ticks": None, "floats": 12}
_MOST = 1_000_000_000


@attrs.frozen
class Declared:
    """What is declared: the names, and the numbers that some have."""

    names: frozenset[str] = frozenset()
    ticks: int = 0
    digits: int = 0

    def __contains__(self, name: str) -> bool:
        return name in self.names


def declared(words: Iterable[str]) -> Declared:
    """Return what words declare; raise ValueError, which says what can be, for others."""
    numbers: dict[str, int] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name not in DECLARATIONS or (equals and name not in _NUMBERED):
            raise ValueError(f"{word!r} cannot be declared; what can: {', '.join(DECLARATIONS)}")
        default = _NUMBERED.get(name, 0)
        if not (value.isdecimal() and 0 < int(value) <= _MOST) if equals else default is None:
            raise ValueError(f"{word!r} needs a number from 1 to {_MOST:,}, as {name}=5")
        numbers[name] = int(value) if equals else int(default or 0)
    return Declared(frozenset(numbers), numbers.get("ticks", 0), numbers.get("floats", 0))
