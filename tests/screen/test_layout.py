"""Lines that fit: whatever the text and the width, nothing is lost, cut, or too long."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.screen.layout import ANY, Block, Command, Either, Line, Table, laid_out, line

WORD = st.text("abc→-;", min_size=1, max_size=12)
TEXT = st.lists(WORD, max_size=12).map(" ".join)
WIDTHS = st.integers(10, 100)
HEADS = st.builds(
    lambda indent, words, pad: " " * indent + words + " " * pad,
    st.integers(0, 8),
    TEXT,
    st.integers(1, 6),
)
LINES = st.builds(Line, HEADS, st.one_of(TEXT, st.lists(TEXT.filter(bool), max_size=5).map(tuple)))
CELLS = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.tuples(*[st.just("name")] * n),
        st.lists(st.tuples(*[TEXT] * n), max_size=4).map(tuple),
    )
)


def text_of(block: Block, width: int = ANY) -> list[str]:
    return [text for _, text in laid_out([block], width)]


def fits(text: str, width: int) -> bool:
    """Tell whether a line fits, or has a single word (after a head that stands by itself)."""
    return len(text) <= width or len(text.split()) == 1


@given(LINES, WIDTHS)
def test_a_line_keeps_its_words_and_fits(one: Line, width: int) -> None:
    lines = text_of(one, width)
    assert " ".join(lines).split() == one.whole.split()
    assert all(text == text.rstrip() for text in lines)
    for text in lines:
        room = max(width, len(one.head) + 24 if one.head.strip() else 0)
        words = text[len(one.head) :].split() if text.startswith(one.head) else text.split()
        assert len(text) <= room or len(words) == 1


@given(LINES)
def test_a_line_that_fits_is_whole(one: Line) -> None:
    assert text_of(one, len(one.whole)) == text_of(one) == [one.whole]


@given(CELLS, WIDTHS)
def test_a_table_keeps_its_cells_and_fits(
    cells: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], width: int
) -> None:
    head, rows = cells
    lines = text_of(Table(head, rows), width)
    words = sorted(word for row in rows for cell in row for word in cell.split())
    told = " ".join(lines).replace("name: ", "").replace("name:", "").split()
    assert sorted(word for word in told if word != "name") == words
    assert all(fits(text.replace("name:", ""), width) for text in lines)


def test_cells_stand_below_each_other_while_there_is_room() -> None:
    table = Table(("a", "b"), (("one two " * 4, "three " * 6), ("x", "y")))
    *_, last = text_of(table, 50)
    assert last.split() == ["x", "y"]
    assert last.index("y") == text_of(table, 50)[0].index("b")
    assert "  b: y" in text_of(table, 30)


@given(st.lists(st.text("ab '\"$", max_size=20), min_size=1, max_size=8), st.integers(10, 200))
def test_a_command_can_be_pasted(words: list[str], width: int) -> None:
    lines = text_of(Command("  replay: ", tuple(words)), width)
    pasted = "\n".join(lines).removeprefix("  replay:").replace("\\\n", "")
    assert shlex.split(pasted) == words
    if width >= 120:
        assert len(lines) == 1
    for text in lines:
        assert len(text) <= width or width >= 120 or len(shlex.split(text.rstrip("\\"))) <= 1


def test_phrases_are_kept_together() -> None:
    changes = Line("  1. ", ("position: 0 → 1", "state: open → filled"))
    assert text_of(changes, 34) == ["  1. position: 0 → 1;", "     state: open → filled"]
    assert text_of(changes) == ["  1. position: 0 → 1; state: open → filled"]


def test_what_has_no_room_beside_goes_below_and_hangs() -> None:
    step = Line("    1. we send the order     ", "the position is one more", hang=9)
    assert text_of(step, 40) == ["    1. we send the order", "         the position is one more"]
    assert text_of(step, 20) == [
        "    1. we send",
        "         the order",
        "         the",
        "         position is",
        "         one more",
    ]


@pytest.mark.parametrize(("width", "shown"), [(30, "wide"), (29, "narrow")])
def test_columns_are_kept_or_given_up_together(width: int, shown: str) -> None:
    wide = (Line("wide"), Line("w" * 30))
    assert text_of(Either(wide, (line("narrow"),)), width)[0] == shown
