"""What was proved before: known by all that decides it, and never where an entry is not whole."""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import attrs
import pytest

from truebook.specs.proofs import cache, cvc5_solver, proved_before
from truebook.specs.proofs.asking import Asking
from truebook.specs.proofs.cache import Unsat, sources_digest, user_cache
from truebook.specs.proofs.cvc5_solver import Said
from truebook.specs.proofs.induction import Answer
from truebook.specs.proofs.jobs import Claim, Job, Shown, show
from truebook.specs.proofs.proved_before import ProvedBefore

PROVED = Answer(True, "inductive", 2, 0.5)
UNKNOWN = Answer(False, "", 1, 0.5, unknown="it is hard")
JOB = Job("foreign")
RANKED = Claim("recovers", "less", PROVED, rank="a rank", rounds="L + 1", needs=("lag",))
SHOWN = Shown(
    JOB,
    (Claim("identity", "never: one", PROVED), RANKED),
    (Claim("a", "b", PROVED),),
    ("lag",),
    3,
    5,
    7,
)


def known(folder: Path, job: Job = JOB) -> list[Shown]:
    done, to_do = ProvedBefore(folder).split([job])
    assert len(done) + len(to_do) == 1
    return done


def kept(folder: Path, shown: Shown = SHOWN) -> Path:
    ProvedBefore(folder).keep(shown)
    (path,) = folder.iterdir()
    return path


# Worlds


def test_what_is_proved_is_known_again(tmp_path: Path) -> None:
    assert known(tmp_path / "new") == []
    kept(tmp_path / "new")
    assert known(tmp_path / "new") == [attrs.evolve(SHOWN, before=True)]


@pytest.mark.parametrize(
    "shown",
    [
        attrs.evolve(SHOWN, claims=(Claim("identity", "never: one", UNKNOWN),)),
        attrs.evolve(SHOWN, lemmas=(*SHOWN.lemmas, Claim("c", "d", UNKNOWN))),
        Shown(Job("several orders"), said="'steal' touches o0 and o1", actions=1),
    ],
)
def test_what_is_not_proved_is_not_kept(shown: Shown, tmp_path: Path) -> None:
    ProvedBefore(tmp_path).keep(shown)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        Job("waiting"),
        Job("foreign", switched_off=("tombstones",)),
        Job("foreign", without=("lag",)),
        Job("foreign", properties=("identity",)),
        Job("foreign", asking=Asking(7)),
        Job("foreign", asking=Asking(solver="cvc5")),
    ],
)
def test_another_job_is_not_known(other: Job, tmp_path: Path) -> None:
    kept(tmp_path)
    assert known(tmp_path, other) == []


def test_where_it_is_kept_is_no_part_of_a_job(tmp_path: Path) -> None:
    kept(tmp_path)
    assert known(tmp_path, Job("foreign", asking=Asking(kept=tmp_path, cache=tmp_path)))


@pytest.mark.parametrize("name", ["z3-solver", "attrs"])
def test_another_version_is_not_known(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path)
    monkeypatch.setattr(proved_before, "version", lambda of: "0" if of == name else version(of))
    assert known(tmp_path) == []


def test_other_code_is_not_known_and_what_changed_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path / "one")
    before = ProvedBefore(tmp_path / "two")
    monkeypatch.setattr(proved_before, "code", lambda: "changed")
    assert known(tmp_path / "one") == []
    before.keep(SHOWN)
    assert not (tmp_path / "two").exists()


