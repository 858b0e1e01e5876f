"""Proving a design: each world in a process of its own."""

import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import Design, design_named
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.proofs.asking import Asker, Asking
from truebook.specs.proofs.confluence import prove_confluence
from truebook.specs.proofs.horn import OPINIONS, Opinion, second_opinion
from truebook.specs.proofs.independence import entangled, prove_sums, together
from truebook.specs.proofs.induction import Answer, Counterexample, Prover
from truebook.specs.proofs.k_induction import prove_by_k_induction
from truebook.specs.proofs.lemmas import lemmas_of
from truebook.specs.proofs.liveness import prove_quiet
from truebook.specs.proofs.solving import own_context
from truebook.specs.proofs.strengthening import strengthened
from truebook.specs.proofs.triage import NotLookedUp, Reachable, leads_to, look_up
from truebook.specs.proofs.worlds import OpenWorld, open_foreign, open_order, open_world
from truebook.specs.properties import ASSUMPTIONS, PROPERTY_NAMES, SETTLED, Check, Kind, checks_of
from truebook.specs.scenarios import EVERYTHING, NEED_NO_BOUND, AnyBounds
from truebook.specs.words import counted

NAMED: dict[str, AnyBounds] = {
    "fills": MemoryBounds(fills=4, rebase=True),
    "reversals": MemoryBounds(fills=2, rebase=True, reversal=True),
    "names": NameBounds(),
    "requests": RequestBounds(),
    "sizes": SizeBounds(),
}
"""The small worlds of named things."""
WORLDS = (
    *("order", "any delay", "foreign", "foreign left", "waiting", *NAMED),
    *("lies", "foreign lies"),
)
"""The worlds that proofs are about; "any delay" is of an order, without assumptions on delays;
in "foreign left" the policy is to leave what is not ours, which needs no assumption.

Where the venue lies nothing is assumed at all.
"""
WHATEVER_IS_SAID = {
    "lies": ("position-is-unique-fills", "no-fill-twice", "no-false-orphan", *SETTLED),
    "foreign lies": ("no-false-orphan", *SETTLED),
}
"""The properties that hold even while a false word of the venue stands."""
ANY_DELAY = ("fill-window", "answer-delay")
"""The assumptions on delays, which some properties do without."""
_NOT_NEEDED = {
    "any delay": ANY_DELAY,
    "foreign": (*ANY_DELAY, "listing-timeout"),
    "waiting": ("answer-delay", "listing-timeout"),
    **{w: tuple(a.name for a in ASSUMPTIONS) for w in ("foreign left", *WHATEVER_IS_SAID)},
}
"""The assumptions that the proofs of a world do without."""
REACHABLE = "reachable"
"""How the meaning of a counterexample begins that the explorer reaches."""


