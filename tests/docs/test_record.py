"""docs/record.md says how the official SDK comes to sign for the mainnet at another address."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from truebook.impl.venues.hyperliquid import REQUESTS, Unreadable, signing

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "record.md").read_text("utf-8")
KEY = signing.Key.of("11" * 32)
SIGNS = """
import json
import eth_account
from hyperliquid.exchange import Exchange

class Kept(Exchange):
    def post(self, path, payload=None):
        print(json.dumps(payload))

meta = {"universe": [{"name": "ETH", "szDecimals": 4}]}
spot = {"universe": [], "tokens": []}
wallet = eth_account.Account.from_key("0x" + "11" * 32)
exchange = Kept(wallet, "http://127.0.0.1:3002", meta=meta, spot_meta=spot)
exchange.order("ETH", True, 1.0, 3000.0, {"limit": {"tif": "Gtc"}})
"""


@pytest.mark.parametrize("as_the_page_says", [True, False])
def test_the_sdk_signs_for_the_mainnet_as_the_page_says(as_the_page_says: bool) -> None:
    (block,) = re.findall(r"```python\n(import hyperliquid.*?)```", PAGE, re.DOTALL)
    code = SIGNS.replace("import json\n", f"import json\n{block}", 1) if as_the_page_says else SIGNS
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    signed = REQUESTS.read(json.dumps(json.loads(ran.stdout)).encode())
    assert not isinstance(signed, Unreadable)
    assert signing.signer_of(signed, mainnet=as_the_page_says) == KEY.address
