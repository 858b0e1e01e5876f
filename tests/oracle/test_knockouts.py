"""Every rule has a way to be without it, and the vectors of the rule notice each."""

import pickle

import pytest

from truebook.model.rules import RULE_NAMES
from truebook.oracle.mutants import KNOCKOUTS, MUTANTS, Mutant, first_killer, knockouts_of
from truebook.oracle.vectors.shipped import of


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_rule_can_be_left_out(rule: str) -> None:
    assert knockouts_of(rule)


@pytest.mark.parametrize("without", KNOCKOUTS, ids=lambda mutant: mutant.name)
def test_the_vectors_of_a_rule_notice_who_lacks_it(without: Mutant) -> None:
    (rule,) = without.rules
    assert first_killer(without, of(rules=[rule]))


def test_names_are_of_one_alone_and_go_from_process_to_process() -> None:
    every = (*MUTANTS, *KNOCKOUTS)
    assert len({one.name for one in every}) == len(every)
    for one in KNOCKOUTS:
        assert pickle.loads(pickle.dumps(one)) is one
