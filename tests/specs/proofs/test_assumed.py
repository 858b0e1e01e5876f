"""Which assumptions the proofs of a property make, and that the page has the table of them."""

from pathlib import Path

import pytest

from truebook.specs.proofs.jobs import WORLDS, jobs_for
from truebook.specs.proofs.verdicts import assumed
from truebook.specs.properties import ASSUMPTIONS, PROPERTY_NAMES, SETTLED

PAGE = Path(__file__).parents[3] / "docs" / "model.md"
NAMES = [one.name for one in ASSUMPTIONS]


def of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    jobs = [job for job in jobs_for("reference") if job.world in WORLDS and job.opinion is None]
    return assumed({job.world: job.assumptions for job in jobs if name in job.speaks_of})


def table() -> list[str]:
    lines = [f"| property | {' | '.join(f'`{name}`' for name in NAMES)} |"]
    lines.append("|" + "---|" * (len(NAMES) + 1))
    for name in PROPERTY_NAMES:
        if name not in SETTLED:
            needed, more = of(name)
            cells = (" x" if one in needed else " m" if one in more else "" for one in NAMES)
            lines.append(f"| `{name}` |" + "".join(f"{cell} |" for cell in cells))
    return lines


def test_no_false_orphan_assumes_nothing() -> None:
    needed, of_a_modify = of("no-false-orphan")
    assert needed == ()
    assert of_a_modify == ("expiry", "lag", "listing-timeout")


def test_the_page_has_the_table_of_what_is_assumed() -> None:
    shown = PAGE.read_text().split("<!-- assumed -->")[1].split("<!-- end of assumed -->")[0]
    assert shown.split("\n")[1:-1] == table()


@pytest.mark.parametrize(
    ("worlds", "needed", "more"),
    [
        ({"order": ("a", "b"), "any delay": ("a",)}, ("a",), ()),
        ({"order": ("a", "b")}, ("a", "b"), ()),
        ({"order": ("b",), "any delay": ("a",), "lies": ()}, (), ("a",)),
        ({"any delay": ("a", "b"), "lies": (), "fills": ("b",)}, ("b",), ("a",)),
        ({"foreign": ("a",), "foreign lies": ()}, (), ()),
        ({"foreign": ("a",), "lies": ()}, ("a",), ()),
    ],
)
def test_a_world_is_left_out_where_another_has_all_of_its_runs(
    worlds: dict[str, tuple[str, ...]], needed: tuple[str, ...], more: tuple[str, ...]
) -> None:
    assert assumed(worlds) == (needed, more)
