"""Numbers are texts on the wire: read exactly, written as each side writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl.venues.hyperliquid.cloids import cloid, is_cloid
from truebook.impl.venues.hyperliquid.numbers import asked, decimal, shown, size

NUMBERS = st.decimals(-(10**12), 10**12, places=8)


@given(NUMBERS)
def test_what_is_written_is_the_same_number(value: Decimal) -> None:
    for text in (asked(value), shown(value)):
        assert decimal(text) == value
        assert text.lower() == text
    assert not asked(value).endswith(".0")
    assert "." in shown(value)


@pytest.mark.parametrize(
    ("value", "to_ask", "to_show"),
    [
        ("100", "100", "100.0"),
        ("100.00", "100", "100.0"),
        ("0.10", "0.1", "0.1"),
        ("1E+3", "1000", "1000.0"),
        ("1E-8", "0.00000001", "0.00000001"),
        ("-0.0", "0", "0.0"),
        ("0", "0", "0.0"),
        ("1234567890123456789012345678901234.5", "1234567890123456789012345678901234.5", ""),
    ],
)
def test_the_form_of_a_number(value: str, to_ask: str, to_show: str) -> None:
    assert asked(Decimal(value)) == to_ask
    assert shown(Decimal(value)) == (to_show or to_ask)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1.",
        ".5",
        "+1",
        "1e5",
        "NaN",
        "Infinity",
        "1_0",
        " 1",
        "1 ",
        "\u0661",
        "0x1",
        "--1",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        decimal(text)


def test_an_amount_is_not_negative_and_no_number_is_a_float() -> None:
    assert size("0.0") == 0
    with pytest.raises(ValueError, match="negative"):
        size("-1.0")
    with pytest.raises(TypeError, match="float"):
        asked(0.1)  # type: ignore[arg-type]


def test_a_cloid_is_of_the_venues_form() -> None:
    assert cloid("0x" + "aB" * 16) == "0x" + "aB" * 16
    for wrong in ("6f2c6f3e-8e7d-4c6b-9a5e-000000000000", "0x1", "0x" + "g" * 32, "0X" + "a" * 32):
        assert not is_cloid(wrong)
        with pytest.raises(ValueError, match="venue's form"):
            cloid(wrong)
