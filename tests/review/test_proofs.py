"""The report of a proof, for people: golden texts, less the seconds."""

import re
from collections.abc import Callable
from subprocess import CompletedProcess

import attrs
import pytest

from truebook.model.designs import REFERENCE
from truebook.review import proof_report as proofs
from truebook.screen.layout import WIDE, laid_out
from truebook.specs.proofs.hunt import explore_beyond
from truebook.specs.proofs.induction import Answer
from truebook.specs.proofs.jobs import Claim, Job, Shown
from truebook.specs.proofs.verdicts import report
from truebook.specs.properties.sentences import CONFLUENCE_EXCEPTION
from truebook.specs.properties.verdict import Holds, NotInductive, Proved, Unknown

Command = Callable[..., CompletedProcess[str]]
Golden = Callable[[str, str], None]
Narrow = Callable[[], str]

PROVED = Answer(True, "inductive", 2, 0.5)
K_PROVED = Answer(True, "k-inductive, k = 2", 3, 0.5)
TIMED_OUT = Answer(False, "", 1, 0.5, unknown="timeout")


def without_seconds(text: str) -> str:
    return re.sub(r"\b\d+\.\d+ s\b", "N s", text)


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        ("--property orphan-cancelled-once --lemmas", 0, "proved.txt"),
        (
            "--property orphan-cancelled-once --without orphan-cancel-marked --search-effort 0",
            4,
            "not-proved.txt",
        ),
    ],
)
def test_the_text(
    arguments: str, code: int, name: str, truebook: Command, golden: Golden, narrow: Narrow
) -> None:
    ran = truebook("prove", *arguments.split(), "--jobs", "1")
    assert ran.returncode == code
    golden(name, without_seconds(ran.stdout))
    golden(f"narrow/{name}", without_seconds(narrow()))


def test_the_text_of_runs_that_were_found(golden: Golden) -> None:
    properties = ("no-fill-twice", "transitions-in-table", "identity")
    found = explore_beyond("comparable-times", properties, REFERENCE)
    found |= explore_beyond("answer-delay", properties, REFERENCE)
    for name, width in (("found.txt", WIDE), ("narrow/found.txt", 60)):
        blocks = proofs.hunted_blocks("reference", found, properties)
        text = [line for _, line in laid_out(blocks, width)]
        golden(name, "\n".join(text) + "\n")


def lines(*claims: Claim, world: str = "order", **more: object) -> list[str]:
    shown = Shown(Job(world), claims, assumptions=("lag",), actions=3, **more)  # type: ignore[arg-type]
    names = [claim.name for claim in claims]
    blocks = proofs.blocks(report([shown], names), {}, lemmas=False)
    return [line for _, line in laid_out(blocks)]


def test_the_exception_to_confluence_is_printed_where_it_is_proved() -> None:
    exception = f"  confluence has one exception. {CONFLUENCE_EXCEPTION}"
    assert exception in lines(Claim("confluence", "messages commute", PROVED))
    assert exception not in lines(Claim("confluence", "messages commute", TIMED_OUT))
    assert exception not in lines(Claim("identity", "never: it does not resolve", PROVED))


def test_the_largest_k_that_a_part_needs_is_said() -> None:
    (line,) = (
        line
        for line in lines(
            Claim("identity", "never: one", PROVED), Claim("identity", "never: other", K_PROVED)
        )
        if "identity" in line
    )
    assert line == (
        "  proved        identity                  k-inductive, k = 2, 5 queries in 1.00 s; "
        "assumes lag"
    )


LIMITED = Claim(
    "recovers",
    "after one quiet round the rank is less than L + 1",
    PROVED,
    rank="until a listing tells",
    rounds="L + 1",
    needs=("expiry",),
)
AT_ONCE = Claim("recovers", "less than 1", PROVED, rank="0", rounds="1")


def test_what_comes_once_quiet_is_shown_with_its_rank_and_its_rounds() -> None:
    printed = lines(Claim("recovers", "the rank falls", PROVED), LIMITED)
    assert printed[1:3] == [
        "  proved        recovers                  by a rank that falls, 4 queries in 1.00 s; "
        "assumes quiet, expiry, lag",
        "      order: in L + 1 quiet rounds, by expiry; the rank: until a listing tells",
    ]
    assert any(text.startswith("  quiet is an assumption of fairness.") for text in printed)
    assert "      order: in 1 quiet round" in lines(AT_ONCE)
    assert not any("fairness" in text for text in lines(Claim("identity", "never", PROVED)))


def test_the_object_has_the_rank_and_the_rounds() -> None:
    found = report([Shown(Job("lies"), (LIMITED,))], ["recovers"])
    said = proofs.as_json("reference", found, {}, 1.0)["properties"]["recovers"]
    assert said["method"] == "by a rank that falls"
    assert said["assumptions"] == ["quiet", "expiry"]
    assert said["rounds"] == {
        "lies": {"most": "L + 1", "rank": "until a listing tells", "needs": ["expiry"]}
    }


def test_a_limit_of_one_world_that_is_not_proved_leaves_the_property_so() -> None:
    failed = attrs.evolve(LIMITED, answer=TIMED_OUT)
    shown = [Shown(Job("lies"), (LIMITED,)), Shown(Job("foreign"), (failed,))]
    assert report(shown, ["recovers"]).properties == {
        "recovers": Unknown(f"{LIMITED.words}: timeout")
    }


def test_unknown_says_of_what_and_why() -> None:
    assert "  unknown       identity                  never: one: timeout" in lines(
        Claim("identity", "never: one", PROVED), Claim("identity", "never: one", TIMED_OUT)
    )


def test_what_nothing_speaks_of_is_unknown() -> None:
    found = report([Shown(Job("order"))], ["identity"])
    assert found.properties == {"identity": Unknown("no world has anything that this speaks of")}


def test_assumptions_are_of_the_world_that_needs_fewest() -> None:
    of_order = Shown(Job("order"), (Claim("identity", "", PROVED),), assumptions=("lag", "expiry"))
    of_any = Shown(Job("any delay"), (Claim("identity", "", PROVED),), assumptions=("lag",))
    of_both = report([of_order, of_any], ["identity"])
    assert of_both.properties == {"identity": Proved("inductive", ("lag",))}
    assert report([of_order], ["identity"]).properties == {
        "identity": Proved("inductive", ("expiry", "lag"))
    }


def test_a_field_that_leaves_its_domain_is_of_every_property() -> None:
    found = report(
        [Shown(Job("order"), (Claim("", "every field", TIMED_OUT), Claim("identity", "", PROVED)))],
        ["identity"],
    )
    assert found.properties == {"identity": Unknown("every field: timeout")}


def test_a_proof_comes_to_no_other_verdict() -> None:
    with pytest.raises(ValueError, match="a proof does not come to Holds"):
        proofs._verdict_json(Holds(()))
    assert proofs._verdict_json(NotInductive("x", ("y",), "z"))["state"] == ["y"]
