"""What a book and what stands around it are configured with is checked when they are made."""

import asyncio
import inspect
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import attrs
import pytest

import truebook.impl
from truebook.impl import BookConfig, UnifiedOrderBook
from truebook.impl.journal import journaled_book as store
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.impl.shadow import shadow_book as shadow
from truebook.impl.shadow.shadow_book import ShadowBook
from truebook.impl.sync import client
from truebook.impl.sync import safety_sync as sync
from truebook.impl.sync.config import SyncConfig
from truebook.impl.sync.safety_sync import SafetySync
from truebook.impl.views import metrics, queue
from truebook.impl.views.book_view import BookView
from truebook.impl.views.metrics import Metrics
from truebook.impl.views.queue import QueueTracker


class Client:
    async def open_orders(self) -> Any: ...

    async def position(self) -> Any: ...

    async def fills_since(self, time: int) -> Any: ...

    async def order_status(self, id: Any) -> Any: ...

    async def cancel(self, oid: Any) -> Any: ...


class HalfAClient:
    async def open_orders(self) -> Any: ...


BOOK = UnifiedOrderBook()


def synced(**options: Any) -> SafetySync:
    return SafetySync(
        **{"book": BOOK, "client": Client(), "clock": lambda: 0, "strangers": "cancel", **options}
    )


NO_CONFIGS: tuple[Any, ...] = ("x", {"now": 1}, 5, 0, "", False, [], BookConfig, SyncConfig())


@pytest.mark.parametrize("wrong", NO_CONFIGS, ids=repr)
def test_what_is_no_configuration_makes_no_book(wrong: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="config must be a BookConfig, not"):
        UnifiedOrderBook(wrong)
    with pytest.raises(TypeError, match="config must be a BookConfig, not"):
        JournaledBook(tmp_path / "book.journal", config=wrong)
    assert list(tmp_path.iterdir()) == []
    if not isinstance(wrong, SyncConfig):
        with pytest.raises(TypeError, match="config must be a SyncConfig, not"):
            synced(config=wrong)


@pytest.mark.parametrize("name", sorted(attrs.fields_dict(BookConfig)))
def test_every_field_of_a_book_s_configuration_is_checked(name: str) -> None:
    default = getattr(BookConfig(), name)
    texts = isinstance(default, str)
    for wrong in (
        [] if name == "cloid_seed" else None,
        1.5,
        1 if default is False else True,
        b"1",
        Decimal(5),
        [5],
        5 if texts else "5",
    ):
        with pytest.raises(TypeError, match=f"{name} must be"):
            BookConfig(**dict[str, Any]({name: wrong}))
    if type(default) is int or name == "cloid_seed":
        for beyond in (-1, 1 << 96, 10**5000):
            with pytest.raises(ValueError, match=f"{name} must be"):
                BookConfig(**dict[str, Any]({name: beyond}))


