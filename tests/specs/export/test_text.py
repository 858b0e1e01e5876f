"""What is written of a tiny system, to the letter: in Promela, in TLA+, and as a trace."""

from enum import IntEnum

import attrs
import pytest

from truebook.model.system import Action, Field, System
from truebook.specs.export.itf import itf_of
from truebook.specs.export.machine import machine_of
from truebook.specs.export.promela import promela_of
from truebook.specs.export.tla import configuration, tla_of
from truebook.specs.properties.sentences import Check, Kind


class Light(IntEnum):
    OFF = 0
    DIM = 1
    BRIGHT = 2


@attrs.define
class Room:
    left: int = Light.OFF
    right: int = Light.DIM
    age: int = 0
    still: int = 0


def swap(room: Room) -> bool:
    if room.left == room.right or room.age == 3:
        return False
    room.left, room.right = room.right, room.left
    return True


def grow(room: Room) -> bool:
    """What a later part returns does not matter: what it writes is written."""
    room.age = room.age + 1
    return False


def turn(room: Room) -> bool:
    if room.age in (1, 2):
        room.left = Light.BRIGHT if room.right == Light.OFF else Light.OFF
        room.age = 0
    return True


SWAP = Action("1.swap", (swap, grow), "the lights change places")
TURN = Action("turn:left", (turn,), "the left light is turned")
FIELDS = (
    Field("left", 3, "on the left", Light),
    Field("right", 3, "on the right", Light),
    Field("age", 4, "age"),
    Field("still", 1, "never changes"),
)
ROOM = System("room", FIELDS, (SWAP, TURN), Room, ())
LIT = Check("lit", "one light is on", Kind.STATE, lambda w: w.left != Light.OFF or w.right != 0)
STEP = Check("step", "nothing of a state", Kind.STEP)

PROMELA = r"""
/* a room */

#define Light_OFF 0
#define Light_DIM 1
#define Light_BRIGHT 2

unsigned left : 2; /* on the left */
unsigned right : 2 = 1; /* on the right */
unsigned age : 2; /* age */

/* what follows is no part of the state */
hidden int value;
hidden int old_left;

active proctype world() {
end:
  do
  :: d_step { /* the lights change places */
      !(left == right || age == 3) ->
      old_left = left;
      left = right;
      right = old_left;
      value = age + 1;
      assert(0 <= value && value < 4);
      age = value;
    }
  :: d_step { /* the left light is turned */
      true ->
      left = (age == 1 || age == 2 -> (right == Light_OFF -> Light_BRIGHT : Light_OFF) : left);
      age = (age == 1 || age == 2 -> 0 : age);
    }
  :: d_step { /* lit: one light is on */
      left == Light_OFF && right == Light_OFF ->
      assert(false)
    }
  od
}
"""

TLA = r"""
---- MODULE Room ----
\* a room
EXTENDS Integers

VARIABLES
  left, \* on the left
  right, \* on the right
  age \* age

vars ==
  <<left, right, age>>

Light_OFF == 0
Light_DIM == 1
Light_BRIGHT == 2

TypeOK ==
  /\ left \in 0..2
  /\ right \in 0..2
  /\ age \in 0..3

Init ==
  /\ left = Light_OFF
  /\ right = Light_DIM
  /\ age = 0

\* the lights change places
Order1Swap ==
  /\ ~(left = right \/ age = 3)
  /\ left' = right
  /\ right' = left
  /\ age' = age + 1

\* the left light is turned
TurnLeft ==
  /\ left' =
       IF age = 1 \/ age = 2
       THEN IF right = Light_OFF
            THEN Light_BRIGHT
            ELSE Light_OFF
       ELSE left
  /\ age' = (IF age = 1 \/ age = 2 THEN 0 ELSE age)
  /\ UNCHANGED <<right>>

Next ==
  \/ Order1Swap
  \/ TurnLeft

Spec == Init /\ [][Next]_vars

\* lit: one light is on
Lit_1 ==
  ~(left = Light_OFF /\ right = Light_OFF)
================
"""


def test_promela_to_the_letter() -> None:
    assert promela_of(machine_of(ROOM, (LIT, STEP)), "a room") == PROMELA.lstrip()


def test_tla_to_the_letter() -> None:
    machine = machine_of(ROOM, (LIT, STEP))
    assert tla_of(machine, "Room", "a room") == TLA.lstrip()
    assert configuration(machine) == (
        "SPECIFICATION Spec\nINVARIANT TypeOK\nINVARIANT Lit_1\nCHECK_DEADLOCK FALSE\n"
    )


def test_a_trace_loads_in_another_reader() -> None:
    reader = pytest.importorskip("itf_py", reason="the reader is of the dev extra")
    trace = reader.trace_from_json(itf_of(ROOM, ["1.swap", "turn:left"], "a room"))
    assert trace.vars == ["left", "right", "age", "still"]
    assert trace.meta["format"] == "ITF"
    assert trace.meta["description"] == "a room"
    assert [state.values for state in trace.states] == [
        {"left": 0, "right": 1, "age": 0, "still": 0},
        {"left": 1, "right": 0, "age": 1, "still": 0},
        {"left": 2, "right": 0, "age": 0, "still": 0},
    ]
    assert [state.meta.get("action") for state in trace.states] == [None, "1.swap", "turn:left"]


def test_a_run_that_cannot_be_says_why() -> None:
    with pytest.raises(ValueError, match=r"no action is named 'jump'; the actions are: 1\.swap"):
        itf_of(ROOM, ["jump"], "")
    with pytest.raises(ValueError, match=r"step 4, '1\.swap', is not possible there; possible"):
        itf_of(ROOM, ["1.swap"] * 4, "")
    short = attrs.evolve(ROOM, fields=(*FIELDS[:2], Field("age", 2, "age"), FIELDS[3]))
    with pytest.raises(ValueError, match=r"'1\.swap' wrote 2 to age"):
        itf_of(short, ["1.swap"] * 2, "")


def test_two_names_that_become_one_are_refused() -> None:
    one = Action("1-swap", (swap,), "the lights change places")
    twice = attrs.evolve(ROOM, actions=(one, Action("1:swap", (swap,), "again")))
    with pytest.raises(ValueError, match="are both '1Swap' here"):
        machine_of(twice)
