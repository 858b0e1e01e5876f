"""Whatever a venue answers to a status question, it is of the oid that it names and no other.

The order that is open stays known and counted, and is never cancelled as an orphan.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from one_cloid import CLOID, OneCloid
from sync_venue import Setting, a_setting
from truebook.impl import SECOND
from truebook.impl.sync import VenueListing, VenueStatus


class Asked(OneCloid):
    """A venue that SafetySync asks; by the cloid it answers for any order that has had it."""

    def orders(self) -> dict[int, str]:
        """Return every oid of the cloid, with what the venue says of it."""
        words = {1: "open" if self.open == 1 else "cancelled"}
        for sent in self.modifies:
            if sent.oid and sent.word == "refused":
                words[sent.oid] = "rejected"
            elif sent.oid:
                words[sent.oid] = "open" if sent.oid == self.open else "cancelled"
        return words

    def status(self, which: int, with_cloid: bool) -> VenueStatus:
        words = self.orders()
        oid = list(words)[which % len(words)]
        return VenueStatus(oid, words[oid], CLOID if with_cloid else None)


passes = st.lists(
    st.tuples(
        st.sampled_from(["modify", "accepted", "refused", "lost", "answer", "nothing", "cancel"]),
        st.sampled_from([1, 11, 45, 130]),
        st.integers(0, 5),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


def setting_of(venue: Asked) -> Setting:
    setting = a_setting()
    setting.book = setting.sync.book = venue.book
    return setting


@settings(max_examples=200)
@given(passes)
def test_the_live_order_stays_counted_whatever_the_venue_answers(
    taken: list[tuple[str, int, int, bool, bool]],
) -> None:
    venue = Asked()
    setting = setting_of(venue)
    for what, seconds, which, with_cloid, in_between in taken:
        _happen(venue, what)
        venue.wait(seconds)

        def answer(
            which: int = which, with_cloid: bool = with_cloid, in_between: bool = in_between
        ) -> VenueStatus:
            told = venue.status(which, with_cloid)
            if in_between:  # while the question is on its way, its request is answered
                for sent in venue.modifies[-1:]:
                    venue.tell(sent, True)
            return told

        setting.venue.listing = VenueListing(venue.listed())
        setting.venue.statuses = {CLOID: answer}
        setting.venue.statuses |= {oid: _of(venue, oid) for oid in venue.orders()}
        report = setting.at(venue.book.now / SECOND)
        assert report.orphans_cancelled == []
        assert [asked for asked in setting.venue.asked if asked[0] == "cancel"] == []
        venue.hold()
        assert venue.open in venue.book.get_active_oids()


def _of(venue: Asked, oid: int) -> Any:
    return lambda: VenueStatus(oid, venue.orders()[oid], CLOID)


def _happen(venue: Asked, what: str) -> None:
    if what == "modify":
        venue.modify(20)
    elif what == "cancel":
        venue.cancel()
    for sent in venue.modifies[-1:]:
        if what in ("accepted", "refused", "lost"):
            venue.arrive(sent, what)
        elif what == "answer":
            venue.tell(sent, True)


def test_a_refused_modify_is_not_the_end_of_its_order() -> None:
    venue = Asked()
    setting = setting_of(venue)
    venue.modify(20)
    venue.arrive(venue.modifies[0], "refused")
    venue.show(venue.modifies[0])
    venue.modify(20)
    venue.arrive(venue.modifies[1], "lost")
    setting.venue.listing = VenueListing(venue.listed())
    setting.venue.statuses = {CLOID: VenueStatus(venue.modifies[0].oid, "rejected", CLOID)}
    for seconds in (20, 60, 100, 160, 240):
        venue.book.tick(seconds * SECOND)
        assert setting.at(seconds).orphans_cancelled == []
        assert venue.book.get_active_oids() == {1}
        assert venue.book.pending_exposure("buy") >= 10
    assert venue.book.pending_count == 0


def test_the_cancelled_original_is_not_the_order_that_took_its_place() -> None:
    venue = Asked()
    setting = setting_of(venue)
    venue.modify(20)
    venue.arrive(venue.modifies[0], "accepted")
    setting.venue.listing = VenueListing(())  # of another market
    setting.venue.statuses = {
        CLOID: VenueStatus(1, "cancelled", CLOID),
        1: VenueStatus(1, "cancelled", CLOID),
    }
    for seconds in (2, 20, 30):
        setting.at(seconds)
        assert venue.book.get_pending_cloids() == {CLOID}
        assert venue.book.pending_exposure("buy") == 20


def test_that_a_cloid_is_not_known_says_nothing_of_the_order_whose_oid_is() -> None:
    venue = Asked()
    for later in (50, 90):
        request = venue.book.listing_requested(now=later * SECOND)
        venue.book.status_unknown(CLOID, request=request)
        assert venue.book.get_active_oids() == {1}
        venue.modify(20)
    assert venue.book.pending_count == 1
