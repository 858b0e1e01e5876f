"""Words for readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.specs.words import counted, near, noun, plain


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("step",), "0 steps"),
        (1, ("step",), "1 step"),
        (2, ("step",), "2 steps"),
        (1, ("property", "properties"), "1 property"),
        (16_000, ("property", "properties"), "16,000 properties"),
    ],
)
def test_things_are_counted(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text
    assert text.endswith(f" {noun(number, *words)}")


def test_what_is_meant_is_guessed() -> None:
    assert near("fill-bind", ["fill-binds", "tombstones"]) == "Did you mean 'fill-binds'?"
    assert near("axc", ["zzz", "abc", "adc"]) == "Did you mean 'adc' or 'abc'?"
    assert near("zzz", ["abc"]) == ""


@given(st.text(st.characters(codec=None)))
def test_nothing_of_a_plain_text_is_obeyed(text: str) -> None:
    shown = plain(text)
    assert all(sign.isprintable() for sign in shown)
    if text.isprintable():
        assert shown == text
