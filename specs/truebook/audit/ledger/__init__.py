"""The ledger of an audit: what fills, orders and requests come to, market by market."""

from truebook.audit.ledger.chain import Chain, Gap, Stretch
from truebook.audit.ledger.fills import FillLedger, size_of
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.lives import Lives
from truebook.audit.ledger.log import BotLog
from truebook.audit.ledger.orders import MS, Again, Noted, Orders
from truebook.audit.ledger.paths import Leg
from truebook.audit.ledger.remembered import BooksNeededError
from truebook.audit.ledger.rows import RowLedger
from truebook.audit.ledger.tables import Bound, Run, TableLedger

__all__ = [
    "MS",
    "Again",
    "BooksNeededError",
    "BotLog",
    "Bound",
    "Chain",
    "FillLedger",
    "Gap",
    "Identities",
    "Leg",
    "Lives",
    "Noted",
    "Orders",
    "RowLedger",
    "Run",
    "Stretch",
    "TableLedger",
    "size_of",
]
