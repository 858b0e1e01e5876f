"""How SafetySync asks: what may be late, how often a question is asked, how much of it."""

import attrs

from truebook.impl.book import fields


@attrs.frozen(kw_only=True)
class SyncConfig:
    """How a pass asks: durations in seconds.

    - `time_limit`: an answer that takes longer has failed, and is not waited for any more.
    - `attempts`: how often a question is asked; `back_off` before it is asked again, and twice as
      long each further time. A cancel is sent once.
    - `interval`: from one pass to the next; after passes that failed it doubles up to
      `longest_interval`.
    - `max_statuses`: how many orders' statuses one pass asks for.
    - `fills_overlap`: how much of the fills seen is asked for again, in the venue's unit of time,
      since a fill may show later than one that is newer.
    """

    time_limit: float = attrs.field(default=5.0, validator=fields.seconds(or_none=False))
    attempts: int = attrs.field(default=3, validator=fields.whole(1))
    back_off: float = attrs.field(default=0.2, validator=fields.seconds(or_none=True))
    interval: float = attrs.field(default=10.0, validator=fields.seconds(or_none=False))
    longest_interval: float = attrs.field(default=120.0, validator=fields.seconds(or_none=False))
    max_statuses: int = attrs.field(default=20, validator=fields.whole(1))
    fills_overlap: int = attrs.field(default=60_000, validator=fields.whole(0))
