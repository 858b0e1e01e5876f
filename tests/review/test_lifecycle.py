"""The lifecycle table as people and machines read it."""

import json
import re
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from truebook.model.lifecycle import ROWS, steps
from truebook.model.vocabulary import TERMINAL, OrderState

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]

ARROW = re.compile(r"    (\w+) --> (\w+) : (.+)")


@pytest.mark.parametrize(
    ("options", "name"), [((), "lifecycle.txt"), (("--mermaid",), "lifecycle.mermaid")]
)
def test_the_text(options: tuple[str, ...], name: str, truebook: Command, golden: Golden) -> None:
    ran = truebook("lifecycle", *options)
    assert (ran.returncode, ran.stderr) == (0, "")
    golden(name, ran.stdout)


def test_the_text_on_a_narrow_screen(
    truebook: Command, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    golden("narrow/lifecycle.txt", truebook("lifecycle").stdout)


def test_the_table_has_a_line_for_every_row(
    truebook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    head, *lines = truebook("lifecycle").stdout.splitlines()
    assert head.split() == ["event", "from", "to", "if"]
    condition = head.index("if")
    assert [line[condition:] for line in lines] == [row.condition for row in ROWS]


def test_the_diagram_has_every_state_and_every_change(truebook: Command) -> None:
    lines = truebook("lifecycle", "--mermaid").stdout.splitlines()
    assert lines[0] == "stateDiagram-v2"
    declared = {
        line.rpartition(" as ")[2]: " (terminal)" in line for line in lines if " as " in line
    }
    assert declared == {state.name: state in TERMINAL for state in OrderState}
    arrows = [match for line in lines if (match := ARROW.fullmatch(line))]
    assert len(lines) == 1 + len(OrderState) + 1 + len(arrows), "a line that is no part of it"
    drawn = {
        (event.upper().replace(" ", "_"), source, target)
        for source, target, events in (arrow.groups() for arrow in arrows)
        for event in events.split(" / ")
    }
    assert drawn == {(event.name, source.name, target.name) for event, source, target in steps()}


def test_json(truebook: Command) -> None:
    ran = truebook("lifecycle", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    table = json.loads(ran.stdout)
    assert list(table) == ["rows"]
    found = [
        (
            tuple(OrderState[state.upper().replace(" ", "_")] for state in row["states"]),
            row["event"].upper().replace(" ", "_"),
            row["condition"],
            OrderState[row["target"].upper().replace(" ", "_")],
        )
        for row in table["rows"]
    ]
    assert found == [(row.states, row.event.name, row.condition, row.target) for row in ROWS]
