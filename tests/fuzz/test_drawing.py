"""Stories are drawn from seeds: the same each time, fair to a book that is right, and shrunk."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from fuzz import drawing
from fuzz.drawing import TROUBLES
from fuzz.lies import KINDS
from fuzz.running import PROFILES, Plan, examine
from fuzz.shrinking import shrink, simpler_steps
from fuzz.stage import Stage
from fuzz.story import Found, Story, draw, tell
from fuzz.world import BrokenError, Setup, Step
from tests.fuzz import wrong_books as wrong
from truebook.impl import UnifiedOrderBook

ROOT = Path(__file__).resolve().parents[2]
FAIR = (
    "gone",
    "lost requests",
    "lost answers",
    "replays",
    "restarts",
    "journal",
    "lag",
    "ioc",
    "strangers",
    "begun",
)
"""Troubles in which the book is right."""


def found_in(seed: int) -> Found:
    found, _ = draw(seed, troubles=("fair",), make=wrong.CountsTwice)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(100, 116))
def test_a_right_book_breaks_nothing(seed: int) -> None:
    found, steps = draw(seed, troubles=FAIR)
    assert found is None, found.timeline
    assert steps >= 40


def test_a_story_is_told_again_as_it_was_drawn() -> None:
    found = found_in(3)
    again = tell(Story.from_json(found.story.to_json()), wrong.CountsTwice)
    assert again is not None
    assert again.timeline == found.timeline


def test_the_same_seed_gives_the_same_output_in_every_process() -> None:
    command = [sys.executable, "-m", "fuzz", "--seed", "2", "--only", "fees,busts", "--tries", "60"]
    texts = []
    for hashing in ("1", "2"):
        done = subprocess.run(
            command, cwd=ROOT, env={"PYTHONHASHSEED": hashing}, capture_output=True, check=False
        )
        assert done.stderr == b""
        texts.append(done.stdout)
    assert texts[0] == texts[1]


def has(step: Step, name: str, kind: str, word: str) -> bool:
    """Return whether a step is of this name, about this kind of request, with this option."""
    about = len(step) > 1 and str(step[1]).startswith(kind)
    return step[0] == name and about and isinstance(step[-1], dict) and word in step[-1]


SIGNS: dict[str, Callable[[Step, Setup], bool]] = {
    "refused modifies": lambda step, setup: has(step, "reach", "m", "refuse"),
    "gone": lambda step, setup: has(step, "reach", "m", "gone"),
    "lost requests": lambda step, setup: step[0] == "lose",
    "lost answers": lambda step, setup: step[0] == "silence",
    "replays": lambda step, setup: step[0] == "again",
    "restarts": lambda step, setup: step[0] == "restart",
    "journal": lambda step, setup: setup.journal,
    "new books": lambda step, setup: step[0] == "new book",
    "lag": lambda step, setup: step[0] == "list" and len(step) > 2,
    "cancels before answers": lambda step, setup: step[0] == "must cancel",
    "reused cloids": lambda step, setup: has(step, "place", "o", "again"),
    "chains": lambda step, setup: step[0] == "chain",
    "reduce only": lambda step, setup: has(step, "place", "o", "reduce"),
    "ioc": lambda step, setup: has(step, "place", "o", "tif"),
    "rounded": lambda step, setup: has(step, "reach", "o", "accepts"),
    "self trade": lambda step, setup: step[0] == "decrement",
    "in place": lambda step, setup: setup.in_place,
    "waiting": lambda step, setup: has(step, "place", "o", "waits"),
    "hand": lambda step, setup: step[0] == "hand",
    "strangers": lambda step, setup: step[0] == "stranger",
    "left": lambda step, setup: setup.strangers == "leave",
    "original": lambda step, setup: setup.original,
    "fees": lambda step, setup: step[0] == "trade" and len(step) > 4,
    "busts": lambda step, setup: step[0] == "bust",
    "begun": lambda step, setup: setup.begins != "",
    "book cloids": lambda step, setup: not setup.own_cloids,
    "forms": lambda step, setup: has(step, "hear", "", "texts"),
}


def comes(trouble: str, troubles: frozenset[str]) -> bool:
    """Return whether a trouble comes in any of some stories with these troubles."""
    for seed in range(20):
        dice = random.Random(seed)
        setup = drawing.setup(dice, troubles)
        drawer = drawing.Drawer(dice, Stage(attrs.evolve(setup, journal=False)), troubles)
        for _ in range(80):
            step = drawer.draw()
            if SIGNS[trouble](step, setup):
                return True
            try:
                drawer.world.do(step)
            except BrokenError:
                break
    return False


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_comes(trouble: str) -> None:
    assert comes(trouble, frozenset({trouble}))


def test_no_trouble_comes_where_none_is_drawn() -> None:
    for seed in range(3):
        dice = random.Random(seed)
        setup = drawing.setup(dice, frozenset())
        drawer = drawing.Drawer(dice, Stage(setup), frozenset())
        for _ in range(100):
            step = drawer.draw()
            assert not [trouble for trouble in TROUBLES if SIGNS[trouble](step, setup)], step
            drawer.world.do(step)


def test_a_story_shrinks_to_what_breaks_it() -> None:
    found = found_in(3)
    shortest = shrink(found, tries=400, make=wrong.CountsTwice)
    assert shortest.promise == found.promise
    assert len(shortest.story.steps) <= 5 < len(found.story.steps)
    for place in range(len(shortest.story.steps)):
        steps = shortest.story.steps[:place] + shortest.story.steps[place + 1 :]
        fewer = tell(Story(shortest.story.setup, steps), wrong.CountsTwice)
        assert fewer is None or fewer.promise != shortest.promise


def test_shrinking_stops_after_so_many_tries() -> None:
    found = found_in(3)
    assert shrink(found, tries=0, make=wrong.CountsTwice).story == found.story


def test_a_step_becomes_simpler() -> None:
    step = ["place", "o1", "buy", "99.5", "12.5", {"tif": "ioc"}]
    simpler = simpler_steps(step)
    assert ["place", "o1", "buy", "1", "12.5", {"tif": "ioc"}] in simpler
    assert step[:-1] in simpler
    assert ["wait", 1] in simpler_steps(["wait", 3_456])
    assert step not in simpler


def test_a_finding_has_all_that_tells_it_again() -> None:
    plan = Plan(profile="truthful", troubles=("lag",), tries=50, make=wrong.CountsTwice)
    finding = examine(plan, 3)
    assert finding is not None
    again = tell(Story.from_json(finding.text), wrong.CountsTwice)
    assert again is not None
    assert again.timeline == finding.timeline
    assert len(again.story.steps) == finding.steps
    assert examine(attrs.evolve(plan, make=UnifiedOrderBook), 3) is None


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_a_share_of_false_words(profile: str) -> None:
    shares = PROFILES[profile]
    assert all(0 <= share < 1 for share in shares)
    assert any(shares) == (profile != "truthful")


@pytest.mark.parametrize("kind", KINDS)
def test_every_false_word_is_drawn(kind: str) -> None:
    dice = random.Random(0)
    assert kind in {dice.choice(KINDS) for _ in range(400)}
