"""Who asks, and whom he asks about: nothing grows with that, and nobody becomes another."""

import json

import pytest

from chaos_market import exchange_of
from truebook.impl.venues.hyperliquid import actions, answers, signing
from truebook.venue.server import Desk, Reply, Signers
from truebook.venue.server.desk import MOST_KINDS

KEY, OTHER = signing.Key.of("11" * 32), signing.Key.of("22" * 32)
NOW = 10**12


def desk_of() -> Desk:
    desk = Desk(exchange_of(), Signers(), lambda: NOW)
    for key in (KEY, OTHER):
        desk.signers.learn(key.address)
    return desk


def test_a_question_opens_no_account() -> None:
    desk = desk_of()
    for n in range(50):
        for kind in ("openOrders", "clearinghouseState", "userFills", "userRateLimit"):
            asked = desk.question(json.dumps({"type": kind, "user": f"0x{n:040x}"}))
            assert not isinstance(asked, Reply)
            assert desk.answer(asked).status == 200
    assert not desk.exchange.accounts


@pytest.mark.parametrize("user", ["", "0x1", "x" * 42, "0x" + "g" * 40, "0x" + "1" * 41])
def test_who_is_no_address_is_refused(user: str) -> None:
    desk = desk_of()
    before = list(desk.signers.known)
    for kind in ("openOrders", "userFees", "noSuchThing"):
        reply = desk.question(json.dumps({"type": kind, "user": user}))
        assert isinstance(reply, Reply)
        assert reply.status == 422
    assert list(desk.signers.known) == before


def test_so_many_kinds_of_question_are_counted() -> None:
    desk = desk_of()
    for n in range(3 * MOST_KINDS):
        desk.question(json.dumps({"type": f"kind{n}"}))
    assert len(desk.unanswered) == MOST_KINDS + 1
    assert sum(desk.unanswered.values()) == 3 * MOST_KINDS
    assert len(desk.seen) <= MOST_KINDS + 1


@pytest.mark.parametrize("kind", ["withdraw3", "usdSend", "vaultTransfer"])
def test_an_action_that_is_not_served_is_refused_in_words(kind: str) -> None:
    reply = desk_of().request(json.dumps({"action": {"type": kind}, "nonce": 1}))
    assert isinstance(reply, Reply)
    words = f"{kind} is not served here, and nothing of it was done."
    assert (reply.status, json.loads(reply.body)) == (200, {"status": "err", "response": words})


def test_an_action_that_is_served_and_is_malformed_is_no_such() -> None:
    reply = desk_of().request(json.dumps({"action": {"type": "order"}, "nonce": 1}))
    assert isinstance(reply, Reply)
    assert reply.status == 422


def approved(desk: Desk, agent: str, nonce: int) -> answers.Answer:
    action = actions.ApproveAgent("Testnet", "0x66eee", agent, nonce, "")
    return desk.act(desk.signed(signing.sign(action, KEY, nonce=nonce, mainnet=False)))


def test_an_account_is_nobodys_api_wallet() -> None:
    desk = desk_of()
    noop = signing.sign(actions.Noop(), OTHER, nonce=NOW, mainnet=False)
    desk.act(desk.signed(noop))
    for n, agent in enumerate((OTHER.address, KEY.address)):
        answer = approved(desk, agent, NOW + n)
        assert isinstance(answer, answers.Failed)
        assert "is an account" in answer.response
    fresh = signing.Key.of("33" * 32).address
    assert isinstance(approved(desk, fresh, NOW + 9), answers.Done)
    assert desk.signers.agents == {fresh: KEY.address}
