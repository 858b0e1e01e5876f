"""docs/adapter.md: its tables are those of the protocol, and its skeletons take every event."""

import importlib.util
import inspect
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from truebook.cli import run
from truebook.oracle.cases.case import FEATURES
from truebook.oracle.protocol.messages import PARTS, schema
from truebook.oracle.vectors.shipped import all_vectors

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adapter.md").read_text("utf-8")
ADAPTERS = ROOT / "examples" / "adapters"
MESSAGES = json.loads(schema())["$defs"]
EVENTS: dict[str, Any] = {
    shape["properties"]["type"]["const"]: shape
    for shape in MESSAGES["step"]["properties"]["event"]["anyOf"]
}
"""The shape of each event."""
FIELDS = {
    event: {name: name in shape["required"] for name in shape["properties"] if name != "type"}
    for event, shape in EVENTS.items()
}
"""Of each event the fields, and whether they must be there."""


def rows(heading: str) -> list[list[str]]:
    """Return the rows of the table with this heading."""
    table = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def cells(row: list[str]) -> list[str]:
    return [cell.strip("`") for cell in row]


def test_every_event_and_every_feature_is_on_the_page() -> None:
    told = {event: feature for event, feature, _ in map(cells, rows("event | feature"))}
    assert sorted(told) == sorted(EVENTS)
    for vector in all_vectors():
        for step in vector.steps:
            features = set(told[step.event["type"]].replace("`", "").split(" or "))
            needed = {*vector.requires, step.needs}
            assert features & needed, (vector.slug, step.event["type"])


def test_every_field_of_every_event_is_on_the_page() -> None:
    found: dict[str, dict[str, bool]] = {}
    event = ""
    for first, field, optional, meaning in map(cells, rows("event | field")):
        event = first or event
        assert optional in ("", "optional")
        fields = found.setdefault(event, {})
        if field:
            assert meaning, (event, field)
            assert field not in fields
            fields[field] = optional == ""
    listed = EVENTS["listing"]["properties"]["orders"]["items"]
    orders = {name: name in listed["required"] for name in listed["properties"]}
    assert found == {**FIELDS, "in `orders": orders}


def test_the_words_of_a_field_are_on_the_page() -> None:
    page = PAGE.split("## What it is told")[1]
    for shape in EVENTS.values():
        for name, field in shape["properties"].items():
            for word in field.get("enum", ()):
                assert f"`{word}`" in page, (name, word)


def test_everything_that_a_state_can_show_is_on_the_page() -> None:
    shown = {row[0]: row[1] for row in map(cells, rows("field | what it is"))}
    assert list(shown) == list(PARTS)
    assert all(shown.values())
    for word in MESSAGES["state"]["properties"]["orders"]["additionalProperties"]["properties"][
        "state"
    ]["enum"]:
        assert word in shown["orders.state"]


@pytest.mark.parametrize(
    ("name", "language"), [("skeleton.py", "python"), ("skeleton.js", "javascript")]
)
def test_a_skeleton_on_the_page_is_the_file(name: str, language: str) -> None:
    (block,) = re.findall(rf"```{language} {re.escape(name)}\n(.*?)```", PAGE, re.DOTALL)
    assert block == (ADAPTERS / name).read_text("utf-8")


@pytest.fixture
def skeleton() -> ModuleType:
    spec = importlib.util.spec_from_file_location("skeleton", ADAPTERS / "skeleton.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_skeleton_in_python_has_a_method_for_every_event(skeleton: ModuleType) -> None:
    methods = dict(inspect.getmembers(skeleton.Adapter, inspect.isfunction))
    found = {}
    for name, method in methods.items():
        if name.startswith("on_"):
            parameters = list(inspect.signature(method).parameters.values())[1:]
            found[name[3:]] = {p.name: p.default is p.empty for p in parameters}
            assert method.__doc__
    assert found == FIELDS


def test_the_skeleton_in_javascript_has_a_method_for_every_event() -> None:
    methods = re.findall(
        r"^  on_(\w+)\(\{(.*?)\}\) \{", (ADAPTERS / "skeleton.js").read_text("utf-8"), re.MULTILINE
    )
    found = {name: fields.replace(",", "").split() for name, fields in methods}
    assert found == {event: list(fields) for event, fields in FIELDS.items()}


PROGRAMS = {"skeleton.py": sys.executable, "skeleton.js": "node"}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(params=PROGRAMS)
def greedy(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Return the command of a skeleton that claims everything, and so is told everything."""
    program = PROGRAMS[request.param]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    text = (ADAPTERS / request.param).read_text("utf-8")
    claims = [feature for feature in FEATURES if feature != "batch"]
    for claimed in ('("core",)', '["core"]'):
        text = text.replace(claimed, json.dumps(claims))
    adapter = tmp_path / request.param
    adapter.write_text(text, "utf-8")
    return [program, str(adapter)]


def test_a_skeleton_breaks_at_no_event(greedy: list[str], capsys: Captured) -> None:
    code = run(["conform", "--stage", "vectors", "--", *greedy])
    printed = capsys.readouterr().out
    outcomes = r"vectors +\d+ pass, \d+ fail(, \d+ differs)?, \d+ unsupported\n"
    assert re.search(outcomes, printed), printed
    assert code == 1  # it would be 3 if it broke


def test_a_skeleton_without_a_method_breaks(greedy: list[str], capsys: Captured) -> None:
    adapter = Path(greedy[1])
    adapter.write_text(adapter.read_text().replace("on_rebase(", "on_nothing("))
    run(["conform", "--only", "*position*", "--", *greedy])
    assert "crash" in capsys.readouterr().out
