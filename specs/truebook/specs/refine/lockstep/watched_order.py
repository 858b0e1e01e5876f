"""An order in lockstep that is watched: what can happen to it, and whether its properties hold."""

from typing import Any

from truebook.model import tracker
from truebook.model.foreign import ForeignWorld
from truebook.model.system import Action, place_of
from truebook.model.world import World
from truebook.specs.properties import Check, Kind
from truebook.specs.refine.lockstep.orders import Member


class Watched:
    """An order in lockstep, and copies of its world: as it was a step ago, and to try things on."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self._actions = member.actions
        self._of_states, self._of_steps, self._of_quiet = (
            [check for check in self._actions.checks if check.kind is kind]
            for kind in (Kind.STATE, Kind.STEP, Kind.SETTLED)
        )
        self._before, self._trial = _alike(member.world), _alike(member.world)
        self._remembering = self._places(self._before)
        self._trying = self._places(self._trial)
        self.remember()

    def possible(self) -> list[Action]:
        """Return what can happen to the order by itself, as the model has it."""
        found = []
        _copy(self._trying)
        for action in self._actions.own.values():
            if action.run(self._trial):
                found.append(action)
                _copy(self._trying)
        return found

    def broken(self, action: Action | None) -> list[Check]:
        """Return what its world breaks, or the step that was just taken."""
        world, before = self.member.world, self._before
        broken = [check for check in self._of_states if not check.holds(world)]
        if action is not None:
            broken += [c for c in self._of_steps if not c.holds(before, world, action)]
        return broken

    def broken_once_quiet(self) -> list[Check]:
        """Return what its world breaks of what must hold once the environment is quiet."""
        return [check for check in self._of_quiet if not check.holds(self.member.world)]

    def remember(self) -> None:
        """Take the world as it is now for the one before the next step."""
        _copy(self._remembering)

    def _places(self, to: Any) -> list[tuple[Any, Any, str]]:
        """Return where each value of the world is, and where it goes in a copy."""
        found = []
        for field in self._actions.system.fields:
            owner, name = place_of(self.member.world, field.path)
            found.append((owner, place_of(to, field.path)[0], name))
        return found


def _copy(places: list[tuple[Any, Any, str]]) -> None:
    for owner, other, name in places:
        setattr(other, name, getattr(owner, name))


def _alike(world: World | ForeignWorld) -> Any:
    """Return another world of the same bounds, whose messages go to no book."""
    if isinstance(world, World):
        return World(bounds=world.bounds, keeps=world.keeps, tracker=tracker)
    return ForeignWorld(bounds=world.bounds, keeps=world.keeps)
