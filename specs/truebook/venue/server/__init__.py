"""The venue on the wire: HTTP and websocket."""

from truebook.venue.recording import now
from truebook.venue.server.app import Server
from truebook.venue.server.desk import Desk, Reply, Request
from truebook.venue.server.listening import Listener
from truebook.venue.server.others import OTHERS
from truebook.venue.server.recording import Recorder
from truebook.venue.server.signers import NotTakenError, Signers
from truebook.venue.server.sockets import Connection, Sockets
from truebook.venue.server.visitors import Visitor, WireLimits

__all__ = [
    "OTHERS",
    "Connection",
    "Desk",
    "Listener",
    "NotTakenError",
    "Recorder",
    "Reply",
    "Request",
    "Server",
    "Signers",
    "Sockets",
    "Visitor",
    "WireLimits",
    "now",
]
