"""The named rules of the reference design, and what each protects from."""

import attrs


@attrs.frozen
class Rule:
    """One rule of the reference design.

    `says` is the rule; `prevents` is the disaster that its absence allows.
    """

    name: str
    says: str
    prevents: str


RULES: tuple[Rule, ...] = (
    Rule(
        "fills-move-position",
        "Only a fill not seen before moves the position; what an answer says has filled is an "
        "expectation.",
        "The answer and the fill message of the same trade are both counted: position doubled.",
    ),
    Rule(
        "fill-binds",
        "A fill that carries our cloid binds it to its oid and makes the pending order tracked.",
        "The cloid of an order that is trading resolves to nothing: it cannot be cancelled.",
    ),
    Rule(
        "early-fills-kept",
        "An order's size is the size registered, never the answer's resting size; fills of an "
        "unknown oid wait and are merged when it is bound.",
        "An order that took liquidity on arrival shows as filled while the rest of it is live.",
    ),
    Rule(
        "state-is-derived",
        "State follows from what is known: fills, closing evidence, a cancel asked.",
        "A partial fill during a cancel is taken for the end: live quantity, exposure 0.",
    ),
    Rule(
        "unknown-stays",
        "A timeout is not a failure: the order stays pending until a listing proves it dead.",
        "An order that rests at the venue is in no local map.",
    ),
    Rule(
        "reject-clears",
        "A definite refusal clears the pending order at once.",
        "Exposure counts an order that never existed, and blocks quoting.",
    ),
    Rule(
        "listing-binds",
        "A listed order with a cloid of ours is adopted, never an orphan.",
        "Our own good order is cancelled as an orphan because its answer was slow.",
    ),
    Rule(
        "absence-needs-age",
        "Absence from a listing closes only orders known open before it was requested; presence "
        "reopens none that was closed after.",
        "A lagging listing drops a live order from the book.",
    ),
    Rule(
        "tombstones",
        "A closed order takes fills through the fill window, then leaves a tombstone for a while.",
        "A late answer resurrects an order that is over: ghost exposure.",
    ),
    Rule(
        "exposure-bounds",
        "Exposure counts live, cancel-pending, pending and unknown orders, unstreamed fills, "
        "orphans, and in a modify the larger of old and new.",
        "More can trade than the book says: limits are overrun.",
    ),
    Rule(
        "orphan-cancel-marked",
        "An orphan is asked to be cancelled once it has aged, with no cancel of it in flight, and "
        "seen in a listing requested after the last answer; one that vanished starts afresh.",
        "The same orphan is cancelled again at every sync.",
    ),
    Rule(
        "position-by-fills",
        "A position mismatch is repaired by the missing fills; a rebase is explicit and refused "
        "where it could count a fill twice.",
        "The venue's position, which holds a fill still on its way, is taken over: counted twice.",
    ),
    Rule(
        "eviction-floor",
        "The oldest fill by venue time is forgotten first and raises a floor; unknown fills at or "
        "below the floor are replays.",
        "A replayed old fill is counted again.",
    ),
    Rule(
        "cancel-resolves",
        "A cancel without an answer is resolved by a listing requested after it can no longer "
        "take effect: listed is live again, absent is closed.",
        "An order whose cancel was lost stays cancel-pending for ever and is never cancelled.",
    ),
    Rule(
        "modify-binds",
        "The new oid is bound by its answer, a fill or a listing; the old oid closes and stays an "
        "alias.",
        "After a modify both orders show live: exposure counted twice.",
    ),
    Rule(
        "ages-out",
        "Dead pendings, closed orders, tombstones and absent candidates have an age at which they "
        "go.",
        "Memory and lookups grow without bound.",
    ),
    Rule(
        "contradiction-reopens",
        "An order listed in a listing requested more than the lag after the word that ended it is "
        "live again, which is said once; from then on only listings and its fills close it.",
        "One false word drops a live order for good, silently.",
    ),
    Rule(
        "own-stays-own",
        "An order with a cloid of ours is ours however long forgotten: listed, it is adopted "
        "again.",
        "Our own order is cancelled as an orphan because the book was misled for long.",
    ),
    Rule(
        "first-fill-stands",
        "A fill told again with another size, price, side or name stays as it was first counted; "
        "each kind of difference is reported once.",
        "The same fill, told with another amount, is counted twice, or is dropped without a word.",
    ),
    Rule(
        "old-evidence-binds-nothing",
        "What may be from before an order's request binds it to nothing: a word of an oid known "
        "before, a fill counted before, a listing asked for before. Its answer does, and a later "
        "listing.",
        "A replayed fill binds the new order to the oid of the old one; the live one is in no map.",
    ),
    Rule(
        "answers-name-requests",
        "An answer is of the request whose number it gives and of nothing else; without a number, "
        "or on the stream, it is taken only where it can be of one request alone.",
        "The late refusal of a modify drops the next one, which is on its way and then trades in "
        "no map.",
    ),
    Rule(
        "errors-end-little",
        "An error ends only what it says is over: 'not open' ends no order that its cancel may "
        "have overtaken.",
        "A cancel by cloid overtakes its order; the order is dropped, and comes live.",
    ),
    Rule(
        "status-of-its-oid",
        "A status is of the oid that it names and of nothing else, also where it was asked for by "
        "the cloid.",
        "Asked by cloid, the venue answers for a refused modify: the live order is dropped.",
    ),
    Rule(
        "strangers-apart",
        "Where orders that are not ours are left, none of them is asked to be cancelled, and what "
        "they can trade is shown apart.",
        "The orders of another bot, or of the owner's hand, are cancelled, or counted as ours.",
    ),
    Rule(
        "remaining-is-the-venues",
        "What can still trade of an order is what the venue says is left, as of a time: a newer "
        "picture is believed, and of two in no order the larger.",
        "The venue grows an order under its oid: more can trade than the book says.",
    ),
    Rule(
        "start-from-the-picture",
        "What had filled of an order by the time of a position taken over is in it, and is waited "
        "for no more.",
        "An order that was part filled when the book began waits for fills that never come.",
    ),
    Rule(
        "reversal-undoes-once",
        "A fill that the venue takes back is undone once, whether that is told before the fill or "
        "after, and however often.",
        "A trade that was broken stays in the position, or is taken out of it twice.",
    ),
    Rule(
        "waits-is-not-dead",
        "An answer without an oid to an order of the kind that waits means that it waits; absence "
        "from a listing without those that wait proves nothing of it.",
        "A stop that waits is taken for dead: it trades when it is triggered, and nothing counts "
        "it.",
    ),
)