def test_the_code_is_every_file_its_place_and_its_text(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.py").write_text("x = 1")
    once = sources_digest([tmp_path])
    assert sources_digest([tmp_path]) == once
    said = {once}
    (tmp_path / "a" / "one.py").write_text("x = 2")
    said.add(sources_digest([tmp_path]))
    (tmp_path / "a" / "one.py").rename(tmp_path / "a" / "two.py")
    said.add(sources_digest([tmp_path]))
    (tmp_path / "three.py").write_text("")
    said.add(sources_digest([tmp_path]))
    assert len(said) == 4


def test_the_code_has_the_model_the_lemmas_and_the_engines() -> None:
    code = proved_before.code()
    roots = [Path(place) for of in ("model", "specs") for place in _places(f"truebook.{of}")]
    assert code.startswith(sources_digest(roots))
    files = {path.name for root in roots for path in root.rglob("*.py")}
    assert {"tracker.py", "symbolic.py", "induction.py", "order.py", "sentences.py"} <= files


def _places(name: str) -> list[str]:
    return list(sys.modules[name].__path__)


def _cut(text: str) -> str:
    return text[: len(text) // 2]


def _changed(text: str) -> str:
    return text.replace("never: one", "never: two")


def _foreign(text: str) -> str:
    """Return an entry that is whole, of something else."""
    entry = json.loads(text)
    entry["key"]["job"]["world"] = "order"
    entry["sum"] = cache._sum(cache._text([entry["key"], entry["value"]]))
    return json.dumps(entry)


@pytest.mark.parametrize(
    "damage", [_cut, _changed, _foreign, lambda text: "", lambda text: "[]", lambda text: "{}"]
)
def test_a_damaged_or_foreign_entry_is_none(damage: Callable[[str], str], tmp_path: Path) -> None:
    path = kept(tmp_path)
    whole = path.read_text()
    path.write_text(damage(whole))
    assert path.read_text() != whole
    assert known(tmp_path) == []
    kept(tmp_path)
    assert len(known(tmp_path)) == 1


def test_bytes_that_are_no_text_are_no_entry(tmp_path: Path) -> None:
    kept(tmp_path).write_bytes(b"\xff\xfe\x00")
    assert known(tmp_path) == []


def test_without_a_folder_nothing_is_known_or_kept() -> None:
    before = ProvedBefore(None)
    before.keep(SHOWN)
    assert before.split([JOB]) == ([], [JOB])


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ProvedBefore(tmp_path / "file").keep(SHOWN)
    Unsat(tmp_path / "file", "z3-1").add("text")
    assert known(tmp_path / "file") == []


# Queries


def test_a_query_is_known_by_exactly_its_text_to_that_solver(tmp_path: Path) -> None:
    assert "(one)" not in Unsat(tmp_path, "z3-1")
    for text in ("(one)", "(two)"):
        Unsat(tmp_path, "z3-1").add(text)
    again = Unsat(tmp_path, "z3-1")
    assert "(one)" in again
    assert "(two)" in again
    assert "(one) " not in again
    assert "(one)" not in Unsat(tmp_path, "z3-2")
    assert "(one)" not in Unsat(tmp_path, "cvc5-1")
    assert "(one)" not in Unsat(None, "z3-1")


def test_a_line_of_another_solver_or_a_damaged_one_is_none(tmp_path: Path) -> None:
    Unsat(tmp_path, "cvc5-1").add("(one)")
    (path,) = tmp_path.iterdir()
    line = path.read_text()
    path.rename(tmp_path / "unsat-z3-1.txt")
    assert "(one)" not in Unsat(tmp_path, "z3-1")
    for damaged in (line[:-2], line[1:], "0" + line[1:], line.replace(" ", "")):
        path.write_text(damaged + "\n\x00\n" + line[:20])
        assert (damaged == line) == ("(one)" in Unsat(tmp_path, "cvc5-1"))
    path.write_text("torn " + line + line)
    assert "(one)" in Unsat(tmp_path, "cvc5-1")


def test_what_cvc5_proved_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(text: str, effort: int) -> Said:
        asked.append(text)
        return real(text, effort)

    real = cvc5_solver.ask
    monkeypatch.setattr(cvc5_solver, "ask", noted)
    job = Job("foreign", asking=Asking(solver="cvc5", cache=tmp_path))
    show(job, lambda *told: None)
    once, asked[:] = list(asked), []
    show(job, lambda *told: None)
    assert len(once) > 150
    assert all(real(text, 50_000_000) == Said("sat") for text in asked)
    assert len(asked) < 30  # that each action can be
    assert set(asked) <= set(once)


# Where


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        ("linux", "XDG_CACHE_HOME", "place"),
        ("linux", "", "home/.cache"),
        ("darwin", "", "home/Library/Caches"),
        ("win32", "LOCALAPPDATA", "place"),
        ("win32", "", "home/AppData/Local"),
    ],
)
def test_the_users_cache(
    platform: str, variable: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CI", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "place"))
    assert user_cache() == tmp_path / folder / "truebook" / "proofs"


@pytest.mark.parametrize(("value", "off"), [("true", True), ("1", True), ("false", False)])
def test_in_ci_there_is_none(value: str, off: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", value)
    assert (user_cache() is None) == off
