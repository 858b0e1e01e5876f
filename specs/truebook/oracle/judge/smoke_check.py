"""The smoke test: whether an adapter can hold a conversation, and what is in the way if not.

It asks nothing of orders: only that every message is answered, in its shape. It tells nothing
that the adapter says it cannot take.
"""

from truebook.oracle.cases import Case, Step
from truebook.oracle.driver import Client, Fault
from truebook.oracle.judge.results import Kind, Result, Told, of_fault
from truebook.oracle.protocol import Unsupported

CONFIG = {
    "orphan_grace_period": 5,
    "expected_cloid_ttl": 30,
    "finalized_protection": 10,
    "fill_window_duration": 60,
    "tombstone_duration": 60,
    "cancel_timeout": 5,
    "listing_timeout": 30,
}
_ORDER = {"side": "buy", "price": "100", "size": "10"}
_STEPS = (
    Step(0, {"type": "tick"}, {}),
    Step(1, {"type": "register", "cloid": "c1", **_ORDER}, {}),
    Step(
        2,
        {"type": "answer", "cloid": "c1", "oid": "101", "side": "buy", "price": "100"}
        | {"resting": "10"},
        {},
    ),
)
SMOKE = Case(
    slug="smoke",
    title="A conversation: hello, reset, a tick, an order, its answer; and the same once more",
    source="",
    requires=("core",),
    rule="unknown-stays",
    property="tracked-or-in-grace",
    severity="critical",
    config=CONFIG,
    steps=_STEPS,
)


def smoke(client: Client) -> Result:
    """Return whether a conversation is possible, and if not, what is in its way."""
    told: list[Told] = []
    try:
        fresh = client.reset("smoke", CONFIG).shown()
        for step in _STEPS:
            if step.event["type"] in client.about.cannot:
                continue
            told.append(Told(step.at, (step.event,)))
            reply = client.step(step.at, (step.event,))
            if isinstance(reply, Unsupported):
                what = f"it cannot take {step.event['type']!r}, which is of 'core'"
                hint = (
                    "every subject takes register, answer, reject, unknown, fill, status and tick, "
                    "but those that it names in `cannot`"
                )
                return Result(
                    stage="smoke",
                    case=SMOKE,
                    kind=Kind.FAIL,
                    told=tuple(told),
                    what=what,
                    hint=hint,
                )
        again = client.reset("smoke", CONFIG).shown()
    except Fault as fault:
        return Result(stage="smoke", case=SMOKE, told=tuple(told), **of_fault(fault))
    if again != fresh:
        what = "after a second reset it does not show what it showed after the first"
        hint = "reset must make a fresh book: nothing of the last case may be left"
        return _wrong(Kind.PROTOCOL, what, hint, told)
    return Result(stage="smoke", case=SMOKE, kind=Kind.PASS)


def _wrong(kind: Kind, what: str, hint: str, told: list[Told]) -> Result:
    return Result(stage="smoke", case=SMOKE, kind=kind, told=tuple(told), what=what, hint=hint)
