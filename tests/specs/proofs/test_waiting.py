"""The safety of an order that waits is proved for any size and any timers."""

from truebook.specs.proofs.jobs import Job, show

PROPERTIES = (
    *("tracked-or-in-grace", "no-live-order-dropped", "exposure-bounds-truth"),
    *("transitions-in-table", "exposure-is-tight"),
)


def test_everything_is_proved_and_without_the_rule_it_is_not() -> None:
    found = show(Job("waiting", properties=PROPERTIES), lambda *_: None)
    assert {claim.name for claim in found.claims} == set(PROPERTIES)
    assert all(claim.answer.proved for claim in (*found.claims, *found.lemmas))
    assert found.assumptions == ("expiry", "lag", "fill-window")
    off = Job("waiting", switched_off=("waits-is-not-dead",), properties=PROPERTIES[1:2])
    assert not all(claim.answer.proved for claim in show(off, lambda *_: None).claims)
