"""Exact integer keys for states: fields packed in mixed radix, wide worlds word by word."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from truebook.model.system import Field
from truebook.specs.properties import State

Keys = npt.NDArray[np.int64]
WIDEST = 2**62
"""A word holds fewer combinations than this."""


class TooWideError(ValueError):
    """The bounds make a world that states cannot be packed for."""


class Packing:
    """Turns columns into keys and back.

    A world whose fields fit one word has that word for its key. The words of a wider world are
    numbered as they are met, and its key is the pair of numbers: an exact dictionary code, never
    a hash. Keys are comparable only within one packing.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._words: list[list[tuple[int, int, int]]] = [[]]
        combinations = 1
        for i, field in enumerate(fields):
            if field.size > 120:
                raise TooWideError(
                    f"{field.path} has {field.size} values, and at most 120 fit: "
                    "choose a smaller size or shorter timers"
                )
            if combinations * field.size >= WIDEST:
                self._words.append([])
                combinations = 1
            if field.size > 1:
                self._words[-1].append((i, combinations, field.size))
            combinations *= field.size
        if len(self._words) > 2:
            raise TooWideError(
                "this world is too wide for the fast engine: "
                "choose fewer faults, a smaller size or shorter timers"
            )
        self._codes = [_Code() for _ in self._words] if len(self._words) > 1 else []

    def pack(self, arrays: Sequence[npt.NDArray[np.int16]]) -> Keys:
        """Return the key of each row."""
        words = []
        for parts in self._words:
            word = np.zeros(len(arrays[0]), np.int64)
            for i, radix, _ in parts:
                word += arrays[i].astype(np.int64) * radix
            words.append(word)
        if not self._codes:
            return words[0]
        high, low = (code.number(word) for code, word in zip(self._codes, words, strict=True))
        return (high << 32) | low

    def unpack(self, keys: Keys) -> list[npt.NDArray[np.int16]]:
        """Return the columns of some keys."""
        words = [keys]
        if self._codes:
            halves = (keys >> 32, keys & 0xFFFFFFFF)
            words = [code.word(half) for code, half in zip(self._codes, halves, strict=True)]
        arrays = [np.zeros(len(keys), np.int16) for _ in self._fields]
        for word, parts in zip(words, self._words, strict=True):
            rest = word
            for i, _, size in parts:
                further = rest // size
                arrays[i] = (rest - further * size).astype(np.int16)
                rest = further
        return arrays

    def pack_states(self, states: Sequence[State]) -> Keys:
        """Return the keys of some states given as tuples."""
        return self.pack([np.array(column, np.int16) for column in zip(*states, strict=True)])


def member(known: Keys, keys: Keys) -> npt.NDArray[np.bool_]:
    """Return which keys are among some known, sorted ones."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    at = np.searchsorted(known, keys)
    at[at == len(known)] = 0
    among: npt.NDArray[np.bool_] = known[at] == keys
    return among


def index(known: Keys, keys: Keys) -> npt.NDArray[np.int64]:
    """Return where each key is among known, sorted ones."""
    at = np.searchsorted(known, keys)
    if (at == len(known)).any() or (known[at] != keys).any():
        raise AssertionError("a step leads out of the states known")
    return at.astype(np.int64)


class _Code:
    """Numbers words in the order in which they are met."""

    def __init__(self) -> None:
        self._sorted: Keys = np.zeros(0, np.int64)
        self._numbers: Keys = np.zeros(0, np.int64)
        self._words: Keys = np.zeros(0, np.int64)

    def number(self, words: Keys) -> Keys:
        """Return the number of each word."""
        at = np.searchsorted(self._sorted, words)
        known = np.zeros(len(words), np.bool_)
        inside = at < len(self._sorted)
        known[inside] = self._sorted[at[inside]] == words[inside]
        if not known.all():
            new = np.unique(words[~known])
            numbers = np.arange(len(self._words), len(self._words) + len(new))
            self._words = np.concatenate([self._words, new])
            merged = np.concatenate([self._sorted, new])
            order = np.argsort(merged, kind="stable")
            self._sorted = merged[order]
            self._numbers = np.concatenate([self._numbers, numbers])[order]
            at = np.searchsorted(self._sorted, words)
        return self._numbers[at]

    def word(self, numbers: Keys) -> Keys:
        """Return the word of each number."""
        return self._words[numbers]
