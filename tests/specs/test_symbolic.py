"""The symbolic run: a tree's leaves say what the function does, in every state."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import attrs
import pytest

from truebook.model.system import Field
from truebook.specs.symbolic import Leaf, Term, Tree, possible

FIELDS = (Field("x", 4, "x"), Field("y", 3, "y"), Field("z", 2, "z"))


@attrs.define
class Box:
    x: int = 0
    y: int = 0
    z: int = 0


def tree(function: Callable[..., Any], worlds: int = 1) -> Tree:
    return Tree((FIELDS,) * worlds, lambda: tuple(Box() for _ in range(worlds)), function)


def leaf_of(of: Tree, state: Sequence[int]) -> Leaf:
    """Go down the tree as the values of a state say."""
    node = of.root
    while not isinstance(node, Leaf):
        node = of.side(node, bool(node.condition.value(state.__getitem__)))
    return node


def by_tree(of: Tree, state: Sequence[int]) -> tuple[bool, list[int]]:
    leaf = leaf_of(of, state)
    after = list(state)
    for field, value in leaf.writes:
        after[field] = value.value(state.__getitem__) if isinstance(value, Term) else value
    return bool(leaf.returned), after


def by_hand(function: Callable[..., Any], state: Sequence[int]) -> tuple[bool, list[int]]:
    boxes = [Box(*state[at : at + 3]) for at in range(0, len(state), 3)]
    returned = bool(function(*boxes))
    return returned, [value for box in boxes for value in attrs.astuple(box)]


def writes(of: Tree) -> list[tuple[Any, dict[int, str]]]:
    return [(leaf.returned, {f: str(value) for f, value in leaf.writes}) for leaf in of.leaves()]


def climb(box: Box) -> bool:
    if box.x == 3:
        return False
    box.x = box.x + 1
    if box.z:
        box.y = 2
    return True


def test_the_leaves_of_a_small_function() -> None:
    found = writes(tree(climb))
    plus_one = "add(field(0), 1)"
    assert found == [(False, {}), (True, {0: plus_one, 1: "2"}), (True, {0: plus_one})]


def test_what_is_known_on_a_path() -> None:
    stays, up_with_z, up_without = tree(climb).leaves()
    assert stays.known == ((3,), (0, 1, 2), (0, 1))
    assert up_with_z.known == ((0, 1, 2), (0, 1, 2), (1,))
    assert up_without.known == ((0, 1, 2), (0, 1, 2), (0,))


def test_a_value_that_is_already_there_is_no_write() -> None:
    def again(box: Box) -> bool:
        if box.x == 2:
            box.x = 2
            box.y = box.y
        return True

    assert writes(tree(again)) == [(True, {}), (True, {})]


def test_a_branch_that_no_state_takes_is_never_run() -> None:
    def careful(box: Box) -> bool:
        if box.x == 1 and box.x + box.y == 0:
            raise AssertionError("x is 1")
        if box.x > 3 or box.y - box.x > 2:
            raise AssertionError("beyond the fields")
        if box.x < 2:
            return not box.x < 2
        return box.x in (2, 3)

    assert [leaf.returned for leaf in tree(careful).leaves()] == [False, False, True, True]


def test_a_tree_grows_where_it_is_looked_at() -> None:
    runs = []

    def many(box: Box) -> bool:
        runs.append(1)
        for value in range(4):
            if box.x == value:
                return value == 0
        return False

    of = tree(many)
    assert leaf_of(of, (0, 0, 0)).returned is True
    assert len(runs) == 1
    assert leaf_of(of, (2, 0, 0)).returned is False
    grown = len(runs)
    assert leaf_of(of, (2, 2, 1)).returned is False
    assert len(runs) == grown
    assert len(list(of.leaves())) == 4


def test_two_worlds() -> None:
    def grew(before: Box, after: Box) -> bool:
        return before.x < after.x

    of = tree(grew, worlds=2)
    for state in product(range(4), (0,), (0,), range(4), (0,), (0,)):
        assert by_tree(of, state) == by_hand(grew, state)


def test_a_field_of_one_value_is_a_number() -> None:
    @attrs.define
    class One:
        x: int = 0

    def of_numbers(one: One) -> bool:
        return type(one.x) is int

    (leaf,) = Tree(((Field("x", 1, "x"),),), lambda: (One(),), of_numbers).leaves()
    assert leaf.returned is True


@pytest.mark.parametrize("function", [lambda box: int(box.x), lambda box: [1, 2][box.x]])
def test_a_term_is_no_number(function: Callable[[Box], int]) -> None:
    with pytest.raises(TypeError):
        _ = tree(function).root


def test_a_term_is_no_key() -> None:
    with pytest.raises(KeyError):
        _ = tree(lambda box: {0: False, 1: True}[box.z]).root


def test_a_condition_over_too_much_to_look_through_still_forks() -> None:
    fields = tuple(Field(f"f{n}", 20, "") for n in range(4))

    class Wide:
        f0 = f1 = f2 = f3 = 0

    def low(wide: Wide) -> bool:
        return wide.f0 + wide.f1 + wide.f2 + wide.f3 < 100

    of = Tree((fields,), lambda: (Wide(),), low)
    assert sorted(leaf.returned for leaf in of.leaves()) == [False, True]
    assert all(leaf.known == (tuple(range(20)),) * 4 for leaf in of.leaves())


def test_the_possible_values_of_a_term() -> None:
    def move(box: Box) -> bool:
        if box.x < 2:
            box.y = box.x + box.z
        return True

    moved, _ = tree(move).leaves()
    ((_, value),) = moved.writes
    assert possible(value, moved.known) == range(3)
    assert possible(7, moved.known) == range(7, 8)
