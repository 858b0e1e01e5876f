"""A case is told to its end, as far as a subject can take it, and judged at every step."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest

from truebook.oracle.cases import FEATURES, Case
from truebook.oracle.driver import Client, Direct
from truebook.oracle.judge import Kind, Result, run_case
from truebook.oracle.reference.subject import ReferenceBook, reference
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors import all_vectors

BY_SLUG = {case.slug: case for case in all_vectors()}
UNIQUE = BY_SLUG["without-fills-move-position-position-is-unique-fills"]


def held(book: type[ReferenceBook], case: Case, **said: Any) -> Result:
    session = Session(book, **{"features": FEATURES, **said})
    return run_case(Client(lambda: Direct(session)), case)


def shown_otherwise(**parts: Any) -> type[ReferenceBook]:
    """Return a book that shows some parts otherwise: a text, or what makes it of what is right."""

    class Other(ReferenceBook):
        def state(self) -> Mapping[str, Any]:
            right = super().state()
            made = {k: v(right) if callable(v) else v for k, v in parts.items()}
            return {**right, **made}

    return Other


def test_a_run_goes_on_behind_what_is_wrong() -> None:
    result = held(shown_otherwise(position="77"), UNIQUE)
    assert result.kind is Kind.FAIL
    assert len(result.told) == len(UNIQUE.steps)
    assert result.onsets[0].step == 1
    assert {one.promise for one in result.onsets[0].broken} == {"position-is-unique-fills"}


def test_what_only_differs_is_no_failure() -> None:
    """More in the exposure than can trade breaks no promise until all is quiet."""
    whole = BY_SLUG["duplicate-tid"]
    until_quiet = attrs.evolve(whole, steps=whole.steps[:-1])
    assert "quiet" in (whole.steps[-1].truth or {})
    more = shown_otherwise(exposure={"buy": "1000", "sell": "1000"})
    assert promises(held(more, whole)) == {"nothing-leaks"}
    result = held(more, until_quiet)
    assert result.kind is Kind.DIFFERS
    assert [one.promise for onset in result.onsets for one in onset.deviations].count("") > 0
    assert not any(onset.broken for onset in result.onsets)


def test_a_promise_that_is_broken_is_not_told_to_differ_too() -> None:
    result = held(shown_otherwise(position="77"), UNIQUE)
    for onset in result.onsets:
        places = [(one.part, one.about) for one in onset.deviations]
        assert len(set(places)) == len(places)


# A case that needs more than it requires


def test_a_case_ends_before_what_a_subject_does_not_claim() -> None:
    first = next(n for n, step in enumerate(UNIQUE.steps) if step.needs)
    assert UNIQUE.requires == ("core",)
    assert UNIQUE.steps[first].needs == "listing"
    few = held(ReferenceBook, UNIQUE, features=["core"])
    assert (few.kind, len(few.told)) == (Kind.PASS, first)
    every = held(ReferenceBook, UNIQUE)
    assert (every.kind, len(every.told)) == (Kind.PASS, len(UNIQUE.steps))


def test_what_lasts_once_quiet_is_judged_only_where_it_came_to_that() -> None:
    leaks = shown_otherwise(pending=lambda right: ["c9"])
    promises = [
        {one.promise for onset in held(leaks, UNIQUE, features=f).onsets for one in onset.broken}
        for f in (["core"], ["core", "listing"])
    ]
    assert promises == [set(), {"convergence"}]


def test_every_vector_needs_only_behind_what_it_is_about() -> None:
    later = [case for case in all_vectors() if any(step.needs for step in case.steps)]
    assert len(later) > 100
    for case in later:
        first = next(n for n, step in enumerate(case.steps) if step.needs)
        assert first > 0
        assert not {step.needs for step in case.steps} & set(case.requires), case.slug
        assert case.steps[-1].truth is not None
        assert "quiet" in case.steps[-1].truth, case.slug


# Where an order is looked for


class Nameless(ReferenceBook):
    """A book that shows orders once something of them has filled, and no others."""

    def state(self) -> Mapping[str, Any]:
        right = super().state()
        orders = {k: v for k, v in right["orders"].items() if Decimal(v["filled"])}
        return {"position": right["position"], "orders": orders}


def test_an_order_is_not_missed_where_its_state_is_never_shown() -> None:
    shows = ["position", "orders.filled"]
    kinds = {held(Nameless, case, shows=shows).kind for case in all_vectors()}
    assert kinds <= {Kind.PASS, Kind.DIFFERS, Kind.UNSUPPORTED}
    missed = held(Nameless, BY_SLUG["row-pending-answered-resting"], shows=["position", "orders"])
    assert promises(missed) == {"no-live-order-dropped"}


PARTS = (
    "position",
    "open",
    "pending",
    "exposure",
    "orders.filled",
    "orders.state",
    "effects.cancels",
)
CHANGED = [case for case in all_vectors() if "modify" in case.requires]


@pytest.mark.parametrize("part", PARTS)
def test_what_is_right_breaks_nothing_whatever_of_it_is_shown(part: str) -> None:
    for case in (*all_vectors()[::7], *CHANGED):
        result = held(ReferenceBook, case, shows=[part])
        assert result.kind in (Kind.PASS, Kind.UNSUPPORTED), case.slug


# Orphans, over a whole run

FOREIGN = BY_SLUG["without-orphan-cancel-marked-orphan-cancelled-once"]


class Lazy(ReferenceBook):
    """A book that asks for no cancel by itself."""

    def step(self, event: Event, at: int) -> Effects:
        return {**super().step(event, at), "cancels": []}


class Late(ReferenceBook):
    """A book that asks for each cancel of its own a step later."""

    waits: tuple[str, ...] = ()

    def step(self, event: Event, at: int) -> Effects:
        found = super().step(event, at)
        now, self.waits = self.waits, tuple(found["cancels"])
        return {**found, "cancels": now}


def promises(result: Result) -> set[str]:
    return {one.promise for onset in result.onsets for one in onset.broken}


@pytest.mark.parametrize(
    ("book", "broken", "kind"),
    [
        (ReferenceBook, set(), Kind.PASS),
        (Lazy, {"convergence"}, Kind.FAIL),
        (Late, set(), Kind.DIFFERS),
    ],
)
def test_an_orphan_is_asked_for_in_the_end(
    book: type[ReferenceBook], broken: set[str], kind: Kind
) -> None:
    result = held(book, FOREIGN)
    assert promises(result) == broken
    assert result.kind is kind


def test_what_is_not_quiet_yet_may_ask_later() -> None:
    asks = next(n for n, s in enumerate(FOREIGN.steps, 1) if s.expect["effects"]["cancels"])
    early = attrs.evolve(FOREIGN, steps=FOREIGN.steps[:asks])
    result = held(Lazy, early)
    assert (result.kind, promises(result)) == (Kind.DIFFERS, set())
    assert held(Lazy, FOREIGN, shows=["position", "open"]).kind is Kind.PASS


def test_a_subject_that_breaks_is_a_result() -> None:
    class Dying(ReferenceBook):
        def step(self, event: Event, at: int) -> Effects:
            raise KeyError("mine")

    result = held(Dying, UNIQUE)
    assert (result.kind, len(result.told), result.onsets) == (Kind.CRASH, 1, ())
    assert run_case(Client(lambda: Direct(reference())), UNIQUE).kind is Kind.PASS
