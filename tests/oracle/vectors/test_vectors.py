"""The vectors: every slug that was promised is there, and they are what the reference shows."""

import hashlib
import json
from pathlib import Path

import pytest

from command_line import Command
from truebook.model import lifecycle
from truebook.model.rules import RULES
from truebook.oracle.cases import FEATURES
from truebook.oracle.cases import case as cases
from truebook.oracle.driver.client import Client, Direct
from truebook.oracle.judge.case_run import run_case
from truebook.oracle.judge.results import Kind
from truebook.oracle.reference.subject import reference
from truebook.oracle.vectors.build import UPHELD_BY
from truebook.oracle.vectors.shipped import FOLDER, GROUPS, all_vectors, as_json, of, text_of, write
from truebook.specs.properties import PROPERTY_NAMES

VECTORS = all_vectors()
SLUGS = [case.slug for case in VECTORS]


def test_no_slug_was_renamed_or_has_vanished() -> None:
    here = Path(__file__).parent
    promised = [
        *(here.parent / "cases" / "slugs.txt").read_text().split(),
        *(here / "made.txt").read_text().split(),
    ]
    missing = sorted(set(promised) - set(SLUGS))
    assert not missing, f"slugs are for ever: {missing}"
    new = sorted(set(SLUGS) - set(promised))
    assert not new, f"add the new ones to made.txt, and never take one away: {new}"
    assert len(SLUGS) == len(set(SLUGS))


def test_the_reference_passes_every_vector() -> None:
    client = Client(lambda: Direct(reference()))
    results = [run_case(client, case) for case in VECTORS]
    assert [result for result in results if result.kind is not Kind.PASS] == []


def test_every_rule_and_design_and_row_of_the_lifecycle_has_vectors() -> None:
    groups = [name for name in GROUPS if not name.startswith("rows")]
    for name in groups:
        assert any(slug.startswith(f"{name}-") for slug in SLUGS), name
    about = {case.rule for case in VECTORS}
    assert {rule.name for rule in RULES} <= about
    rows = {slug for slug in SLUGS if slug.startswith("row-")}
    every = {
        "-".join(("row", *(word.name.lower().replace("_", "-") for word in (before, event, after))))
        for event, before, after in lifecycle.steps()
    }
    assert rows <= every
    assert sorted(every - rows) == []


# Without the mark of its cancel an orphan never comes to rest.
ENDLESS = "without-orphan-cancel-marked"


@pytest.mark.parametrize("name", ["without-reject-clears", "without-eviction-floor", ENDLESS])
def test_vectors_are_made_again_to_the_byte(name: str) -> None:
    assert (FOLDER / f"{name}.jsonl").read_text() == text_of(name)


def test_there_is_a_file_for_each_group_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == set(GROUPS)


def test_written_vectors_are_those_of_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, VECTORS)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [entry["slug"] for entry in manifest["vectors"]] == SLUGS
    for entry, case in zip(manifest["vectors"], VECTORS, strict=True):
        data = (tmp_path / entry["file"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert cases.parse(json.loads(data), entry["slug"]) == case
    once = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write(tmp_path, VECTORS)
    assert once == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


@pytest.mark.parametrize("feature", FEATURES)
def test_vectors_are_picked_by_what_they_are_about(feature: str) -> None:
    picked = of(features=[feature])
    assert [case.slug for case in picked] == [c.slug for c in VECTORS if feature in c.requires]
    for rule, name in {(case.rule, case.property) for case in picked}:
        both = of(rules=[rule], properties=[name], features=[feature])
        assert both == tuple(c for c in picked if (c.rule, c.property) == (rule, name))
        assert both
    assert of() == VECTORS


def test_vectors_that_are_picked_are_listed_or_written(tmp_path: Path, truebook: Command) -> None:
    asked = ("vectors", "--rule", "fill-binds", "--rule", "modify-binds", "--property", "identity")
    picked = of(rules=["fill-binds", "modify-binds"], properties=["identity"])
    listed = truebook(*asked).stdout.splitlines()
    assert [line.split()[0] for line in listed] == [case.slug for case in picked]
    assert truebook(*asked, str(tmp_path / "some")).returncode == 0
    manifest = json.loads((tmp_path / "some" / "manifest.json").read_text())
    assert [entry["slug"] for entry in manifest["vectors"]] == [case.slug for case in picked]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--rule fill-bind", "Did you mean 'fill-binds'"),
        ("--rule identity", "'identity' is not one of"),
        ("--feature core --remake", "--remake makes all of them"),
        ("--rule ages-out --property identity", "no vector is of all that is named"),
    ],
)
def test_what_cannot_be_picked_is_said(asked: str, said: str, truebook: Command) -> None:
    ran = truebook("vectors", *asked.split())
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_vectors_say_of_themselves_what_they_are_about() -> None:
    for case in VECTORS:
        data = as_json(case)
        assert data["format"] == "1"
        assert data["title"]
        assert data["requires"][0] in ("core", "cancel")
        assert "core" in data["requires"]


def test_of_every_property_it_is_known_which_rule_upholds_it() -> None:
    assert set(UPHELD_BY) == set(PROPERTY_NAMES)
    assert set(UPHELD_BY.values()) <= {rule.name for rule in RULES}
