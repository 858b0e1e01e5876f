"""The shares of an audit on Ray: beyond one machine the same shares, and the same fold.

The cluster is that of RAY_ADDRESS, else one of this machine, begun here; each of its machines is
to have the files under the same names.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from typing import Any

import ray

from truebook.audit.jobs import Part, Task, fold
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import CannotReadError, NotApartError
from truebook.screen.progress import StatusLine

ENDED = (BooksNeededError, CannotReadError, NotApartError)
"""What a share may end in; Ray would wrap it in an error of its own."""


def on_ray(tasks: Sequence[Task], progress: StatusLine) -> Iterator[Part]:
    """Yield what comes of each share; what one ends in is raised."""
    progress.show(f"{len(tasks)} shares on Ray")
    begun: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": len(tasks)}
    ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False, **begun)
    try:
        remote: Any = ray.remote(num_cpus=1)(_fold)
        waiting = [remote.remote(task) for task in tasks]
        while waiting:
            (ready,), waiting = ray.wait(waiting, num_returns=1)
            came = ray.get(ready)
            if isinstance(came, ENDED):
                raise came
            yield came
    finally:
        ray.shutdown()


def _fold(task: Task) -> Part | Exception:
    try:
        return fold(task, lambda *words: None)
    except ENDED as error:
        return error
