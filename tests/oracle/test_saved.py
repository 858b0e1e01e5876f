"""What is found in runs that have no vector is saved up to where it begins, and can be replayed."""

import json
import sys
from pathlib import Path

import attrs
import pytest

from truebook.cli import run
from truebook.oracle.cases.case import load
from truebook.oracle.conform import saved, saved_fault
from truebook.oracle.driver.client import Client, Direct
from truebook.oracle.findings import Finding, gathered, names_in
from truebook.oracle.judge import Kind, Result, Told, run_case
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.vectors.build import rule_of
from truebook.oracle.vectors.shipped import all_vectors

BY_SLUG = {case.slug: case for case in all_vectors()}
LOSSY = """
from truebook.oracle.mutants import MUTANTS, session_of
from truebook.oracle.serve import serve
made = session_of(next(m for m in MUTANTS if m.name == 'fill-lost-in-cancel'))
serve(made.factory, name='lossy', features=made.features)
"""
RIGHT = ("--", sys.executable, "-m", "truebook.oracle.reference")


def lossy() -> Client:
    (mutant,) = (one for one in MUTANTS if one.name == "fill-lost-in-cancel")
    return Client(lambda: Direct(session_of(mutant)))


def lost_fill() -> Finding:
    result = run_case(lossy(), BY_SLUG["without-state-is-derived-identity"], stage="random")
    return next(one for one in gathered([result]) if one.promise == "position-is-unique-fills")


def test_a_finding_is_saved_up_to_where_it_begins(tmp_path: Path) -> None:
    finding = lost_fill()
    after = saved(finding, tmp_path / "found")
    (path,) = (tmp_path / "found").iterdir()
    assert path.name == "position-is-unique-fills--position--missing--fill.json"
    case = load(path)
    assert case == after.shortest.case
    assert after.shortest.replay == ("--replay", str(path))
    assert len(case.steps) == finding.onset.step < len(finding.shortest.case.steps)
    assert case.steps == finding.shortest.case.steps[: finding.onset.step]
    assert finding.name in names_in(run_case(lossy(), case))


def test_it_is_of_the_rule_that_explains_it_or_of_its_last_event(tmp_path: Path) -> None:
    finding = lost_fill()
    assert saved(finding, tmp_path).shortest.case.rule == rule_of("fill")
    explained = attrs.evolve(finding, rules=("state-is-derived", "tombstones"))
    assert saved(explained, tmp_path).shortest.case.rule == "state-is-derived"


def test_a_run_that_broke_the_subject_is_saved_up_to_where_it_did(tmp_path: Path) -> None:
    case = BY_SLUG["fill-before-ack"]
    told = tuple(Told(step.at, tuple(step.events())) for step in case.steps)
    for count, last in ((0, "register"), (1, "register"), (2, "fill"), (3, "answer")):
        broke = Result(stage="edges", case=case, kind=Kind.CRASH, told=told[:count])
        after = saved_fault(broke, tmp_path)
        assert load(tmp_path / "fill-before-ack.json") == after.case
        assert after.case.steps[-1].event["type"] == last
        assert after.case.rule == rule_of(last)
        assert len(after.case.steps) == max(1, count)
        assert after.kind is Kind.CRASH


@pytest.mark.parametrize("name", ["no-fill-twice", "difference"])
def test_names_become_names_of_files(name: str, tmp_path: Path) -> None:
    finding = attrs.evolve(lost_fill(), names=(f"{name}/orders.state/not-expected/status_unknown",))
    slug = saved(finding, tmp_path).shortest.case.slug
    assert slug == f"{name}--orders-state--not-expected--status-unknown"
    assert (tmp_path / f"{slug}.json").exists()


def test_what_is_saved_does_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, found = tmp_path / "adapter.py", tmp_path / "found"
    path.write_text(LOSSY)
    command = ("--", sys.executable, str(path))
    options = ("--stage", "random", "--examples", "12", "--save", str(found))
    assert run(("conform", *options, "--json", str(tmp_path / "r.json"), *command)) == 1
    assert f"--replay {found}/" in capsys.readouterr().out
    findings = json.loads((tmp_path / "r.json").read_text())["findings"]
    worst = findings[0]
    file = found / f"{worst['name'].replace('/', '--')}.json"
    assert f"--replay {file} -- " in worst["shortest"]["replay"]
    assert len(list(found.iterdir())) == len(findings)
    replay = ("conform", "--replay", str(file))
    assert run((*replay, "--json", str(tmp_path / "again.json"), *command)) == 1
    again = json.loads((tmp_path / "again.json").read_text())["findings"]
    assert worst["name"] in {name for one in again for name in one["names"]}
    assert run((*replay, *RIGHT)) == 0