@pytest.mark.parametrize("name", sorted(attrs.fields_dict(SyncConfig)))
def test_every_field_of_a_sync_s_configuration_is_checked(name: str) -> None:
    default = getattr(SyncConfig(), name)
    for wrong in (None, "5", True, Decimal(5), 5j, 1.5 if isinstance(default, int) else [5]):
        with pytest.raises(TypeError, match=f"{name} must be"):
            SyncConfig(**dict[str, Any]({name: wrong}))
    beyond = [-1] if isinstance(default, int) else [-1, float("nan"), float("inf")]
    least = 0 if name in ("back_off", "fills_overlap") else 1
    if least:
        beyond.append(0)
    for value in beyond:
        with pytest.raises(ValueError, match=f"{name} must be"):
            SyncConfig(**dict[str, Any]({name: value}))
    assert getattr(SyncConfig(**dict[str, Any]({name: least})), name) == least


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: synced(book=None), TypeError, "book must be a UnifiedOrderBook"),
    (lambda: synced(book=UnifiedOrderBook), TypeError, "book must be a UnifiedOrderBook"),
    (lambda: synced(book=BookView(BOOK)), TypeError, "book must be a UnifiedOrderBook"),
    (lambda: synced(client=None), TypeError, "client must be a VenueClient"),
    (lambda: synced(client=Client), TypeError, "client must be a VenueClient"),
    (lambda: synced(client=HalfAClient()), TypeError, "client must be a VenueClient"),
    (lambda: synced(clock=5), TypeError, "clock must be a function, not 5"),
    (lambda: synced(clock=None), TypeError, "clock must be a function, not None"),
    (lambda: synced(since="0"), TypeError, "since must be an int, not '0'"),
    (lambda: synced(since=-1), ValueError, "since must be at least 0"),
    (lambda: synced(strangers=None), TypeError, "strangers must be a text, not None"),
    (lambda: synced(strangers="keep"), ValueError, "strangers must be one of cancel, leave"),
    (lambda: synced(strangers="leave"), ValueError, "say the same in both"),
    (lambda: BookConfig(strangers="keep"), ValueError, "strangers must be one of cancel, leave"),
    (lambda: synced(told=5), TypeError, "told must be a function or None, not 5"),
    (lambda: synced(report="x"), TypeError, "report must be a function or None"),
    (lambda: synced(sleep=1.0), TypeError, "sleep must be a function, not 1.0"),
    (lambda: ShadowBook(None), TypeError, "tracker must be a tracker, not None"),  # type: ignore[arg-type]
    (lambda: ShadowBook(UnifiedOrderBook), TypeError, "tracker must be a tracker, not <class"),  # type: ignore[arg-type]
    (lambda: ShadowBook(BOOK, "x"), TypeError, "reference must be a UnifiedOrderBook, not 'x'"),  # type: ignore[arg-type]
    (lambda: ShadowBook(BOOK, BookConfig()), TypeError, "reference must be a UnifiedOrderBook"),  # type: ignore[arg-type]
    (lambda: ShadowBook(BOOK, report=5), TypeError, "report must be a function or None"),  # type: ignore[arg-type]
    (lambda: ShadowBook(BOOK, history=1.5), TypeError, "history must be an int, not 1.5"),  # type: ignore[arg-type]
    (lambda: ShadowBook(BOOK, history=0), ValueError, "history must be at least 1"),
    (lambda: Metrics("x"), TypeError, "book must be a book, as UnifiedOrderBook"),  # type: ignore[arg-type]
    (lambda: Metrics(UnifiedOrderBook), TypeError, "book must be a book"),  # type: ignore[arg-type]
    (lambda: Metrics(BOOK, hour="1h"), TypeError, "hour must be an int, not '1h'"),  # type: ignore[arg-type]
    (lambda: Metrics(BOOK, hour=0), ValueError, "hour must be at least 1"),
    (lambda: QueueTracker(None), TypeError, "book must be a book"),  # type: ignore[arg-type]
    (lambda: QueueTracker(BookConfig()), TypeError, "book must be a book"),  # type: ignore[arg-type]
    (lambda: BookView({}), TypeError, r"book must be a book, .* not \{\}"),  # type: ignore[arg-type]
    (lambda: JournaledBook(5), TypeError, "int"),  # type: ignore[arg-type]
    (lambda: JournaledBook("x", snapshot_every="1"), TypeError, "snapshot_every must be an int"),  # type: ignore[arg-type]
    (lambda: JournaledBook("x", snapshot_every=True), TypeError, "snapshot_every must be an int"),
    (lambda: JournaledBook("x", snapshot_every=-1), ValueError, "must not be negative, but is -1"),
    (lambda: JournaledBook("x", durable="yes"), TypeError, "durable must be True or False"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("make", "error", "words"), WRONG)
def test_what_is_of_another_type_is_refused_when_it_is_given(
    make: Callable[[], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make()
    assert not Path("x").exists()


def test_what_stands_for_a_book_or_a_client_is_taken() -> None:
    assert synced(book=ShadowBook(BOOK), sleep=asyncio.sleep).clock() == 0
    assert Metrics(ShadowBook(BOOK)).book.now == 0  # type: ignore[arg-type]
    assert Metrics(BookView(BOOK)).hour == metrics.HOUR


# Numbers that could be taken for one another are told by their names


def public() -> list[type]:
    """Return the attrs classes that a user is given, or makes."""
    found = [getattr(truebook.impl, name) for name in truebook.impl.__all__]
    for module in (client, metrics, queue, shadow, store, sync):
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_"):
                found.append(value)
    classes = [one for one in found if inspect.isclass(one) and attrs.has(one)]
    return sorted(classes, key=lambda one: one.__name__)


def kind(field: Any) -> type | None:
    """Return of which kind a number is: of an amount, or a time or count."""
    of = field.type
    kinds = set(get_args(of) if isinstance(of, UnionType) else (of,)) - {type(None)}
    return next((one for one in (Decimal, int, float) if kinds == {one}), None)


@pytest.mark.parametrize("of", public(), ids=lambda of: of.__name__)
def test_no_value_has_two_numbers_of_one_kind_by_their_place(of: type) -> None:
    placed = [one for one in attrs.fields(of) if one.init and not one.kw_only]
    kinds = [found for found in map(kind, placed) if found is not None]
    assert len(kinds) == len(set(kinds))


def test_the_values_are_all_looked_at() -> None:
    names = {one.__name__ for one in public()}
    assert names >= {"FillResult", "Overfill", "ListedOrder", "VenueFill", "QueuePosition"}
    assert names >= {"PositionMismatch", "Rebased", "EarlyFill", "OrphanView", "Divergence"}
    assert kind(attrs.fields(truebook.impl.ListedOrder).price) is Decimal
    assert kind(attrs.fields(truebook.impl.Rebased).as_of) is int
    assert kind(attrs.fields(truebook.impl.ListedOrder).oid) is None


def test_a_number_without_its_name_is_refused() -> None:
    with pytest.raises(TypeError, match="positional"):
        truebook.impl.ListedOrder(1, "c", "buy", Decimal(5))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        truebook.impl.Rebased(Decimal(1), Decimal(2), 3)  # type: ignore[call-arg]
