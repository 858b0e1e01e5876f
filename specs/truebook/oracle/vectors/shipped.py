"""The vectors: the acceptance cases, and what `groups` made of the model, as they are shipped.

A slug is for ever: a vector is never renamed and never vanishes. `order.txt` is the order in which
the acceptance cases are told.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from truebook.model.rules import RULE_NAMES
from truebook.oracle.cases import Case, told_once
from truebook.oracle.cases import case as cases
from truebook.oracle.driver import spec
from truebook.specs.processes import side_by_side

FORMAT = "1"
FOLDER = Path(__file__).parent / "made"
TOLD_BY_CASES = (
    "answers-name-requests",
    "errors-end-little",
    "status-of-its-oid",
    "start-from-the-picture",
)
"""The rules that cases alone tell: of named requests, and of what a book begins with."""
_MADE_OF = [rule for rule in RULE_NAMES if rule not in TOLD_BY_CASES]
GROUPS = (*(f"without-{rule}" for rule in _MADE_OF), "plan", "legacy", "rows", "rows-of-lies")
"""The files of vectors that `groups` makes, in their order."""


@cache
def all_vectors() -> tuple[Case, ...]:
    """Return every vector: the acceptance cases, then those made, group by group."""
    order = (FOLDER / "order.txt").read_text("utf-8").split()
    by_slug = {case.slug: case for case in cases.all_cases()}
    made = (cases.parse(data, data["slug"]) for data in _made())
    return (*(by_slug[slug] for slug in order), *made)


def of(
    *,
    rules: Collection[str] = (),
    properties: Collection[str] = (),
    features: Collection[str] = (),
) -> tuple[Case, ...]:
    """Return the vectors of one of each that is named; of what is not named, any.

    A vector is of the features that it requires.
    """
    return tuple(
        case
        for case in all_vectors()
        if (not rules or case.rule in rules)
        and (not properties or case.property in properties)
        and (not features or not set(features).isdisjoint(case.requires))
    )


def _made() -> Iterator[Any]:
    for name in GROUPS:
        for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)


def remade(
    *, jobs: int | None = None, progress: Callable[..., None] | None = None
) -> Iterator[tuple[Path, str]]:
    """Yield each file of vectors that is made, with what it then holds."""
    for name, text in side_by_side(_make, GROUPS, jobs=jobs, progress=progress):
        yield FOLDER / f"{name}.jsonl", text


def _make(name: str, tell: Callable[..., None]) -> tuple[str, str]:
    return name, text_of(name)


def text_of(name: str) -> str:
    """Return the file of a group as it is made: a vector a line."""
    from truebook.oracle.vectors.groups import group

    vectors = ({**vector, "steps": list(told_once(vector["steps"]))} for vector in group(name))
    return "".join(json.dumps(vector, ensure_ascii=False) + "\n" for vector in vectors)


def write(folder: Path, vectors: Iterable[Case]) -> None:
    """Write each vector as a file of its own, and a manifest with their hashes.

    The manifest names format, version, and for each vector its file, SHA-256, what it requires,
    and what it is about.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for case in vectors:
        text = json.dumps(as_json(case), indent=1, ensure_ascii=False) + "\n"
        path = folder / f"{case.slug}.json"
        path.write_text(text, "utf-8")
        listed.append(
            {
                "slug": case.slug,
                "file": path.name,
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "requires": list(case.requires),
                "rule": case.rule,
                "property": case.property,
                "severity": case.severity,
            }
        )
    manifest = {"format": FORMAT, "version": spec(), "vectors": listed}
    text = json.dumps(manifest, indent=1) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")


def as_json(case: Case) -> dict[str, Any]:
    """Return a vector as JSON; `cases.parse` reads it."""
    steps = []
    for step in case.steps:
        data: dict[str, Any] = {"at": str(step.at), "event": step.event}
        if step.repeat != 1:
            data["repeat"] = str(step.repeat)
        data |= {"needs": step.needs} if step.needs else {}
        data |= {"expect": step.expect} if step.expect else {}
        steps.append({**data, "truth": step.truth})
    return {
        "format": FORMAT,
        "slug": case.slug,
        "title": case.title,
        "source": case.source,
        "requires": list(case.requires),
        "rule": case.rule,
        "property": case.property,
        "severity": case.severity,
        "config": {name: str(value) for name, value in case.config.items()},
        "steps": list(told_once(steps)),
    }
