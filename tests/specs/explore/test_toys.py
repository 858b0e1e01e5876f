"""Both engines on small systems whose states are known by hand."""

from collections.abc import Callable, Sequence

import attrs
import pytest

from truebook.model.system import Action, Field, System
from truebook.specs.explore import columns, plain
from truebook.specs.explore.engine import Engine, Exploration, TooLargeError
from truebook.specs.properties.sentences import Check, Kind

engines = pytest.mark.parametrize("engine", [plain.explore, columns.explore], ids=["plain", "fast"])


@attrs.define
class Grid:
    x: int = 0
    y: int = 0


def right(grid: Grid) -> bool:
    if grid.x == 2:
        return False
    grid.x = grid.x + 1
    return True


def up(grid: Grid) -> bool:
    if grid.y == 2:
        return False
    grid.y = grid.y + 1
    return True


def home(grid: Grid) -> bool:
    if grid.x != 2 or grid.y != 2:
        return False
    grid.x = 0
    grid.y = 0
    return True


def note(grid: Grid) -> bool:
    """Come to something else the second time."""
    grid.y = 1 if grid.y == 0 else 2
    return True


RIGHT = Action("right", (right,), "one to the right")
UP = Action("up", (up,), "one up")
HOME = Action("home", (home,), "back from the far corner")
FIELDS = (Field("x", 3, "x"), Field("y", 3, "y"))


def grid(
    *actions: Action, settle: tuple[str, ...] = (), fields: tuple[Field, ...] = FIELDS
) -> System:
    return System("toy", fields, actions, Grid, settle)


def names(found: Exploration, check: int = 0) -> list[str]:
    return [step.action for step in found.violations[check].steps]


@engines
def test_counts_known_by_hand(engine: Engine) -> None:
    found = engine(grid(RIGHT, UP, HOME), ())
    assert (found.states, found.transitions, found.depth) == (9, 6 + 6 + 1, 4)
    assert found.fired == {"right", "up", "home"}
    assert found.moves == frozenset()
    assert found.violations == {}


@engines
def test_one_state(engine: Engine) -> None:
    found = engine(grid(HOME), (Check("toy", "", Kind.STATE, lambda w: w.x == 1),))
    assert (found.states, found.transitions, found.depth, found.fired) == (1, 0, 0, frozenset())
    assert names(found) == []


@engines
@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ((RIGHT, UP, HOME), ["right", "right", "up"]),
        ((UP, RIGHT, HOME), ["up", "right", "right"]),
        ((HOME, RIGHT, UP), ["right", "right", "up"]),
    ],
)
def test_of_all_shortest_traces_the_first_by_the_order_of_actions(
    engine: Engine, actions: tuple[Action, ...], expected: list[str]
) -> None:
    far = Check("toy", "x + y reaches 3", Kind.STATE, lambda w: w.x + w.y < 3)
    corner = Check("toy", "both are 2", Kind.STATE, lambda w: w.x != 2 or w.y != 2)
    found = engine(grid(*actions), (far, corner))
    by_x_first = expected == ["right", "right", "up"]
    assert names(found, 0) == (expected if by_x_first else ["up", "up", "right"])
    assert len(names(found, 1)) == 4


@engines
def test_a_trace_says_what_changed(engine: Engine) -> None:
    check = Check("toy", "", Kind.STATE, lambda w: w.x + w.y < 2)
    trace = engine(grid(UP, RIGHT), (check,)).violations[0]
    assert [step.words for step in trace.steps] == ["one up", "one up"]
    assert [(c.label, c.before, c.after) for c in trace.steps[1].changes] == [("y", "1", "2")]
    assert trace.after == ()


@engines
def test_a_check_of_a_step(engine: Engine) -> None:
    def never_back(before: Grid, after: Grid, action: Action) -> bool:
        return not after.x < before.x

    def not_up_first(before: Grid, after: Grid, action: Action) -> bool:
        return action.name != "up" or before.x != 0

    checks = [Check("toy", "", Kind.STEP, holds) for holds in (never_back, not_up_first)]
    found = engine(grid(RIGHT, UP, HOME), checks)
    assert names(found, 0) == ["right", "right", "up", "up", "home"]
    assert names(found, 1) == ["up"]