@attrs.frozen
class Job:
    """What one process is to show: of a world, or a second opinion, under a design."""

    world: str
    design: str = "reference"
    switched_off: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    properties: tuple[str, ...] = PROPERTY_NAMES
    asking: Asking = attrs.field(factory=Asking)
    opinion: Opinion | None = None

    @property
    def title(self) -> str:
        """What it is about, for readers."""
        if self.opinion is not None:
            return f"{self.world}, second opinion on {self.opinion.property}"
        return self.world

    @property
    def speaks_of(self) -> frozenset[str]:
        """The properties asked for that its world says something of.

        What comes once quiet is proved of an order however late its messages come, which is more.
        """
        world, _ = opened(self, design_named(self.design, *self.switched_off))
        known = {c.property for c in checks_of(world.system)}
        if self.world == "any delay":
            known &= set(NEED_NO_BOUND)
        if self.world == "order" and not self.smaller:
            known -= set(SETTLED)
        known &= set(WHATEVER_IS_SAID.get(self.world, known))
        return frozenset(known.intersection(self.properties))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions that its proofs make: those that its world has, but for some."""
        world, _ = opened(self, design_named(self.design, *self.switched_off))
        return tuple(a.name for a in world.assumptions if a.name not in self.not_made)

    @property
    def not_made(self) -> tuple[str, ...]:
        """The assumptions that are not made in its world."""
        return (*self.without, *_NOT_NEEDED.get(self.world, ()))

    @property
    def smaller(self) -> bool:
        """Whether a proof is to fail, so that its world has little in it."""
        return bool(self.switched_off or self.without)

    @property
    def faults(self) -> Bounds:
        """What can go wrong: everything, or where a proof is to fail the least.

        There a modify is left out but for the rule about it, since states are looked up; and where
        the venue lies, since there nothing tells which of the many paths none takes.
        """
        if self.world in WHATEVER_IS_SAID:
            return attrs.evolve(EVERYTHING, modify=False, lie=True)
        faults = attrs.evolve(EVERYTHING, leave=self.world == "foreign left")
        if not self.smaller:
            return faults
        return attrs.evolve(faults, modify="modify-binds" in self.switched_off, snapshots=1)


@attrs.frozen
class Claim:
    """One thing that a job was to show: its words, what came of it, and what that means.

    Where it is that a rank is within a limit, `rank` says what it counts, and `rounds` the limit;
    `needs` are the assumptions that this takes besides those of the job.
    """

    name: str
    words: str
    answer: Answer
    meaning: str = ""
    state: tuple[str, ...] = ()
    rank: str = ""
    rounds: str = ""
    needs: tuple[str, ...] = ()


@attrs.frozen
class Shown:
    """What a job came to: claims by property, lemmas, and what the proofs assume.

    `paths` is how many paths the actions have, `queries` how many were asked of it. `said` is of a
    second opinion alone. What was done `before` is from the cache, with the seconds it took then.
    """

    job: Job
    claims: tuple[Claim, ...] = ()
    lemmas: tuple[Claim, ...] = ()
    assumptions: tuple[str, ...] = ()
    actions: int = 0
    paths: int = 0
    queries: int = 0
    said: str = ""
    seconds: float = 0.0
    before: bool = False


def jobs_for(
    design: str,
    switched_off: tuple[str, ...] = (),
    *,
    properties: Sequence[str] = PROPERTY_NAMES,
    without: Sequence[str] = (),
    asking: Asking | None = None,
) -> tuple[Job, ...]:
    """Return what is to be shown of a design, in the worlds that speak of it; the longest first."""
    common = Job(
        "order", design, switched_off, tuple(without), tuple(properties), asking or Asking()
    )
    worlds = (attrs.evolve(common, world=world) for world in WORLDS)
    jobs = [job for job in worlds if job.speaks_of]
    if common.smaller:
        less = "any delay", *WHATEVER_IS_SAID
        return tuple(job for job in jobs if job.world not in less)
    jobs += [
        attrs.evolve(common, opinion=opinion)
        for opinion in OPINIONS
        if opinion.property in properties
    ]
    if any(job.world == "order" for job in jobs):
        jobs.append(attrs.evolve(common, world="several orders"))
    return tuple(jobs)


def show_all(
    jobs: Sequence[Job],
    *,
    processes: int | None = None,
    progress: Callable[..., None] | None = None,
) -> Iterator[Shown]:
    """Do the jobs side by side, and yield what each came to."""
    return side_by_side(show, jobs, jobs=processes, progress=progress)


def show(job: Job, tell: Tell) -> Shown:
    """Do one job."""
    with own_context():
        return _show(job, tell)


def _show(job: Job, tell: Tell) -> Shown:
    started = time.perf_counter()
    design = design_named(job.design, *job.switched_off)
    if job.opinion is not None:
        said, seconds = second_opinion(job.opinion, design=design)
        return Shown(job, said=said, seconds=seconds)
    shown = (
        _entanglement(job, design) if job.world == "several orders" else _prove(job, design, tell)
    )
    return attrs.evolve(shown, seconds=time.perf_counter() - started)


def opened(job: Job, design: Design) -> tuple[OpenWorld, AnyBounds]:
    """Return the world of a job, and the bounds that it was opened from."""
    bounds = NAMED.get(job.world, job.faults)
    return open_world(job.world, design, bounds), bounds


def _entanglement(job: Job, design: Design) -> Shown:
    plain = attrs.evolve(EVERYTHING, modify=False, snapshots=1)
    order, foreign = open_order(design, plain), open_foreign(design, plain)
    pairs = together((order, order)), together((order, foreign))
    found = [line for pair in pairs for line in entangled(*pair)]
    actions = sum(len(system.actions) for system, _ in pairs)
    return Shown(job, said="; ".join(found), actions=actions)


def _prove(job: Job, design: Design, tell: Tell) -> Shown:
    world, base = opened(job, design)
    asker = Asker(job.asking, world=job.world)
    found = strengthened(world, lemmas_of(world), without=job.not_made, asker=asker, tell=tell)
    prover = found.prover
    if found.settled:
        claims = tuple(_claims(job, prover, base, design, tell))
    else:
        unknown = Answer(False, "", 0, 0.0, unknown="no set of the lemmas was found inductive")
        claims = tuple(Claim(name, "every part", unknown) for name in job.properties)
    lost = [
        _with_meaning(world, design, base, Claim(m.name, m.sentence, a), look=n == 0)
        for n, (m, a) in enumerate(found.lost)
    ]
    return Shown(
        job,
        claims,
        (*lost, *(Claim(m.name, m.sentence, a) for m, a in found.kept)),
        tuple(a.name for a in prover.assumptions),
        len(prover.steps),
        sum(step.paths for step in prover.steps),
        asker.asked,
    )


def _claims(
    job: Job, prover: Prover, base: AnyBounds, design: Design, tell: Tell
) -> Iterator[Claim]:
    wanted = job.speaks_of
    looked_up: set[str] = set()
    empty = "; ".join(prover.never())
    if empty:
        yield Claim("", "everything can happen", Answer(False, "", 0, 0.0, unknown=empty))
    left_out = prover.prove_left_out()
    if not left_out.proved:
        yield Claim("", "nothing takes the paths that were left out", left_out)
    domains = prover.prove_domains()
    if not domains.proved:
        yield Claim("", "every field keeps to its domain", domains)
    for check in checks_of(prover.world.system):
        if check.property not in wanted or check.kind is Kind.SETTLED:
            continue
        tell(f"proving {check.property}")
        messages = check.kind in (Kind.COMMUTE, Kind.REPEAT)
        claim = Claim(
            check.property,
            check.part if messages else f"never: {check.part}",
            prove_confluence(prover, check) if messages else prover.prove(check),
        )
        look = check.property not in looked_up
        claim = _with_meaning(prover.world, design, base, claim, look=look)
        if claim.meaning:
            looked_up.add(check.property)
        yield _by_k_induction(prover, check, claim)
    tell("proving what comes once quiet")
    yield from _once_quiet(job, prover, base, design)
    if job.world in ("order", "any delay") and "position-is-unique-fills" in job.properties:
        words = "the position is the sum of the fills of any number of orders"
        yield Claim("position-is-unique-fills", words, prove_sums(prover))


def _once_quiet(job: Job, prover: Prover, base: AnyBounds, design: Design) -> Iterator[Claim]:
    """Yield what is asked of quiet rounds, a claim for each property that needs it."""
    wanted = [name for name in SETTLED if name in job.speaks_of]
    looked_up: set[str] = set()
    for part in prove_quiet(prover, wanted, without=job.without):
        limit = part.limit
        claim = Claim(
            "",
            part.words,
            part.answer,
            rank=part.rank.words if limit is not None and part.rank is not None else "",
            rounds="" if limit is None else limit.words,
            needs=() if limit is None else limit.needs,
        )
        look = not looked_up.issuperset(part.properties)
        claim = _with_meaning(prover.world, design, base, claim, look=look)
        if claim.meaning:
            looked_up.update(part.properties)
        found = part.answer.counterexample
        if claim.meaning.startswith(REACHABLE) and found is not None:
            right = leads_to(prover.world, design, base, found, part.properties)
            how = "lead" if right else "do not lead"
            meaning = f"{claim.meaning}; quiet rounds {how} from it to what is to hold"
            claim = attrs.evolve(claim, meaning=meaning)
        for name in part.properties:
            yield attrs.evolve(claim, name=name)


def _by_k_induction(prover: Prover, check: Check, claim: Claim) -> Claim:
    """Return a claim as k-induction proves it, where plain induction falls short of it."""
    short = claim.answer.counterexample is not None and not claim.meaning.startswith(REACHABLE)
    if check.kind is not Kind.STATE or not short:
        return claim
    answer = prove_by_k_induction(prover, check)
    if answer.proved:
        return Claim(claim.name, claim.words, answer)
    spent = claim.answer.queries + answer.queries, claim.answer.seconds + answer.seconds
    failed = attrs.evolve(claim.answer, queries=spent[0], seconds=spent[1])
    return attrs.evolve(claim, answer=failed)


def _with_meaning(
    world: OpenWorld,
    design: Design,
    base: AnyBounds,
    claim: Claim,
    *,
    look: bool,
) -> Claim:
    """Return a claim with its counterexample in words, looked up if `look`."""
    found = claim.answer.counterexample
    if found is None:
        return claim
    meaning = "not looked up"
    if look:
        match look_up(world, design, base, found):
            case Reachable(steps):
                meaning = f"{REACHABLE} in {counted(steps, 'step')}: real"
            case NotLookedUp(reason):
                meaning = f"not looked up: {reason}"
            case unreachable:
                never = " with ".join(unreachable.never)
                missing = f"the missing fact is probably: never {never}"
                meaning = f"unreachable: {missing if never else 'no few fields say why'}"
    return attrs.evolve(claim, meaning=meaning, state=tuple(in_words(world, found)))


def in_words(world: OpenWorld, found: Counterexample) -> Iterator[str]:
    """Yield a counterexample's state as readers see it, and what the step changes."""
    first = world.first()
    actions = {action.name: action.words for action in world.system.actions}
    for field in world.fields:
        value = found.before.get(field.path, 0)
        if value != first.get(field.path, 0):
            yield f"{field.label}: {field.show(value)}"
    if found.action is not None:
        yield f"then {actions.get(found.action, found.action)}"
    for field in world.fields:
        if found.after is not None and field.path in found.after:
            before, after = found.before[field.path], found.after[field.path]
            if before != after and not field.detail:
                yield f"{field.label}: {field.show(before)} → {field.show(after)}"
