"""The report of a refinement, wide and narrow: golden texts of results that are made up."""

from collections.abc import Callable, Sequence

from truebook.review.refinement_report import blocks, defect_blocks, lockstep_blocks
from truebook.screen.layout import WIDE, Block, laid_out
from truebook.specs.refine.defects.detection import Finding, Found
from truebook.specs.refine.defects.known import DEFECTS
from truebook.specs.refine.edges import Edge
from truebook.specs.refine.lockstep.volume import Batch
from truebook.specs.refine.replay import Difference, Divergence, Replayed
from truebook.specs.refine.scenarios import Held
from truebook.specs.scenarios import Scenario, with_faults

Golden = Callable[[str, str], None]

STEPS = tuple(
    Edge(action, words, {}, number, number + 1, 1)
    for number, (action, words) in enumerate(
        [
            ("send", "we send the order"),
            ("arrive-1:a", "the order takes 1 on arrival and rests at the venue"),
        ]
    )
)
DIFFERENCE = Difference("orders.c1.taker fills recorded", 1, 0)


def held(name: str, divergence: Divergence | None = None, beyond: int = 0) -> Held:
    replayed = Replayed(1_439, 17_902, 513_984, beyond, divergence)
    return Held(Scenario(name, with_faults()), 75_272, 513_984 + beyond, replayed, 1.5)


def text(shown: Sequence[Block], width: int) -> str:
    return "".join(f"{line}\n" for _, line in laid_out(shown, width))


def test_the_text(golden: Golden) -> None:
    diverging = held("self-trade", Divergence(STEPS, (DIFFERENCE,), "ValueError: no such order"))
    shown = list(blocks([held("order"), held("any delay", beyond=1), diverging]))
    golden("refine.txt", text(shown, WIDE))
    golden("narrow/refine.txt", text(shown, 60))


def test_the_text_of_known_defects(golden: Golden) -> None:
    first, second, *_ = DEFECTS
    seen = (Finding(11_205, 2, "replays"), Finding(24, 3), Finding(1_547, 3))
    shown = list(defect_blocks([Found(first, *seen), Found(second, Finding(None), *seen[1:])]))
    golden("defects.txt", text(shown, WIDE))
    golden("narrow/defects.txt", text(shown, 60))


def test_one_of_a_thing_is_singular() -> None:
    (whole,) = lockstep_blocks([Batch(0, 0, 1, ran=1, steps=1)], 1.0)
    assert text([whole], WIDE) == "  holds     1 plan, 1 step in lockstep, 1 steps/s\n"
    *_, last = blocks([held("order")])
    assert text([last], WIDE) == "  513,984 edges replayed in 1 scenario: no divergences\n"
    *_, last = defect_blocks([])
    assert text([last], WIDE) == "  0 defects: none not found\n"
