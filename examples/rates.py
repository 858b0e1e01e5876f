"""How often each thing goes wrong at the simulated venue."""

import attrs


@attrs.frozen
class Rates:
    """Chances, from 0 to 1; unless told otherwise nothing goes wrong.

    `faults`: of each fault of the wire and the venue. `lies`: that a word is false, of each word.
    `reduce_only`: that an order which would close some of the position may do nothing else. `hand`:
    of each deed of the account's owner, in 100 ms: a cancel of an order of ours, an order of his.
    `hand_modifies`: the same, that he modifies an order of ours. `triggers`: that orders are placed
    that wait, and of each that waits, that it is cancelled, in each cycle of quotes.
    `closing`: of those placed, that they are a pair that closes the position, of no size.
    """

    faults: float = 0.0
    lies: float = 0.0
    reduce_only: float = 0.0
    hand: float = 0.0
    hand_modifies: float = 0.0
    triggers: float = 0.0
    closing: float = 0.0


USUAL = Rates(faults=0.3, lies=0.03, reduce_only=0.5, hand=0.005, triggers=0.05)
"""What the command line takes; of `faults` the runs of many seeds have from none to all."""
