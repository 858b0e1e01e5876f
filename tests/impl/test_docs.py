"""The pages on the book and its cases say what the code says."""

import inspect
import json
import re
from pathlib import Path

import attrs

from truebook import impl
from truebook.oracle.cases.case import FEATURES, SEVERITIES, parse
from truebook.oracle.cases.events import EVENTS, SHOWN

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
        told = re.sub(r" \(.*?\)", "", last).replace(",", "").split()
        assert sorted(told) == sorted(fields.split()), event
    for word in (*FEATURES, *SEVERITIES, *SHOWN):
        assert f"`{word}`" in page


def test_the_case_on_the_page_is_a_case() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", (DOCS / "cases.md").read_text(), re.DOTALL)
    assert parse(json.loads(text), "placed").steps[0].expect["pending"] == ["c1"]
