"""Who signed, and which nonces may still be used."""

import pytest

from truebook.impl.venues.hyperliquid import actions, signing
from truebook.venue.server import NotTakenError, Signers
from truebook.venue.server import signers as module
from truebook.venue.server.signers import DAY, EXPIRED, KEPT

KEY, AGENT = signing.Key.of("11" * 32), signing.Key.of("22" * 32)
NOW = 10 * DAY


def signed(
    nonce: int = NOW,
    *,
    key: signing.Key = KEY,
    mainnet: bool = False,
    expires_after: int | None = None,
) -> actions.Signed:
    return signing.sign(
        actions.Noop(), key, nonce=nonce, mainnet=mainnet, expires_after=expires_after
    )


def knowing() -> Signers:
    signers = Signers()
    signers.learn(KEY.address)
    return signers


@pytest.mark.parametrize("mainnet", [False, True])
def test_whoever_is_known_is_found_of_either_network(mainnet: bool) -> None:
    assert knowing().take(signed(mainnet=mainnet), NOW) == KEY.address


@pytest.mark.parametrize("chain", ["Testnet", "Mainnet"])
def test_an_action_that_names_its_network_is_found_of_that(chain: str) -> None:
    mainnet = chain == "Mainnet"
    action = actions.ApproveBuilderFee(chain, "0x66eee", "0.01%", AGENT.address, NOW)
    approved = signing.sign(action, KEY, nonce=NOW, mainnet=mainnet)
    assert knowing().take(approved, NOW) == KEY.address
    with pytest.raises(NotTakenError, match="does not exist"):
        Signers().take(approved, NOW)


def test_nobody_is_told_who_he_seems_to_be() -> None:
    with pytest.raises(NotTakenError, match=f"User or API Wallet {AGENT.address} does not exist"):
        knowing().take(signed(key=AGENT), NOW)


def test_an_api_wallet_acts_for_its_owner() -> None:
    signers = knowing()
    signers.approve(AGENT.address, KEY.address)
    assert signers.take(signed(key=AGENT), NOW) == KEY.address


@pytest.mark.parametrize("key", [KEY, AGENT])
def test_nobody_acts_for_an_account_that_is_not_his(key: signing.Key) -> None:
    signers, other = knowing(), "0x" + "99" * 20
    signers.approve(AGENT.address, KEY.address)
    for vault, taken in ((other, False), (KEY.address, True), (KEY.address.upper(), True)):
        vault = vault.replace("0X", "0x")
        one = signing.sign(
            actions.Noop(), key, nonce=NOW + taken, mainnet=False, vault_address=vault
        )
        if taken:
            assert signers.owner_of(one) == KEY.address
        else:
            with pytest.raises(NotTakenError, match=f"Vault not registered: {other}"):
                signers.take(one, NOW)


def test_of_too_many_addresses_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 2)
    signers = Signers()
    for address in ("0xA", "0xb", "0xa", "0xc"):
        signers.learn(address)
    assert list(signers.known) == ["0xa", "0xc"]


def test_a_nonce_is_used_once() -> None:
    signers = knowing()
    signers.take(signed(NOW), NOW)
    with pytest.raises(NotTakenError, match="duplicate nonce"):
        signers.take(signed(NOW), NOW)
    signers.take(signed(NOW + 1), NOW)


@pytest.mark.parametrize("nonce", [NOW - 2 * DAY, NOW + DAY, 5])
def test_a_nonce_is_near_the_time(nonce: int) -> None:
    with pytest.raises(NotTakenError, match="too far"):
        knowing().take(signed(nonce), NOW)


def test_a_nonce_below_those_kept_is_refused() -> None:
    signers = knowing()
    for n in range(KEPT):
        signers.take(signed(NOW + 10 + n), NOW)
    with pytest.raises(NotTakenError, match="below the 100 highest"):
        signers.take(signed(NOW), NOW)


def test_what_has_expired_uses_its_nonce_up() -> None:
    signers = knowing()
    with pytest.raises(NotTakenError, match=EXPIRED):
        signers.take(signed(NOW, expires_after=NOW - 1), NOW)
    with pytest.raises(NotTakenError, match="duplicate nonce"):
        signers.take(signed(NOW), NOW)


OTHER = signing.Key.of("33" * 32)


def test_a_wallet_that_is_approved_again_replaces_that_of_the_same_name() -> None:
    signers = knowing()
    signers.approve(AGENT.address, KEY.address)
    signers.approve(OTHER.address, KEY.address, "bot")
    assert signers.take(signed(key=AGENT), NOW) == KEY.address
    third = signing.Key.of("44" * 32)
    signers.approve(third.address, KEY.address)
    with pytest.raises(NotTakenError, match="does not exist"):
        signers.take(signed(NOW + 1, key=AGENT), NOW)
    for key in (OTHER, third):
        assert signers.take(signed(key=key), NOW) == KEY.address


def test_the_wallet_of_another_and_an_account_are_approved_for_nobody() -> None:
    signers = knowing()
    signers.learn(OTHER.address)
    signers.approve(AGENT.address, KEY.address)
    with pytest.raises(NotTakenError, match="the API wallet of another"):
        signers.approve(AGENT.address, OTHER.address)
    with pytest.raises(NotTakenError, match="is an account"):
        signers.approve(OTHER.address, KEY.address)
    assert signers.take(signed(key=AGENT), NOW) == KEY.address


def test_what_would_not_be_taken_is_known_before_and_uses_nothing_up() -> None:
    signers = knowing()
    assert signers.is_taken(signed(), NOW)
    assert signers.is_taken(signed(), NOW)
    signers.take(signed(), NOW)
    assert not signers.is_taken(signed(), NOW)
    assert not signers.is_taken(signed(NOW + 1, expires_after=NOW - 1), NOW)
    assert not signers.is_taken(signed(NOW + 2, key=AGENT), NOW)