@engines
def test_a_check_of_the_settled_state(engine: Engine) -> None:
    """Once quiet, x is 2: only a y of 2 is not what it comes to from the first state."""
    check = Check("toy", "y is raised", Kind.SETTLED, lambda w: w.x == 2 and w.y == 0)
    trace = engine(grid(RIGHT, UP, settle=("right", "nobody")), (check,)).violations[0]
    assert [step.action for step in trace.steps] == ["up"]
    assert [(c.label, c.before, c.after) for c in trace.after] == [("x", "0", "2")]


def flip(grid: Grid) -> bool:
    grid.x = 1 - grid.x
    return True


FLIP = Action("flip", (flip,), "it flips")


@engines
def test_what_never_settles_breaks_every_check_of_the_settled_state(engine: Engine) -> None:
    checks = (
        Check("convergence", "anything goes", Kind.SETTLED, lambda w: True),
        Check("nothing-leaks", "anything goes", Kind.SETTLED, lambda w: True),
    )
    found = engine(grid(FLIP, UP, settle=("flip",)), checks)
    assert list(found.violations) == [0, 1]
    assert names(found) == []


def test_both_engines_say_the_same_of_what_never_settles() -> None:
    check = Check("nothing-leaks", "x is 1", Kind.SETTLED, lambda w: w.x == 0)
    system = grid(FLIP, UP, settle=("flip",))
    assert plain.explore(system, (check,)) == columns.explore(system, (check,))


@engines
def test_messages_that_do_not_commute(engine: Engine) -> None:
    def double(grid: Grid) -> bool:
        grid.x = min(2, grid.x + grid.x)
        return True

    twice = Action("double", (double,), "twice as far", message=True)
    checks = (
        Check("toy", "right, double", Kind.COMMUTE, actions=("right", "double")),
        Check("toy", "right, up", Kind.COMMUTE, actions=("right", "up")),
        Check("toy", "up, home", Kind.COMMUTE, actions=("up", "home")),
    )
    found = engine(grid(RIGHT, UP, HOME, twice), checks)
    assert list(found.violations) == [0]
    assert names(found) == []


@engines
def test_a_message_told_again(engine: Engine) -> None:
    """`wire` is put back before a message is told again; only the book is compared."""
    fields = (Field("x", 3, "x"), Field("y", 3, "y", book=True))

    def take(grid: Grid) -> bool:
        if grid.x == 0:
            return False
        grid.x = 0
        return True

    def take_and_note(grid: Grid) -> bool:
        return take(grid) and note(grid)

    actions = (
        RIGHT,
        Action("take", (take,), "it is taken", wire=("x",)),
        Action("lose", (take,), "it is taken, and is not on the wire"),
        Action("note", (take_and_note,), "it is taken and noted", wire=("x",)),
    )
    checks = [Check("toy", name, Kind.REPEAT, actions=(name,)) for name in ("take", "lose", "note")]
    found = engine(grid(*actions, fields=fields), checks)
    assert {n: names(found, n) for n in found.violations} == {1: ["right"], 2: ["right"]}


def over(grid: Grid) -> bool:
    grid.x = grid.x + 1
    return True


def under(grid: Grid) -> bool:
    grid.y = grid.y - 1
    return True


def far_off(grid: Grid) -> bool:
    grid.x = 1000
    return True


