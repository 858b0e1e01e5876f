"""The lemmas that are inductive together: those that are not are dropped until the rest is."""

from collections.abc import Callable, Sequence

import attrs

from truebook.specs.proofs.asking import Asker
from truebook.specs.proofs.induction import Answer, Prover
from truebook.specs.proofs.lemmas import Lemma
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.words import counted

MOST_ROUNDS = 8
"""After so many rounds of dropping lemmas it is given up."""


@attrs.frozen(eq=False)
class Strengthened:
    """The lemmas that are kept and those that are lost, each with its answer.

    `prover` knows those kept. Where `settled` is false, even these were not found inductive.
    """

    prover: Prover
    kept: tuple[tuple[Lemma, Answer], ...]
    lost: tuple[tuple[Lemma, Answer], ...]
    settled: bool = True


def strengthened(
    world: OpenWorld,
    lemmas: Sequence[Lemma],
    *,
    without: Sequence[str] = (),
    asker: Asker | None = None,
    rounds: int = MOST_ROUNDS,
    tell: Callable[[str], None] = lambda words: None,
) -> Strengthened:
    """Return which lemmas of a world are inductive together.

    A lemma may lean on any other, so that one that is lost may take others with it. In fewer
    rounds too few may be lost; what does not follow from those kept then does not follow at all.
    """
    lost: list[tuple[Lemma, Answer]] = []
    for _ in range(rounds):
        tell(f"making formulas of {counted(len(world.system.actions), 'action')}")
        prover = Prover(world, lemmas, without=without, asker=asker)
        tell(f"proving {counted(len(prover.lemmas), 'lemma')}")
        answers = tuple(prover.prove_lemmas())
        kept = tuple((lemma, answer) for lemma, answer in answers if answer.proved)
        lost += [(lemma, answer) for lemma, answer in answers if not answer.proved]
        if len(kept) == len(answers):
            return Strengthened(prover, kept, tuple(lost))
        lemmas = [lemma for lemma, _ in kept]
    return Strengthened(prover, kept, tuple(lost), settled=False)
