"""Queries as text: whole, plain, and the same text in every process that asks the same."""

import os
import subprocess
import sys

import z3

from truebook.specs.proofs.queries import Writer, names_in

X, Y = z3.Int("x"), z3.Int("fills of the others")

DIGESTS = """
from hashlib import sha256
from truebook.specs.proofs import asking, jobs
from truebook.specs.proofs.queries import Writer

write, said = Writer.text, []

def noted(writer, facts):
    text = write(writer, facts)
    said.append(sha256(text.encode()).hexdigest())
    return text

Writer.text = noted
job = jobs.Job("foreign", asking=asking.Asking(solver="both"))
jobs.show(job, lambda *told: None)
print(len(said), sha256("".join(said).encode()).hexdigest())
"""


def test_a_query_is_whole_and_asks_what_the_facts_ask() -> None:
    facts = [X + Y == 7, z3.Or(X > 3, z3.Not(Y == 2))]
    text = Writer().text(facts)
    assert text.splitlines()[:3] == [
        "(set-logic QF_LIA)",
        "(declare-const |fills of the others| Int)",
        "(declare-const x Int)",
    ]
    read = z3.parse_smt2_string(text)
    assert [one.sexpr() for one in read] == [one.sexpr() for one in facts]


def test_the_same_facts_are_the_same_text() -> None:
    writer = Writer()
    once = writer.text([X > 3, Y < 2])
    assert writer.text([X > 3, Y < 2]) == once == Writer().text([X > 3, Y < 2])
    assert writer.text([X > 3, Y < 3]) != once


def test_what_a_formula_was_is_not_taken_for_another_that_has_its_number() -> None:
    writer = Writer()
    for n in range(200):  # each is gone before the next is made
        assert f"(> x {n})" in writer.text([n < X])


def test_the_names_of_a_formula() -> None:
    assert names_in(z3.If(X > 3, Y, z3.IntVal(2)) == 1) == {"x", "fills of the others"}


def test_each_process_writes_the_same_queries_in_the_same_order() -> None:
    """Whatever the seed of Python's hashes is; so a query can be known by its text."""
    said = set()
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        said.add(ran.stdout)
    (one,) = said
    assert int(one.split()[0]) > 150
