"""The vectors notice what is wrong: every mutant of the reference dies, or lives rightly."""

import pytest

from truebook.oracle.mutants import MUTANTS, Death, Mutant, killed, matrix
from truebook.oracle.vectors.shipped import all_vectors
from truebook.screen.layout import laid_out

# Those that kill most mutants first, so that a test needs few.
VECTORS = [case for case in all_vectors() if case.slug != "sum-of-many-fills-exact"]
SOME = 90


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_dies(mutant: Mutant) -> None:
    some = killed(mutant, VECTORS[:SOME]).killers
    died = some or killed(mutant, VECTORS[SOME:]).killers
    assert bool(died) != bool(mutant.survives), f"{mutant.name}: killed by {died[:3]}"


def test_there_are_enough() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 30


def test_the_reference_itself_lives() -> None:
    assert killed(Mutant("none", "nothing is broken"), VECTORS).killers == ()


def test_the_matrix_counts_by_kind() -> None:
    deaths = [Death(MUTANTS[0], ("duplicate-tid", "row-x", "row-y")), Death(MUTANTS[1], ())]
    lines = [line for _, line in laid_out(matrix(deaths))]
    assert lines[1].split() == [MUTANTS[0].name, "1", "·", "·", "·", "2", "duplicate-tid"]
    assert lines[2].split()[0] == MUTANTS[1].name
    assert "  lives: " in f"{lines[2]} "
    assert lines[-1] == "1 of 2 mutants die in the vectors"
