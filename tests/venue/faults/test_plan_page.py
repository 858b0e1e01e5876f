"""The page names every message and every word of a plan, and no other."""

import re
from pathlib import Path

from truebook.venue.faults import CAN, LASTS, Do

PAGE = (Path(__file__).parents[3] / "docs" / "venue.md").read_text("utf-8")
SECTION = PAGE.partition("\n## Plans\n")[2].partition("\n## ")[0]


def rows(head: str) -> list[list[str]]:
    """Return the cells of a table of the section, by the beginning of its head."""
    table = SECTION.partition(f"\n{head}")[2].partition("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def words(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def test_the_table_of_messages_is_what_can_be_done_with_each() -> None:
    told = {
        message: tuple(words(can))
        for messages, _, can in rows("| `message` |")
        for message in words(messages)
    }
    assert told == {message: tuple(map(str, can)) for message, can in CAN.items()}


def test_the_table_of_words_is_all_of_them_and_says_which_last() -> None:
    told = {word: lasts for do, _, lasts in rows("| `do` |") for word in words(do)}
    assert set(told) == set(Do)
    assert {word for word, lasts in told.items() if lasts != "-"} == set(LASTS)
