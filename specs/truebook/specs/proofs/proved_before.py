"""Jobs that were done before: what was proved of a world, by the code that makes its queries.

The key of a job is all that decides what it comes to: the text of every Python file of the model
and of the specifications, the versions of Python, of attrs and of the solvers, and its options. So
whatever is changed of the model, of a lemma or of an engine, each world is proved again.
"""

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

import truebook.model
import truebook.specs
from truebook.specs.proofs import cache
from truebook.specs.proofs.induction import Answer
from truebook.specs.proofs.jobs import Claim, Job, Shown


class ProvedBefore:
    """The jobs of one run that were done before, and those done now.

    `folder` None: none were, and none are kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._code = None if folder is None else code()

    def split(self, jobs: Sequence[Job]) -> tuple[list[Shown], list[Job]]:
        """Return what is known of some jobs, and those that are to be done."""
        known = {job: self._read(job) for job in jobs}
        done = [shown for shown in known.values() if shown is not None]
        return done, [job for job in jobs if known[job] is None]

    def keep(self, shown: Shown) -> None:
        """Keep what a job came to, if all is proved and no file was changed meanwhile."""
        if self._folder is not None and _proved(shown) and code() == self._code:
            cache.write(self._folder, self._key(shown.job), _written(shown))

    def _read(self, job: Job) -> Shown | None:
        if self._folder is None:
            return None
        entry = cache.read(self._folder, self._key(job))
        return None if entry is None else _shown(job, entry)

    def _key(self, job: Job) -> dict[str, Any]:
        options = attrs.asdict(job, filter=lambda of, _: of.name not in ("kept", "cache"))
        second = {} if job.asking.solver == "z3" else {"cvc5": version("cvc5")}
        return {"code": self._code, **second, "z3": version("z3-solver"), "job": options}


def code() -> str:
    """Return the hash of what makes the queries, Python's version and that of attrs in it."""
    folders = [Path(place) for of in (truebook.model, truebook.specs) for place in of.__path__]
    made = cache.sources_digest(folders)
    return f"{made} python {platform.python_version()} attrs {version('attrs')}"


def _proved(shown: Shown) -> bool:
    """Return whether a job came to nothing but proofs."""
    if shown.job.opinion is not None:
        return shown.said == "proved"
    return not shown.said and all(c.answer.proved for c in (*shown.claims, *shown.lemmas))


def _written(shown: Shown) -> dict[str, Any]:
    return {
        "claims": list(_rows(shown.claims)),
        "lemmas": list(_rows(shown.lemmas)),
        "assumptions": shown.assumptions,
        "counts": [shown.actions, shown.paths, shown.queries],
        "said": shown.said,
        "seconds": shown.seconds,
    }


def _rows(claims: Sequence[Claim]) -> Iterator[list[Any]]:
    for claim in claims:
        answer = claim.answer
        how = answer.method, answer.queries, answer.seconds
        yield [claim.name, claim.words, *how, claim.rank, claim.rounds, claim.needs]


def _shown(job: Job, entry: dict[str, Any]) -> Shown:
    actions, paths, queries = entry["counts"]
    return Shown(
        job,
        tuple(_claims(entry["claims"])),
        tuple(_claims(entry["lemmas"])),
        tuple(entry["assumptions"]),
        actions,
        paths,
        queries,
        entry["said"],
        entry["seconds"],
        before=True,
    )


def _claims(rows: Sequence[Sequence[Any]]) -> Iterator[Claim]:
    for name, words, method, queries, seconds, rank, rounds, needs in rows:
        answer = Answer(True, method, queries, seconds)
        yield Claim(name, words, answer, rank=rank, rounds=rounds, needs=tuple(needs))
