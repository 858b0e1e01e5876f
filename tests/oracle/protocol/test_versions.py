"""What protocol 2 has that 1 lacks: each word is told by a vector, and none to a subject of 1."""

import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from truebook.oracle.cases import EVENTS, FEATURES
from truebook.oracle.cases.shapes import fault
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Kind, run_case
from truebook.oracle.protocol import ADDED, BEFORE, VERSION, as_told, needs
from truebook.oracle.protocol.messages import SCHEMAS
from truebook.oracle.protocol.versions import ADDED_FEATURES, ADDED_TO_ABOUT, NEEDED
from truebook.oracle.reference import ReferenceBook, reference
from truebook.oracle.reports import Run, lines_of
from truebook.oracle.serve import Session
from truebook.oracle.vectors.shipped import all_vectors

NEW = [(kind, name) for kind, names in ADDED.items() for name in names]
ALL = [event for case in all_vectors() for step in case.steps for event in [step.event]]
SCHEMA_OF_1 = json.loads(SCHEMAS[BEFORE].read_text())["$defs"]


@pytest.mark.parametrize(("kind", "name"), NEW)
def test_every_word_of_protocol_2_is_told_by_a_vector(kind: str, name: str) -> None:
    values = {str(event[name]) for event in ALL if event["type"] == kind and name in event}
    assert values, f"no vector tells {kind}.{name}"


def test_both_words_of_a_flag_are_told() -> None:
    assert {event["snapshot"] for event in ALL if "snapshot" in event} == {"true", "false"}


@pytest.mark.parametrize(("kind", "name"), NEW)
def test_what_is_of_protocol_2_is_in_the_table_of_events_and_may_be_left_out(
    kind: str, name: str
) -> None:
    assert f"{name}*" in EVENTS[kind].split()


def test_the_schemas_differ_by_what_is_of_protocol_2_alone() -> None:
    def fields(version: str) -> dict[str, set[str]]:
        step = json.loads(SCHEMAS[version].read_text())["$defs"]["step"]
        events = step["properties"]["event"]["anyOf"]
        return {e["properties"]["type"]["const"]: set(e["properties"]) for e in events}

    old, new = fields(BEFORE), fields(VERSION)
    assert {kind: set(names) for kind, names in ADDED.items()} == {
        kind: new[kind] - old[kind] for kind in new if new[kind] != old[kind]
    }


def spied(protocol: str) -> tuple[Client, list[dict[str, Any]]]:
    """Return a conversation with the reference in a protocol, and what is told in it."""
    session = Session(ReferenceBook, features=FEATURES, protocol=protocol)
    told: list[dict[str, Any]] = []

    class Spy(Direct):
        def ask(self, message: dict[str, Any]) -> Any:
            told.append(message)
            return super().ask(message)

    return Client(lambda: Spy(session)), told


def test_a_subject_of_protocol_1_is_told_nothing_that_it_lacks() -> None:
    client, told = spied(BEFORE)
    for case in all_vectors():
        result = run_case(client, case)
        lacks = needs((step.event for step in case.steps), BEFORE)
        claimed = set(case.requires).isdisjoint(ADDED_FEATURES)
        assert (result.kind is Kind.PASS) == (claimed and not lacks), case.slug
        if not claimed:
            assert result.what == "it does not claim start"
        elif lacks:
            assert result.kind is Kind.UNSUPPORTED
            assert result.what == f"it speaks protocol 1, which has no {', '.join(lacks)}"
        for step in result.told:
            assert all(as_told(event, BEFORE) == event for event in step.events)
    hello, *rest = told
    assert hello["protocol"] == VERSION
    for message in rest:
        assert fault(SCHEMA_OF_1[message["type"]], message) is None


@pytest.mark.parametrize("protocol", [BEFORE, VERSION])
def test_the_report_says_which_protocol_was_spoken_if_it_is_the_older(protocol: str) -> None:
    client, _ = spied(protocol)
    result = run_case(client, all_vectors()[0])
    lines = [line for _, line in lines_of(Run(client.about, ("…",), (result,)))]
    said = "speaks protocol 1: told without what came with 2"
    assert (said in lines) == (protocol == BEFORE)


def test_a_subject_of_protocol_2_is_told_all() -> None:
    client, told = spied(VERSION)
    for case in all_vectors():
        assert run_case(client, case).kind is Kind.PASS
    heard = [e for m in told if m["type"] == "step" for e in m.get("events") or [m["event"]]]
    for kind, name in NEW:
        assert any(event["type"] == kind and name in event for event in heard)


def test_what_an_event_says_otherwise_without_is_needed() -> None:
    """The reference shows another thing where it is not told what is needed, and only there."""
    for case in all_vectors():
        told = [attrs.evolve(step, event=as_told(step.event, BEFORE)) for step in case.steps]
        if told == list(case.steps):
            continue
        result = run_case(
            Client(lambda: Direct(reference())), attrs.evolve(case, steps=tuple(told))
        )
        needed = bool(needs((step.event for step in case.steps), BEFORE))
        assert (result.kind is Kind.PASS) == (not needed), case.slug


def test_what_is_needed_is_of_protocol_2() -> None:
    assert set(NEW) >= NEEDED
    event = {"type": "modify_answer", "cloid": "c1", "outcome": "confirmed", "filled": "1"}
    assert needs([event], BEFORE) == ["modify_answer.filled"]
    assert needs([event], VERSION) == []
    assert as_told(event, VERSION) == event
    assert as_told({"type": "fill", "oid": "1", "snapshot": "true"}, BEFORE) == {
        "type": "fill",
        "oid": "1",
    }


def test_the_page_tells_what_protocol_2_has() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "protocol.md").read_text("utf-8")
    rows = page.split("| of | is | in protocol 1 |\n|---|---|---|\n")[1].split("\n\n")[0]
    told: dict[tuple[str, str], bool] = {}
    for row in rows.splitlines():
        kinds, names, how = (re.findall(r"`(\w+)`", cell) or cell for cell in row.split("|")[1:4])
        for kind in kinds:
            told |= dict.fromkeys(((kind, name) for name in names), "left out" in str(how))
    of_events = {pair: dropped for pair, dropped in told.items() if pair[0] in EVENTS}
    assert of_events.pop(("rebase", ADDED_FEATURES[0])) is False
    assert of_events == {pair: pair not in NEEDED for pair in NEW}
    assert [name for kind, name in told if kind == "about"] == list(ADDED_TO_ABOUT)
    old, new = re.findall(r"```json\n(\{\"type\": \"modify_answer\".*)\n```", page)[::-1]
    assert as_told(json.loads(new), BEFORE) == json.loads(old)
