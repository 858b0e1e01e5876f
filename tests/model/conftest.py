"""What the tests of the model share: a world after some named actions."""

from collections.abc import Callable

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import Design
from truebook.model.own import own_order
from truebook.model.system import System
from truebook.model.world import World


def _run(system: System, story: str) -> object:
    actions = {action.name: action for action in system.actions}
    world = system.create()
    for name in story.split():
        assert actions[name].run(world), f"{name!r} is not possible there"
    return world


def _after(design: Design, bounds: Bounds, story: str) -> World:
    world = _run(own_order(design, bounds), story)
    assert isinstance(world, World)
    return world


@pytest.fixture
def run() -> Callable[[System, str], object]:
    """Run named actions of a system, each of which must be possible, and return its world."""
    return _run


@pytest.fixture
def after() -> Callable[[Design, Bounds, str], World]:
    """Return the world of one order after named actions, each of which must be possible."""
    return _after
