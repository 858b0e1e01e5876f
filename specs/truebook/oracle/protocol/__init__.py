"""The protocol: what is said between the oracle and a book in any language."""

from truebook.oracle.protocol import messages
from truebook.oracle.protocol.declared import DECLARATIONS, Declared, declared
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
    "DECLARATIONS",
    "SHOWS",
    "VERSION",
    "About",
    "Broke",
    "Declared",
    "Hello",
    "ProtocolError",
    "Reset",
    "State",
    "Step",
    "Unsupported",
    "as_json",
    "declared",
    "messages",
]
