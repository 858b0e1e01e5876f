"""Several orders together: what is shared happens to all, what is not to one."""

from functools import partial

import attrs
import pytest

from truebook.model.composition import Together, composition, rows_of
from truebook.model.system import Action, Field, System


@attrs.define
class Light:
    on: int = 0
    age: int = 0


def switch(light: Light) -> bool:
    if light.on == 1:
        return False
    light.on = 1
    return True


def tick(light: Light, cap: int) -> bool:
    return light.age < cap


def grow(light: Light) -> bool:
    light.age = light.age + 1
    return True


def lamp(cap: int, *shared: str) -> System:
    """Return a light that is switched on once, and ages as often as `cap`."""
    more = tuple(Action(name, (switch,), name, shared=True) for name in shared)
    return System(
        name="lamp",
        fields=(Field("on", 2, "on"), Field("age", cap + 1, "age")),
        actions=(
            Action("switch", (switch,), "it is switched on", message=True, wire=("on",)),
            *more,
            Action("tick", (partial(tick, cap=cap), grow), "a tick passes", shared=True),
        ),
        create=Light,
        settle=("switch", "tick"),
    )


def run(system: System, *names: str) -> list[bool]:
    actions = {action.name: action for action in system.actions}
    world = system.create()
    return [actions[name].run(world) for name in names]


def test_names_say_whose_they_are() -> None:
    both = composition([lamp(1), lamp(2)])
    assert both.name == "lamp and lamp"
    assert [action.name for action in both.actions] == ["1.switch", "2.switch", "tick"]
    assert [field.path for field in both.fields] == ["o0.on", "o0.age", "o1.on", "o1.age"]
    assert [field.label for field in both.fields][2:] == ["order 2: on", "order 2: age"]
    assert both.actions[1].words == "order 2: it is switched on"
    assert both.actions[1].wire == ("o1.on",)
    assert both.settle[:2] == ("1.switch", "2.switch")


def test_an_order_acts_alone() -> None:
    both = composition([lamp(1), lamp(1)])
    world = both.create()
    assert both.actions[1].run(world)
    assert isinstance(world, Together)
    assert world.o1 == Light(on=1)  # type: ignore[attr-defined]
    assert world.o0 == Light()  # type: ignore[attr-defined]


def test_what_is_shared_happens_to_all_or_to_none() -> None:
    assert run(composition([lamp(2), lamp(2)]), "tick", "tick", "tick") == [True, True, False]
    both = composition([lamp(1), lamp(2)])
    world = both.create()
    tick_both = both.actions[-1]
    assert [tick_both.run(world), tick_both.run(world)] == [True, False]
    assert (world.o0.age, world.o1.age) == (1, 1)


def test_what_one_order_lacks_happens_to_the_others() -> None:
    both = composition([lamp(1), lamp(1, "flash")])
    assert run(both, "flash", "2.switch", "1.switch") == [True, False, True]
    assert list(rows_of(both.orders)) == [(0, None), (None, 0), (1, 2), (None, 1)]
    shared = [action.name for action in both.actions if action.shared]
    assert shared == ["tick", "flash"]


def test_a_composition_needs_an_order() -> None:
    with pytest.raises(ValueError, match="at least one order"):
        composition([])
