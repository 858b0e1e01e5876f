"""What a shadow kept of a difference is a case, which holds on the reference."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shadowed import Crooked, broken_by, differences, every_kind_of_call, run
from truebook import cli
from truebook.impl import BookConfig, ListedOrder, Listing, Side, UnifiedOrderBook
from truebook.impl.journal.calls import Call
from truebook.impl.shadow.shadow_book import Difference, Divergence, ShadowBook
from truebook.oracle.cases.case import all_cases, parse
from truebook.oracle.reference.driving import Driver

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def test_every_kind_of_call_is_retold_as_a_case_that_holds() -> None:
    shadow = ShadowBook(UnifiedOrderBook())
    for call in every_kind_of_call():
        getattr(shadow, call.method)(**call.arguments)
    shadow.tracker.tick(10**6)  # type: ignore[attr-defined]
    shadow.tracker.process_fill(9, 9, 1, 1, True, time=10**6)  # type: ignore[attr-defined]
    shadow.compare(10**6)
    assert shadow.divergence is not None
    told = json.loads(json.dumps(shadow.divergence.as_case("a-slug")))
    case = parse(told, "a-slug")
    assert broken_by(case) == []
    assert len(case.steps) == 1 + len(every_kind_of_call()) - 1 + 2  # without draining; requests
    again = Driver.of(case)
    for step in case.steps:
        again.take(step)
    shown = shadow.reference
    assert again.book.position == shown.position == 7
    assert {str(o.oid): o.state for o in shown.get_orders()} == {
        str(o.oid): o.state for o in again.book.get_orders()
    }


def test_a_case_expects_what_the_reference_shows() -> None:
    """What the calls lead to is expected in the last step, so a book without a fill fails it."""
    Crooked.told = 2
    shadow = ShadowBook(Crooked())
    run(shadow, 1)
    assert shadow.divergence is not None
    case = parse(shadow.divergence.as_case(), "shadow-divergence")
    assert broken_by(case) == []
    assert case.steps[-1].expect["position"] == "4"
    without = Driver.of(case)
    for step in case.steps:
        if step.event["type"] != "fill":
            shown = without.take(step)
    assert differences(case.steps[-1].expect, shown) != []


def test_what_the_reference_refused_is_in_no_case() -> None:
    Crooked.told = 2
    shadow = ShadowBook(Crooked())
    for wrong in ("x", object(), 0.5):  # which another tracker may have taken
        with pytest.raises(TypeError):
            shadow.register_pending(Side.BUY, 1, wrong, cloid="b", now=1)
    run(shadow, 1)
    assert shadow.divergence is not None
    told = shadow.divergence.as_case("x")
    assert [step["event"]["type"] for step in told["steps"]] == [
        "register",
        "answer",
        "fill",
        "tick",
    ]
    assert broken_by(parse(told, "x")) == []


def test_a_case_requires_no_more_than_it_tells() -> None:
    def required(*calls: Call) -> list[str]:
        config = BookConfig()
        found = (Difference("open", (), ()),)
        told = Divergence(99, found, calls, config, True, ("open",)).as_case()
        assert told["steps"][-1]["expect"].keys() == {"open"}
        requires: list[str] = told["requires"]
        return requires

    placed = Call(
        "register_pending", {"side": "buy", "price": 1, "size": 1, "cloid": "a", "now": 1}
    )
    cancel, modify = Call("request_cancel", {"id": 1}), Call("modify_unknown", {"cloid": "a"})
    ours = Call("reconcile", {"snapshot": Listing((ListedOrder(1, "a"),)), "now": 2})
    theirs = Call("reconcile", {"snapshot": Listing((ListedOrder(2),)), "now": 3})
    assert required(placed) == ["core"]
    assert required(placed, ours, cancel, modify) == ["core", "cancel", "listing", "modify"]
    assert required(placed, theirs) == ["core", "listing", "orphans"]
    assert required(Call("position_reported", {"position": 1})) == ["core", "position"]


def test_the_example_shows_the_race_of_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "the-race.json"
    command = [sys.executable, str(EXAMPLES / "shadow.py"), str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "open: the tracker shows frozenset(), the reference frozenset({999})" in said
    assert "of its 303 calls 2 are enough" in said
    case = parse(json.loads(path.read_text()), "the-race")
    assert broken_by(case) == []
    assert [step.event["type"] for step in case.steps] == ["register", "fill", "tick"]
    assert case.rule == "fill-binds"

    def replayed(adapter: str) -> tuple[int, str]:
        book = (sys.executable, str(EXAMPLES / "adapters" / adapter))
        code = cli.run(("conform", "--replay", str(path), "--", *book))
        return code, capsys.readouterr().out

    code, said = replayed("reference.py")
    assert (code, "vectors  1 pass" in said) == (0, True)
    code, said = replayed("legacy.py")
    assert (code, "vectors  1 fail" in said) == (1, True)
    assert ["open", '["999"]', "[]"] in [line.split() for line in said.splitlines()]


def test_every_case_is_retold_as_itself() -> None:
    """The calls that a case makes are retold as its events (but for what is told by time)."""
    retold = 0
    for case in all_cases():
        if len(case.steps) > 100 or any(step.repeat > 1 for step in case.steps):
            continue
        driver = Driver.of(case)
        shadow = ShadowBook(driver.book, UnifiedOrderBook(driver.book.config))
        driver.book = shadow  # type: ignore[assignment]
        for step in case.steps:
            if step.event["type"] != "restart":
                driver.apply(step.event, step.at)
        assert shadow.compare(shadow.reference.now) == ()
        shadow.tracker.process_fill("x", "x", 1, 1, True, time=10**9)  # type: ignore[attr-defined]
        shadow.compare(shadow.reference.now)
        assert shadow.divergence is not None
        assert broken_by(parse(shadow.divergence.as_case("x"), "x")) == [], case.slug
        retold += 1
    assert retold > 40
