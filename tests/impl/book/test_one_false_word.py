"""One false word of each kind, at any moment of an order's life; then the venue tells the truth."""

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from lying_venue import FALSE, LAG, TRUE, LyingVenue, can_be_false
from truebook.impl import SECOND

WAITS = (1, 9, 11, 40, 130)
steps = st.lists(st.sampled_from(sorted(TRUE)) | st.sampled_from(WAITS), max_size=12)
rests = steps.map(lambda more: ["answer", 11, *more[:4]])
rounds = st.lists(st.integers(11, 60), min_size=4, max_size=8)


def live(venue: LyingVenue, life: list[str | int]) -> None:
    for step in life:
        if isinstance(step, int):
            venue.wait(step)
        else:
            TRUE[step](venue)


def assert_it_bounds(venue: LyingVenue) -> None:
    truth = sum(venue.executed.values()) + venue.remaining
    book = venue.book
    assert book.position == sum(venue.executed.values())
    assert book.position + book.pending_exposure("buy") + book.unsettled("buy") >= truth


def assert_it_shows_the_truth(venue: LyingVenue) -> None:
    assert venue.book.get_active_oids() == (frozenset({venue.oid}) if venue.open else frozenset())
    assert venue.book.pending_exposure("buy") == venue.remaining
    assert venue.book.pending_count == 0


@settings(max_examples=250)
@given(word=st.sampled_from(sorted(FALSE)), made=st.booleans(), data=st.data())
def test_one_false_word_at_any_moment(word: str, made: bool, data: st.DataObject) -> None:
    venue = LyingVenue(made)
    live(venue, data.draw(steps if word == "refused" else steps | rests, "its life before"))
    assume(can_be_false(venue, word))
    venue.heard()
    FALSE[word](venue)
    hidden = venue.open and venue.book.pending_exposure("buy") == 0
    live(venue, data.draw(st.lists(st.sampled_from(WAITS), max_size=2), "how long it stands"))
    if not venue.modifying:
        live(venue, data.draw(st.sampled_from([[], ["fill"], ["end"]]), "meanwhile"))
    else:
        venue.refuse_modify()
    venue.wait(51)
    for pause in data.draw(rounds, "true rounds"):
        venue.wait(pause)
        venue.listing()
        assert_it_bounds(venue)
    assert_it_shows_the_truth(venue)
    assert venue.asked == []
    told = venue.heard()
    known = [one for one in told if "listed" in one.reason or "known at" in one.reason]
    if hidden and venue.open:
        event(f"contradicted: {word}")
        assert len(known) == 1
    assert len(known) <= 1
    assert len(told) - len(known) <= 1, "what a false last word said of its fills, once"
    assert {one.cloid for one in told} <= {venue.cloid}
    asked = [one for answer in venue.questions for one in answer]
    assert venue.questions[-2:] == [(), ()]
    assert max((asked.count(one) for one in asked), default=0) <= 2


@settings(max_examples=100)
@given(
    made=st.booleans(),
    life=steps,
    every=st.integers(11, 200),
    times=st.integers(2, 6),
    again=st.booleans(),
)
def test_a_listing_that_goes_on_showing_an_order_that_is_over(
    made: bool, life: list[str | int], every: int, times: int, again: bool
) -> None:
    venue = LyingVenue(made)
    live(venue, ["answer", *life])
    venue.refuse_modify()
    venue.end()
    venue.heard()
    shown = []
    for _ in range(times):
        venue.wait(every)
        FALSE["listed, and over"](venue)
        if again:
            FALSE["cancelled"](venue)
        shown.append(venue.oid in venue.book.get_active_oids())
        assert_it_bounds(venue)
    assert shown == sorted(shown), "it goes back and forth"
    assert len(venue.heard()) <= 1
    assert venue.asked == []
    assert not any(venue.questions[-times:])
    venue.now += LAG + SECOND
    venue.listing()
    assert_it_shows_the_truth(venue)
