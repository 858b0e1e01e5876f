"""A belief is judged as of its moment: what the wire may still owe is nobody's fault."""

from decimal import Decimal

import attrs
import pytest

from chaos_market import exchange_of
from truebook.venue.engine import Asked, Condition, Exchange, Order, Tif
from truebook.venue.verdict import Judge, Promise, belief_of

BOT, OTHER = "0xa", "0xb"
LAG = 1_000
CLOID = "0x" + "ab" * 16


class Scene:
    """A venue in which the bot trades with another, and its judge."""

    def __init__(self) -> None:
        self.exchange: Exchange = exchange_of()
        steps = {"ETH": Decimal("0.0001")}
        self.judge = Judge(self.exchange.account(BOT), LAG, "at {}:".format, steps)

    def place(self, now: int, size: str = "1", *, user: str = BOT, buys: bool = True) -> Order:
        asked = Asked(
            coin="ETH",
            is_buy=buys,
            price=Decimal(3000),
            size=Decimal(size),
            tif=Tif.GTC,
            cloid=CLOID if user == BOT else None,
        )
        order = self.exchange.place(user, asked, now)
        assert isinstance(order, Order)
        return order

    def fill(self, now: int, size: str, *, buys: bool = True) -> None:
        self.place(now, size, buys=buys)
        self.place(now, size, user=OTHER, buys=not buys)

    def cancel(self, order: Order, now: int) -> None:
        self.exchange.cancel(BOT, "ETH", order.oid, now)

    def hold(self, now: int, position: str) -> set[Promise]:
        self.judge.hear(belief_of(f'{{"position": {{"ETH": "{position}"}}}}', now))
        return set(self.judge.found)

    def know(self, now: int, *names: object) -> set[Promise]:
        said = ", ".join(f'"{name}"' for name in names)
        self.judge.hear(belief_of(f'{{"open": [{said}]}}', now))
        return set(self.judge.found)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_fills_may_be_known_later_and_out_of_their_order(scene: Scene) -> None:
    scene.fill(100, "0.1")
    scene.fill(200, "0.7", buys=False)
    for position in ("0", "0.1", "-0.7", "-0.6"):
        assert scene.hold(1_000, position) == set()
    assert scene.hold(1_150, "-0.6") == set()


def test_a_fill_that_stays_unknown_is_found_once_its_time_is_up(scene: Scene) -> None:
    scene.fill(100, "0.1")
    scene.fill(2_000, "0.2")
    assert scene.hold(1_100, "0") == set()
    assert scene.hold(2_100, "0.2") == {Promise.POSITION}
    assert scene.judge.found[Promise.POSITION].words.startswith("at 2100: it believed its position")


def test_a_fill_that_is_counted_twice_for_a_moment_is_found(scene: Scene) -> None:
    scene.fill(100, "0.1")
    assert scene.hold(110, "0.1") == set()
    assert scene.hold(120, "0.2") == {Promise.TWICE}
    assert scene.hold(130, "0.1") == {Promise.TWICE}


def test_a_fill_counted_twice_among_others_is_no_sum_of_fills(scene: Scene) -> None:
    for now, size in ((100, "0.1"), (110, "0.5"), (120, "0.25")):
        scene.fill(now, size)
    assert scene.hold(130, "0.75") == set()
    assert scene.hold(140, "0.7") == {Promise.POSITION}


def test_what_is_said_stands_until_something_else_is_said(scene: Scene) -> None:
    assert scene.hold(50, "0") == set()
    scene.fill(100, "0.1")
    assert scene.hold(1_200, "0.1") == {Promise.POSITION}


def test_an_order_that_ends_may_be_thought_open_for_a_while(scene: Scene) -> None:
    order = scene.place(100)
    assert scene.know(200, order.oid) == set()
    scene.cancel(order, 300)
    assert scene.know(1_300, order.oid) == set()
    assert scene.know(1_301, order.oid) == {Promise.OPEN}


def test_an_order_that_is_on_its_way_may_be_thought_open(scene: Scene) -> None:
    assert scene.know(100, CLOID) == set()
    assert scene.know(1_100, CLOID.upper().replace("X", "x")) == set()
    assert scene.know(1_101, CLOID) == {Promise.OPEN}
    assert "never was" in scene.judge.found[Promise.OPEN].words


def test_an_order_is_to_be_known_once_its_time_is_up(scene: Scene) -> None:
    order = scene.place(100)
    assert scene.know(1_100) == set()
    assert scene.know(1_101) == {Promise.DROPPED}
    assert str(order.oid) in scene.judge.found[Promise.DROPPED].words


def test_an_order_may_be_lost_sight_of_for_a_while_alone(scene: Scene) -> None:
    scene.place(100)
    assert scene.know(900, CLOID) == set()
    assert scene.know(2_000) == set(), "it knew of it until now"
    assert scene.know(2_900, CLOID) == set()
    assert scene.know(4_000) == set()
    assert scene.know(5_001) == {Promise.DROPPED}


def test_at_the_end_there_is_less_time(scene: Scene) -> None:
    scene.fill(100, "0.1")
    assert scene.hold(150, "0") == set()
    scene.judge.judge(200, 100)
    assert scene.judge.found == {}
    scene.judge.judge(201, 100)
    assert set(scene.judge.found) == {Promise.POSITION}


@pytest.mark.parametrize(
    ("position", "broken"),
    [
        ("0.30000000000000004", set()),
        ("0.29999999999999999", set()),
        ("0.3001", {Promise.TWICE}),
        ("1e90", {Promise.TWICE}),
    ],
)
def test_who_sums_up_in_floats_is_off_by_less_than_a_step(
    scene: Scene, position: str, broken: set[Promise]
) -> None:
    scene.fill(100, "0.1")
    scene.fill(110, "0.2")
    assert scene.hold(5_000, position) == broken


def test_an_order_that_waits_for_its_parent_may_be_open_or_not(scene: Scene) -> None:
    parent = Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal(1), cloid=CLOID)
    stop = Condition(Decimal(2800), takes_profit=False, is_market=True)
    child = attrs.evolve(
        parent, is_buy=False, price=Decimal(2700), reduce_only=True, condition=stop, cloid=None
    )
    placed = scene.exchange.place_with_children(BOT, parent, [child], 100)
    oids = [one.oid for one in placed if isinstance(one, Order)]
    assert len(oids) == 2
    assert scene.know(5_000, *oids) == set()
    assert scene.know(10_000, oids[0]) == set()
    assert scene.know(20_000, *oids) == set()
    assert scene.know(30_000, oids[1]) == set()  # the first was known until now
    assert scene.know(40_000, oids[1]) == {Promise.DROPPED}
