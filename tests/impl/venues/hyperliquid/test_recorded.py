"""Every recorded message is read, and written as it was."""

import json
from decimal import Decimal
from typing import Any

import pytest

from recorded import FOLDER, answer, lines, load, needed
from truebook.impl.venues.hyperliquid import (
    ACTIONS,
    ANSWERS,
    FRAMES,
    QUESTIONS,
    TO_INFO,
    Reader,
    Unreadable,
    write,
)

ASKED = sorted(path.name for path in FOLDER.glob("hl_sdk_*.json"))
FILLS = sorted(path.name for path in FOLDER.glob("nautilus_http_user_fills_*.json"))
STREAMED = sorted(path.name for path in FOLDER.glob("nautilus_ws_*.json"))


def same(reader: Reader[Any], value: Any) -> Any:
    """Read a message and write it again; return it. All of its fields are known."""
    raw = json.dumps(value)
    message = reader.read(raw)
    assert not isinstance(message, Unreadable), message
    assert json.loads(write(message), parse_float=Decimal) == json.loads(raw, parse_float=Decimal)
    assert "extra=" not in repr(message).replace("extra=UNSET", "")
    return message


@needed
def test_there_are_recordings() -> None:
    assert (len(ASKED), len(FILLS), len(STREAMED)) == (8, 2, 2)


@needed
@pytest.mark.parametrize("name", ASKED)
def test_a_question_and_its_answer(name: str) -> None:
    question = load(name)["request"]
    same(QUESTIONS, question)
    same(TO_INFO[question["type"]], answer(name))


@needed
@pytest.mark.parametrize("name", FILLS)
def test_fills(name: str) -> None:
    assert same(TO_INFO["userFills"], answer(name))


@needed
def test_frames() -> None:
    frames = [*lines("observed_frames.jsonl"), *map(load, STREAMED)]
    assert len({type(same(FRAMES, frame)) for frame in frames}) == 3
    assert len(frames) == 8


@needed
def test_actions_and_answers() -> None:
    recorded = list(lines("observed_exchange_answers.jsonl"))
    assert len(recorded) == 11
    for one in recorded:
        same(ANSWERS, one["response"])
    whole = [one["request"] for one in recorded if {"cancels", "orders"} & one["request"].keys()]
    assert len(whole) == 2
    for action in whole:
        same(ACTIONS, action)
