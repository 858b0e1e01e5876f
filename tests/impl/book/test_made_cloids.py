"""The cloids that the book makes: by chance, so that no other book makes them, or by a seed."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import SECOND, BookConfig, ListedOrder, Listing, UnifiedOrderBook
from truebook.impl.journal.journaled_book import JournaledBook, calls_of, load


def make(book: UnifiedOrderBook, count: int = 1) -> list[str]:
    return [book.register_pending("buy", 100, 1) for _ in range(count)]


def test_no_two_books_make_the_same() -> None:
    made = [cloid for _ in range(50) for cloid in make(UnifiedOrderBook(), 20)]
    assert len(set(made)) == len(made)
    assert all(len(cloid) == 34 and int(cloid, 16) >= 0 for cloid in made)


def test_nor_do_a_book_and_what_was_saved_of_it() -> None:
    """A call that was lost after a loss of power is made again with another cloid."""
    book = UnifiedOrderBook()
    before = make(book, 3)
    saved = book.to_json()
    lost = make(book, 20)
    made = make(UnifiedOrderBook.from_json(saved), 20) + make(UnifiedOrderBook.from_json(saved), 20)
    assert len({*before, *lost, *made}) == 63
    assert {cloid[:18] for cloid in (*before, *lost, *made)} == {before[0][:18]}


@given(st.integers(0, (1 << 64) - 1), st.integers(1, 9))
def test_a_seed_makes_a_run_again(seed: int, count: int) -> None:
    one, other = (UnifiedOrderBook(BookConfig(cloid_seed=seed)) for _ in range(2))
    made = make(one, count)
    assert make(other, count) == made
    assert made == [f"0x{seed:016x}{number:016x}" for number in range(1, count + 1)]
    again = UnifiedOrderBook.from_json(one.to_json())
    assert make(again) == make(one)


@given(st.integers(), st.integers(1, 9))
def test_a_source_of_random_bits_makes_a_run_again(seed: int, count: int) -> None:
    one, other = (UnifiedOrderBook(randbits=Random(seed).getrandbits) for _ in range(2))
    assert make(one, count) == make(other, count)
    assert make(one.copy()) == make(other.copy())
    assert one == other


@pytest.mark.parametrize("wrong", [-1, 1 << 64, None, 0.5, True])
def test_a_source_of_anything_else_is_refused(wrong: Any) -> None:
    book = UnifiedOrderBook(randbits=lambda bits: wrong)
    before = book.to_json()
    with pytest.raises((TypeError, ValueError), match="randbits"):
        make(book)
    assert book.to_json() == before


def listing(book: UnifiedOrderBook, cloid: str) -> Any:
    row = ListedOrder(7, cloid, "buy", price=100, remaining=1, size=1)
    return book.reconcile(Listing((row,), book.listing_requested()))


@given(st.sampled_from([None, 0, 77]))
def test_its_own_stay_its_own_however_long_forgotten(seed: int | None) -> None:
    book = UnifiedOrderBook(BookConfig(cloid_seed=seed, max_forgotten_cloids=1))
    first, *others = make(book, 4)
    for cloid in (first, *others):
        book.order_rejected(cloid)
    book.tick(200 * SECOND)
    for again in (book.copy(), UnifiedOrderBook.from_json(book.to_json())):
        assert again.get_order(first) is None
        assert listing(again, first).recovered == (7,)
    assert listing(UnifiedOrderBook(), first).orphans == (7,)


@pytest.mark.parametrize("snapshot", [False, True])
@pytest.mark.parametrize("seed", [None, 5])
def test_a_journal_has_every_cloid_that_was_made(
    snapshot: bool, seed: int | None, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    book = JournaledBook(path, BookConfig(cloid_seed=seed))
    with pytest.raises(TypeError):
        book.register_pending("buy", 0.5, 1)  # type: ignore[arg-type]
    made = make(book, 3)
    told = book.to_json()
    if snapshot:
        book.snapshot()
    book.close()
    assert [call.arguments["cloid"] for _, call in calls_of(path)][-3:] == made
    plain, _ = load(path)
    assert plain.to_json() == told
    with JournaledBook(path, BookConfig(cloid_seed=seed)) as again:
        more = make(again, 3)
        assert len({*made, *more}) == 6
        assert {cloid[:18] for cloid in more} == {made[0][:18]}
        assert again.to_json() == load(path)[0].to_json()


def test_a_journal_of_a_seed_is_opened_without_naming_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    JournaledBook(path, BookConfig(cloid_seed=5)).close()
    with JournaledBook(path, BookConfig()) as book:
        assert make(book) == ["0x00000000000000050000000000000001"]


def test_a_source_is_used_by_a_journaled_book(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        with JournaledBook(tmp_path / name, randbits=Random(3).getrandbits) as book:
            made.append(make(book, 3))
    assert made[0] == made[1]
