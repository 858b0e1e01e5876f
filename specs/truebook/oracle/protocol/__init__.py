"""The protocol: what is said between the oracle and a book in any language."""

from truebook.oracle.protocol import messages
from truebook.oracle.protocol.declared import DECLARATIONS, Declared, declared
from truebook.oracle.protocol.messages import (
    SHOWS,
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
from truebook.oracle.protocol.versions import (
    ADDED,
    BEFORE,
    VERSION,
    VERSIONS,
    as_told,
    features_in,
    needs,
)

__all__ = [
    "ADDED",
    "BEFORE",
    "DECLARATIONS",
    "SHOWS",
    "VERSION",
    "VERSIONS",
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
    "as_told",
    "declared",
    "features_in",
    "messages",
    "needs",
]
