"""The table of rules and the properties that break without them."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from truebook.model.config import Bounds
from truebook.model.rules import RULE_NAMES, RULES
from truebook.review import commands
from truebook.review.rules import as_json, blocks, broken_by, needless
from truebook.screen.layout import laid_out
from truebook.specs.explore.designs import Report
from truebook.specs.properties.sentences import PROPERTY_NAMES
from truebook.specs.properties.trace import Step, Trace
from truebook.specs.properties.verdict import Holds, Incomplete, Unreached, Verdict, Violated
from truebook.specs.scenarios import Scenario

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]
Narrow = Callable[[], str]

SMALL = (Scenario("one lot", Bounds(size=1)),)


def report(**found: Verdict) -> Report:
    """Return a report in which every property holds but those named."""
    verdicts = {
        name: found.get(name.replace("-", "_"), Holds(("order",))) for name in PROPERTY_NAMES
    }
    return Report("reference", verdicts, dict.fromkeys(verdicts, "order"), (), (), 0.0)


def violated(steps: int) -> Violated:
    return Violated("a part", Trace((Step("tick", "a tick passes", ()),) * steps))


def lines(reports: dict[str, Report]) -> list[str]:
    return [line for _, line in laid_out(blocks(reports))]


def test_the_table(truebook: Command, golden: Golden, narrow: Narrow) -> None:
    ran = truebook("rules", "--rule", "fill-binds", "--jobs", "1")
    assert ran.returncode == 0
    golden("rules.txt", ran.stdout)
    golden("narrow/rules.txt", narrow())


def test_only_violations_count_as_broken() -> None:
    found = report(
        identity=violated(3), confluence=Incomplete("too large"), convergence=Unreached("nothing")
    )
    assert broken_by(found) == {"identity": 3}


def test_a_row_a_rule_and_a_column_a_property() -> None:
    reports = {"tombstones": report(convergence=violated(12)), "fill-binds": report()}
    head, first, second, *_ = lines(reports)
    assert head.split() == ["without", *(str(n + 1) for n in range(len(PROPERTY_NAMES)))]
    assert first.split() == ["fill-binds", *"·" * len(PROPERTY_NAMES)], "rows are in rule order"
    assert second.split() == ["tombstones", *"·" * 15, "12", *"·" * (len(PROPERTY_NAMES) - 16)]
    assert head.index("16") == second.index("12")


def test_every_property_and_every_rule_is_explained() -> None:
    text = lines(dict.fromkeys(RULE_NAMES, report()))
    for n, name in enumerate(PROPERTY_NAMES, 1):
        assert f"{n:>3} {name}" in text
    for rule in RULES:
        assert f"  {rule.name}: {rule.prevents}" in text
    assert [line for line in text if line != line.rstrip()] == []


def test_a_rule_that_breaks_nothing_is_needless() -> None:
    reports = {
        "tombstones": report(identity=violated(1)),
        "fill-binds": report(),
        "ages-out": report(identity=Incomplete("too large")),
    }
    assert list(needless(reports)) == ["fill-binds", "ages-out"]


def test_the_object() -> None:
    found = as_json({"fill-binds": report(identity=violated(3), convergence=violated(6))})
    (rule,) = (rule for rule in RULES if rule.name == "fill-binds")
    assert found == {
        "rules": {
            "fill-binds": {
                "says": rule.says,
                "prevents": rule.prevents,
                "breaks": {"identity": 3, "convergence": 6},
            }
        }
    }


def test_json(truebook: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "RULE_SCENARIOS", SMALL)
    ran = truebook("rules", "--rule", "fill-binds", "--jobs", "1", "--json")
    assert ran.returncode == 0
    (found,) = json.loads(ran.stdout)["rules"].items()
    assert found[0] == "fill-binds"
    assert found[1]["breaks"]["identity"] > 0


def test_a_needless_rule_fails(truebook: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "RULE_SCENARIOS", SMALL)
    ran = truebook("rules", "--rule", "orphan-cancel-marked", "--rule", "fill-binds", "--jobs", "1")
    assert ran.returncode == 1
    (said,) = (line for line in ran.stderr.splitlines() if not line.startswith("["))
    assert said.startswith("truebook: without orphan-cancel-marked nothing breaks")
