"""A run of the model as a trace in the Informal Trace Format, which Apalache and Quint write.

The format (see FORMAT) is a JSON object with the names of the variables and a list of states;
the action that led to a state stands in its "#meta".
"""

from collections.abc import Sequence
from typing import Any

from truebook.model.system import System
from truebook.specs.explore import Runner
from truebook.specs.export.machine import variable_name
from truebook.specs.properties import State

FORMAT = "https://apalache-mc.org/docs/adr/015adr-trace.html"


def itf_of(system: System, run: Sequence[str], title: str) -> dict[str, Any]:
    """Return the trace of the actions of a run, by their names, from the first state.

    Values are integers, as in the module in TLA+, whose variables have the same names. Raises
    ValueError for an action that the system does not have, or that is not possible there.
    """
    runner = Runner(system)
    actions = {action.name: action for action in system.actions}
    states = [_state(system, runner.first, {"index": 0})]
    state = runner.first
    for index, name in enumerate(run, 1):
        if name not in actions:
            raise ValueError(f"no action is named {name!r}; the actions are: {', '.join(actions)}")
        after = runner.run(state, actions[name])
        if after is None:
            here = ", ".join(system.actions[n].name for n, _ in runner.successors(state))
            raise ValueError(f"step {index}, {name!r}, is not possible there; possible are: {here}")
        runner.check_range(after, name)
        state = after
        meta = {"index": index, "action": name, "words": actions[name].words}
        states.append(_state(system, state, meta))
    names = [variable_name(field.path) for field in system.fields]
    return {
        "#meta": {
            "format": "ITF",
            "format-description": FORMAT,
            "source": "truebook",
            "description": title,
            "varTypes": dict.fromkeys(names, "Int"),
        },
        "vars": names,
        "states": states,
    }


def _state(system: System, state: State, meta: dict[str, Any]) -> dict[str, Any]:
    values = {
        variable_name(field.path): {"#bigint": str(int(value))}
        for field, value in zip(system.fields, state, strict=True)
    }
    return {"#meta": meta, **values}
