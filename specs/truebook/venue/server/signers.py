"""Who signed a request, and whether the venue takes it: addresses, API wallets, nonces."""

from bisect import insort
from collections.abc import KeysView
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import actions, given, signing

KEPT: Final = 100
"""So many of the highest nonces of each signer are remembered."""
MOST_KNOWN: Final = 100_000
"""So many addresses are known at once."""
DAY: Final = 86_400_000
EXPIRED: Final = "Action already expired"


class NotTakenError(Exception):
    """A request is not taken, for this reason; nothing of it is executed."""


@attrs.define
class Signers:
    """The addresses that the venue knows, whom each API wallet may act for, and used nonces.

    An address is known once it is named, or something is asked about it: a signature does not say
    for which network it was made, so that only who is known can be told from nobody.
    """

    agents: dict[str, str] = attrs.field(factory=dict)
    _named: dict[tuple[str, str], str] = attrs.field(factory=dict)
    _known: dict[str, None] = attrs.field(factory=dict)
    _nonces: dict[str, list[int]] = attrs.field(factory=dict)

    def learn(self, address: str) -> None:
        """Know an address; of too many the one is forgotten that was named longest ago."""
        known = address.lower()
        self._known.pop(known, None)
        self._known[known] = None
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def owner_of(self, signed: actions.Signed) -> str:
        """Return for whom a request acts; NotTakenError for one that nobody known has signed."""
        return self._owner(self._signer_of(signed), signed)

    def _owner(self, signer: str, signed: actions.Signed) -> str:
        vault = given(signed.vault_address, None)
        owner = self.agents.get(signer, signer)
        if vault and vault.lower() != owner:  # vaults and sub-accounts are not served
            raise NotTakenError(f"Vault not registered: {vault:.80}")
        return owner

    def is_taken(self, signed: actions.Signed, now: int) -> bool:
        """Return whether a request would be taken now."""
        expires = given(signed.expires_after, None)
        try:
            signer = self._signer_of(signed)
            self._check(signer, signed.nonce, now)
            self._owner(signer, signed)
        except NotTakenError:
            return False
        return expires is None or expires >= now

    def take(self, signed: actions.Signed, now: int) -> str:
        """Return for whom a request acts, and use its nonce up; NotTakenError if it is not taken.

        One that has expired uses up its nonce, too.
        """
        expires = given(signed.expires_after, None)
        signer = self._signer_of(signed)
        self._use(signer, signed.nonce, now)
        if expires is not None and expires < now:
            raise NotTakenError(EXPIRED)
        return self._owner(signer, signed)

    @property
    def known(self) -> KeysView[str]:
        """The addresses that are known."""
        return self._known.keys()

    def approve(self, agent: str, owner: str, name: str = "") -> None:
        """Let an API wallet act for an account, instead of the one that it had by that name.

        NotTakenError for a wallet of another, and for an address that is known to be no wallet.
        """
        agent = agent.lower()
        if agent in self._known:
            raise NotTakenError(f"{agent} is an account, and no API wallet.")
        if self.agents.get(agent, owner) != owner:
            raise NotTakenError(f"{agent} is the API wallet of another account.")
        before = self._named.get((owner, name))
        if before is not None:
            self.agents.pop(before, None)
        self._named = {key: one for key, one in self._named.items() if one != agent}
        self._named[owner, name] = agent
        self.agents[agent] = owner

    def _signer_of(self, signed: actions.Signed) -> str:
        found, wrong = [], None
        for mainnet in (False, True):
            try:
                signer = signing.signer_of(signed, mainnet=mainnet)
            except signing.SignatureError as error:  # one that names its network fits that alone
                wrong = wrong or error
                continue
            if signer in self._known or signer in self.agents:
                return signer
            found.append(signer)
        if not found:
            raise NotTakenError(f"Invalid signature: {wrong}") from wrong
        raise NotTakenError(f"User or API Wallet {found[0]} does not exist.")

    def _use(self, signer: str, nonce: int, now: int) -> None:
        self._check(signer, nonce, now)
        used = self._nonces.setdefault(signer, [])
        insort(used, nonce)
        del used[:-KEPT]

    def _check(self, signer: str, nonce: int, now: int) -> None:
        used = self._nonces.get(signer, [])
        if not now - 2 * DAY < nonce < now + DAY:
            raise NotTakenError(f"Invalid nonce: {nonce} is too far from the venue's time {now}")
        if nonce in used:
            raise NotTakenError(f"Invalid nonce: duplicate nonce {nonce}")
        if len(used) == KEPT and nonce < used[0]:
            raise NotTakenError(
                f"Invalid nonce: {nonce} is below the {KEPT} highest that were used"
            )
