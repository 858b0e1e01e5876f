"""Measure what `truebook prove` takes: each job alone, one after another, and all side by side."""

import time

from truebook.specs.proofs import Job, jobs_for, show_all


def main() -> None:
    """Prove the reference job by job, then side by side, and print the seconds of each."""
    print("\nproving the reference, for any size and timing")
    line = "{:<52} {:>8} {:>8} {:>8} {:>8}"
    print(line.format("", "lemmas", "queries", "paths", "seconds"))
    jobs = jobs_for("reference")
    alone = 0.0
    for job in jobs:
        (shown,) = show_all([job], processes=1)
        queries = sum(claim.answer.queries for claim in (*shown.claims, *shown.lemmas))
        counts = (f"{n:,}" if n else "" for n in (len(shown.lemmas), queries, shown.paths))
        print(line.format(job.title, *counts, f"{shown.seconds:.1f}"))
        alone += shown.seconds
    print(line.format("all, one after another", "", "", "", f"{alone:.1f}"))
    print(line.format("all, side by side", "", "", "", f"{side_by_side(jobs):.1f}"))


def side_by_side(jobs: tuple[Job, ...]) -> float:
    """Return the seconds that all jobs take in processes side by side, one a core."""
    started = time.perf_counter()
    for _ in show_all(jobs):
        pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
