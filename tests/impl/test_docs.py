"""The pages on the book and its cases say what the code says."""

import inspect
import json
import re
from pathlib import Path

import attrs

from possible_truths import impossible
from truebook import impl
from truebook.oracle.cases.case import FEATURES, SEVERITIES, Case, parse
from truebook.oracle.cases.events import EVENTS, SHOWN
from truebook.oracle.cases.truth import STANDS, TOLD, TRUTH_SHAPE
from truebook.oracle.judge.deviation import differences
from truebook.oracle.reference.driving import Driver

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_method_is_on_the_page() -> None:
    page = (DOCS / "book.md").read_text()
    table = page.split("## What to tell it")[1].split("## Where the venue contradicts itself")[0]
    named = set(re.findall(r"`(\w+)", table))
    book = impl.UnifiedOrderBook
    methods = {n for n, _ in inspect.getmembers(book, inspect.isfunction) if not n.startswith("_")}
    tells = {n for n in methods if "now" in inspect.signature(getattr(book, n)).parameters}
    assert tells - {"stuck_cancels"} <= named
    known = methods | {n for n in dir(book) if not n.startswith("_")} | set(impl.__all__)
    known |= set(attrs.fields_dict(impl.BookConfig)) | {"now", "request", "Decimal", "int"}
    known |= set(attrs.fields_dict(impl.ReconcileResult))
    assert named <= known


def test_every_event_is_on_the_page() -> None:
    page = (DOCS / "cases.md").read_text()
    for event, fields in EVENTS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{event}` |"))
        last = re.sub(r": \[.*?\]", "", row.split("|")[-2])
        told = re.sub(r" \(.*?\)", "", last).replace(",", "").replace("`", "").split()
        assert sorted(told) == sorted(fields.split()), event
    for word in (*FEATURES, *SEVERITIES, *SHOWN):
        assert f"`{word}`" in page


def cases_on_the_page() -> dict[str, Case]:
    found = re.findall(r"```json\n(.*?)```", (DOCS / "cases.md").read_text(), re.DOTALL)
    return {data["slug"]: parse(data, data["slug"]) for data in map(json.loads, found)}


def test_the_cases_on_the_page_are_cases_and_what_the_book_shows() -> None:
    cases = cases_on_the_page()
    assert list(cases) == ["placed", "told-late"]
    assert cases["placed"].steps[0].expect["pending"] == ["c1"]
    for case in cases.values():
        driver = Driver.of(case)
        for step in case.steps:
            assert differences(step.expect, driver.take(step)) == []


def test_what_the_page_says_is_true_can_be_and_every_word_of_it_is_there() -> None:
    case = cases_on_the_page()["told-late"]
    first, lost, same, _ = (step.truth for step in case.steps)
    assert first != lost == same
    assert impossible(case) == []
    section = (DOCS / "cases.md").read_text().split("## Truth")[1]
    order = TRUTH_SHAPE["properties"]["orders"]["additionalProperties"]
    for word in (*TRUTH_SHAPE["properties"], *order["properties"], *STANDS, *TOLD):
        assert f"`{word}`" in section
