"""The protocol: what is said between the oracle and a book in any language."""

from truebook.oracle.protocol import messages
from truebook.oracle.protocol.messages import (
    SHOWS,
    VERSION,
    About,
    Broke,
    Hello,
    ProtocolError,
    Reset,
    State,
    Step,
    Unsupported,
    as_json,
)

__all__ = [
    "SHOWS",
    "VERSION",
    "About",
    "Broke",
    "Hello",
    "ProtocolError",
    "Reset",
    "State",
    "Step",
    "Unsupported",
    "as_json",
    "messages",
]