@engines
@pytest.mark.parametrize(
    ("part", "message"),
    [
        (over, r"'wrong' wrote 3 to x, whose values are 0 to 2"),
        (under, r"'wrong' wrote -1 to y, whose values are 0 to 2"),
        (far_off, r"'wrong' wrote 1000 to x, whose values are 0 to 2"),
    ],
)
def test_a_value_outside_its_field_is_refused(
    engine: Engine, part: Callable[[Grid], bool], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        engine(grid(RIGHT, UP, Action("wrong", (part,), "")), ())


@engines
def test_a_value_outside_its_field_is_refused_in_a_later_part(engine: Engine) -> None:
    with pytest.raises(ValueError, match="'wrong' wrote 3 to x"):
        engine(grid(Action("wrong", (note, over), "")), ())


@engines
def test_a_first_state_outside_its_field_is_refused(engine: Engine) -> None:
    system = attrs.evolve(grid(RIGHT), create=lambda: Grid(x=3))
    with pytest.raises(ValueError, match="'the first state' wrote 3 to x"):
        engine(system, ())


@engines
def test_a_field_of_one_value_holds_it(engine: Engine) -> None:
    fields = (Field("x", 3, "x"), Field("y", 1, "y"))
    assert engine(grid(RIGHT, fields=fields), ()).states == 3
    with pytest.raises(ValueError, match="'up' wrote 1 to y, whose values are 0 to 0"):
        engine(grid(RIGHT, UP, fields=fields), ())


@engines
def test_a_world_of_one_field(engine: Engine) -> None:
    assert engine(grid(RIGHT, fields=(Field("x", 3, "x"),)), ()).states == 3


@engines
def test_more_states_than_the_limit(engine: Engine) -> None:
    assert engine(grid(RIGHT, UP, HOME), (), limit=9).states == 9
    with pytest.raises(TooLargeError, match="more than 8 states"):
        engine(grid(RIGHT, UP, HOME), (), limit=8)


@engines
def test_progress_is_told(engine: Engine) -> None:
    told: list[tuple[int, int, int]] = []
    engine(grid(RIGHT, UP, HOME), (), progress=lambda *counts: told.append(counts))
    assert told == [(1, 0, 1), (3, 1, 2), (6, 2, 3), (8, 3, 2), (9, 4, 1)]


@attrs.define
class Book:
    book_a: Grid = attrs.field(factory=Grid)
    book_b: Grid = attrs.field(factory=Grid)


@engines
def test_moves_are_the_changes_of_watched_fields(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (plain, columns):
        monkeypatch.setattr(module, "WATCHED", ("book_a.x", "book_b.x"))
    fields = tuple(Field(f"book_{leg}.{name}", 3, name) for leg in "ab" for name in "xy")
    actions = (
        Action("right", (lambda book: right(book.book_b),), ""),
        Action("both up", (lambda book: up(book.book_a) and up(book.book_b),), ""),
        Action("home", (lambda book: home(book.book_b),), ""),
    )
    found = engine(System("toy", fields, actions, Book, ()), ())
    assert found.moves == {("right", 1, 0, 1), ("right", 1, 1, 2), ("home", 1, 2, 0)}


def settled_slowly(length: int) -> tuple[System, Sequence[Check]]:
    """Return a walk that takes `length` quiet rounds to come to its end."""

    def walk(grid: Grid) -> bool:
        if grid.x == length:
            return False
        grid.x = grid.x + 1
        return True

    fields = (Field("x", length + 1, "x"), Field("y", 3, "y"))
    system = grid(Action("walk", (walk,), ""), UP, settle=("walk",), fields=fields)
    return system, (Check("convergence", "at the end", Kind.SETTLED, lambda w: w.x == length),)


@engines
@pytest.mark.parametrize("length", [1, 2, 7, 8, 100])
def test_what_settles_slowly_still_converges(engine: Engine, length: int) -> None:
    system, checks = settled_slowly(length)
    found = engine(system, checks)
    assert (found.states, found.violations) == ((length + 1) * 3, {})


@engines
def test_sums_that_no_field_could_hold(engine: Engine) -> None:
    fields = (Field("x", 120, "x"), Field("y", 120, "y"))

    def jump(grid: Grid) -> bool:
        if grid.x != 0:
            return False
        grid.x = 100
        grid.y = 100
        return True

    check = Check("toy", "together below 150", Kind.STATE, lambda w: w.x + w.y < 150)
    found = engine(grid(Action("jump", (jump,), ""), fields=fields), (check,))
    assert names(found) == ["jump"]


@engines
def test_comparisons_count(engine: Engine) -> None:
    def count(grid: Grid) -> bool:
        if grid.x != 0:
            return False
        grid.x = (grid.x < 1) + (grid.y < 1)
        return True

    check = Check("toy", "x is not 2", Kind.STATE, lambda w: w.x != 2)
    assert names(engine(grid(Action("count", (count,), "")), (check,))) == ["count"]
