import re
from pathlib import Path

import attrs
import pytest

from truebook.model.designs import design_named
from truebook.model.memory import MemoryBounds
from truebook.model.rules import RULES
from truebook.specs.explore.engine import Runner, Steps
from truebook.specs.properties.assumptions import ASSUMPTIONS
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import PROPERTIES, PROPERTY_NAMES, Kind
from truebook.specs.scenarios import FILLS, FOREIGN, Scenario, with_faults

DOCS = Path(__file__).resolve().parent.parent / "docs"
WORLDS = {
    "fills": Scenario("fills", MemoryBounds(), FILLS),
    "self-trade": Scenario("self-trade", MemoryBounds(self_trade=True), FILLS),
    "foreign": Scenario("foreign", with_faults(), FOREIGN),
    "no fault": Scenario("no fault", with_faults()),
}


@attrs.frozen
class Run:
    name: str
    design: str
    world: str
    property: str
    actions: tuple[str, ...]


def runs() -> list[Run]:
    found = []
    for block in re.findall(r"```run\n(.*?)```", (DOCS / "plan.md").read_text(), re.DOTALL):
        head, *actions = block.strip().splitlines()
        name, design, world, broken = re.fullmatch(
            r"([\w-]+): (\w+), ([\w -]+), breaks ([\w-]+)", head
        ).groups()  # type: ignore[union-attr]
        found.append(Run(name, design, world, broken, tuple(" ".join(actions).split())))
    return found


def broken_by(run: Run, design: str) -> set[str]:
    """Replay a run as far as a design lets it happen, and return the properties it breaks."""
    scenario = WORLDS.get(run.world) or Scenario(run.world, with_faults(run.world))
    system = scenario.build(design_named(design))
    runner, steps = Runner(system), Steps(system)
    actions = {action.name: action for action in system.actions}
    checks = checks_of(system)
    state, broken = runner.first, set()
    for name in run.actions:
        after = runner.run(state, actions[name])
        if after is None:
            assert design == "reference", f"{name} is not possible"
            continue
        for check in checks:
            if check.kind is Kind.STEP and steps.breaks(check, state, actions[name], after):
                broken.add(check.property)
        state = after
    return broken | {
        check.property
        for check in checks
        if check.kind is not Kind.STEP and runner.breaks(check, state)
    }


@pytest.mark.parametrize("run", runs(), ids=lambda run: run.name)
def test_a_run_breaks_what_the_page_says(run: Run) -> None:
    assert run.property in PROPERTY_NAMES
    assert run.property in broken_by(run, run.design)


@pytest.mark.parametrize("run", runs(), ids=lambda run: run.name)
def test_the_reference_survives_the_same_run(run: Run) -> None:
    assert broken_by(run, "reference") == set()


def test_every_run_that_the_guarantees_name_is_there() -> None:
    table = (DOCS / "plan.md").read_text().split("## Filling")[0]
    named = set(re.findall(r"`([a-z-]+)`", table)) - {"truebook"}
    assert named <= {run.name for run in runs()}
    assert len(named) > 5


def test_links_between_pages_lead_somewhere() -> None:
    for page in (DOCS.parent / "README.md", *DOCS.glob("*.md")):
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_of_the_model_says_what_the_code_says() -> None:
    page = " ".join((DOCS / "model.md").read_text().split())
    for rule in RULES:
        assert f"| `{rule.name}` | {rule.says} | {rule.prevents} |" in page
    for known in PROPERTIES:
        assert f"| `{known.name}` | {known.sentence} |" in page
    for assumed in ASSUMPTIONS:
        assert f"| `{assumed.name}` | {assumed.inequality} | {assumed.sentence} |" in page
