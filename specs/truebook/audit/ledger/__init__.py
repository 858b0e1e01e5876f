"""The ledger of an audit: what fills, orders and requests come to, market by market."""

from truebook.audit.ledger.chain import Chain, Gap, Stretch
from truebook.audit.ledger.columns import Columns
from truebook.audit.ledger.exposure import Beyond, Exposure
from truebook.audit.ledger.fills import FillLedger
from truebook.audit.ledger.identities import Identities
from truebook.audit.ledger.lacking import Lacked
from truebook.audit.ledger.lives import Lives
from truebook.audit.ledger.log import BotLog
from truebook.audit.ledger.orders import CONFIG, MS, Again, Noted, Orders
from truebook.audit.ledger.paths import Leg
from truebook.audit.ledger.promised import Short
from truebook.audit.ledger.remembered import BooksNeededError
from truebook.audit.ledger.rows import RowLedger
from truebook.audit.ledger.tables import Bound, Run, TableLedger

__all__ = [
    "CONFIG",
    "MS",
    "Again",
    "Beyond",
    "BooksNeededError",
    "BotLog",
    "Bound",
    "Chain",
    "Columns",
    "Exposure",
    "FillLedger",
    "Gap",
    "Identities",
    "Lacked",
    "Leg",
    "Lives",
    "Noted",
    "Orders",
    "RowLedger",
    "Run",
    "Short",
    "Stretch",
    "TableLedger",
]