RULE_NAMES: tuple[str, ...] = tuple(rule.name for rule in RULES)


@attrs.frozen(kw_only=True)
class Rules:
    """Which rules a design keeps, one flag a rule (hyphens in names become underscores)."""

    fills_move_position: bool = True
    fill_binds: bool = True
    early_fills_kept: bool = True
    state_is_derived: bool = True
    unknown_stays: bool = True
    reject_clears: bool = True
    listing_binds: bool = True
    absence_needs_age: bool = True
    tombstones: bool = True
    exposure_bounds: bool = True
    orphan_cancel_marked: bool = True
    position_by_fills: bool = True
    eviction_floor: bool = True
    cancel_resolves: bool = True
    modify_binds: bool = True
    ages_out: bool = True
    contradiction_reopens: bool = True
    own_stays_own: bool = True
    first_fill_stands: bool = True
    old_evidence_binds_nothing: bool = True
    answers_name_requests: bool = True
    errors_end_little: bool = True
    status_of_its_oid: bool = True
    strangers_apart: bool = True
    remaining_is_the_venues: bool = True
    start_from_the_picture: bool = True
    reversal_undoes_once: bool = True
    waits_is_not_dead: bool = True


def rules_without(names: tuple[str, ...]) -> Rules:
    """Return every rule but those named; raise ValueError for a name that is no rule."""
    for name in names:
        if name not in RULE_NAMES:
            raise ValueError(f"no rule is named {name!r}; the rules are: {', '.join(RULE_NAMES)}")
    return Rules(**{name.replace("-", "_"): False for name in names})
