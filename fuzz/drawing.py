"""Drawing: which step comes next, from a seed and what there is."""

import random
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

import attrs

from fuzz import lies
from fuzz.stage import Stage
from fuzz.venue import Leg
from fuzz.words import SECOND
from fuzz.world import Setup, Step

TROUBLES = {
    "refused modifies": "a modify is refused, and shown under an oid of its own",
    "gone": "a modify is refused, and the old order is cancelled",
    "lost requests": "a request never arrives",
    "lost answers": "an answer is late, or never comes",
    "replays": "what was heard is heard again; the stream breaks, and its fills come again",
    "restarts": "the bot is killed between two calls, or in the middle of a pass",
    "journal": "the book is in a journal",
    "new books": "the book is lost, and a new one takes over what is there",
    "lag": "a listing shows the venue as it was up to L ago",
    "cancels before answers": "an order is to be cancelled before its answer has come",
    "reused cloids": "a cloid is used again once its order is over",
    "chains": "an order is modified a hundred times and more",
    "reduce only": "orders shrink with the position",
    "ioc": "orders that trade at once or not at all",
    "rounded": "the venue accepts another size than was sent",
    "self trade": "an order is decremented without a fill",
    "in place": "a modify keeps the oid",
    "waiting": "orders are accepted, and wait for a trigger",
    "hand": "the owner cancels and modifies by hand",
    "strangers": "others have orders in the market",
    "left": "the orders of others are left alone",
    "original": "a status by cloid is that of the cancelled original",
    "fees": "a part of a fill is taken as a fee in the base asset",
    "busts": "the venue takes trades back",
    "begun": "there is a position before the book begins",
    "book cloids": "the book makes the cloids",
    "forms": "an oid comes as a text, or the bot's clock is set back",
}
"""What may go wrong in a story; each story draws some of it."""

PRICES = [Decimal(98), Decimal(99), Decimal("99.5"), Decimal(100), Decimal(101)]


def setup(dice: random.Random, troubles: frozenset[str]) -> Setup:
    """Return what holds throughout a story with these troubles."""
    shrinking = not {"reduce only", "self trade"}.isdisjoint(troubles)
    return Setup(
        own_cloids="book cloids" not in troubles,
        journal="journal" in troubles and dice.random() < 0.3,
        in_place="in place" in troubles,
        sizes_shrink=shrinking and dice.random() < 0.5,
        strangers="leave" if "left" in troubles else "cancel",
        tells_filled=not shrinking and dice.random() < 0.5,
        original="original" in troubles,
        begins=str(dice.randint(-20, 20)) if "begun" in troubles else "",
    )


@attrs.define(eq=False)
class Drawer:
    """Draws the steps of one story; `lying` false words, as a share of all steps."""

    dice: random.Random
    world: Stage
    troubles: frozenset[str]
    lying: float = 0.0
    most: int = 4
    _count: int = 0

    def draw(self) -> Step:
        """Return the next step."""
        if self.lying and self.dice.random() < self.lying and (label := self._label()):
            return ["lie", self.dice.choice(lies.KINDS), label]
        while True:
            names = list(WEIGHTS)
            name = self.dice.choices(names, [WEIGHTS[one][0] for one in names])[0]
            needs = WEIGHTS[name][1]
            if needs and needs not in self.troubles:
                continue
            step = MAKES[name](self)
            if step is not None:
                return step

    # Names and amounts

    def tag(self, letter: str) -> str:
        """Return a name that nothing has yet."""
        self._count += 1
        return f"{letter}{self._count}"

    def size(self) -> str:
        """Return a size: one lot, several, or a fraction."""
        dice = self.dice
        if dice.random() < 0.5:
            return str(dice.randint(1, 10))
        return str(Decimal(dice.randint(1, 9_999)).scaleb(-dice.randint(1, 3)))

    def part(self, left: Decimal) -> str:
        """Return a part of what is left, or all of it."""
        if self.dice.random() < 0.4:
            return str(left)
        part = (left * self.dice.randint(1, 9) / 10).quantize(Decimal("0.001"))
        return str(part if part else left)

    def has(self, trouble: str, chance: float) -> bool:
        """Return whether a trouble of this story comes now."""
        return trouble in self.troubles and self.dice.random() < chance

    def legs(self) -> list[Leg]:
        """Return the orders that are open at the venue."""
        return list(self.world.venue.open.values())

    def _label(self) -> str | None:
        labels = list(self.world.bot.cloids)[-8:]
        return self.dice.choice(labels) if labels else None

    # Steps

    def place(self) -> Step | None:
        """Place an order."""
        if len(self.legs()) + len(self.world.venue.flying) >= self.most:
            return None
        options: dict[str, object] = {}
        if self.has("reduce only", 0.3):
            options["reduce"] = True
        if self.has("ioc", 0.2):
            options["tif"] = "ioc"
        if self.has("waiting", 0.2):
            options["waits"] = self.dice.choice(["hidden", "listed"])
        if self.has("reused cloids", 0.5) and (label := self._label()):
            options["again"] = label
        side, price = self.dice.choice(["buy", "sell"]), str(self.dice.choice(PRICES))
        return ["place", self.tag("o"), side, price, self.size(), *([options] if options else [])]

    def modify(self) -> Step | None:
        """Modify an order."""
        label = self._open_label()
        if label is None:
            return None
        return ["modify", self.tag("m"), label, str(self.dice.choice(PRICES)), self.size()]

    def cancel(self) -> Step | None:
        """Cancel an order: one that is known to be open, or any."""
        must = self.has("cancels before answers", 0.5)
        label = self._label() if must else self._open_label()
        return (
            None if label is None else ["must cancel" if must else "cancel", self.tag("c"), label]
        )

    def _open_label(self) -> str | None:
        labels = [leg.label for leg in self.legs() if leg.owner == "ours"]
        return self.dice.choice(labels) if labels else None

    def reach(self) -> Step | None:
        """Let a request arrive."""
        flying = list(self.world.venue.flying.values())
        if not flying:
            return None
        request = self.dice.choice(flying)
        how: dict[str, object] = {}
        dice = self.dice
        if self.has("lost requests", 0.15):
            return [self.dice.choice(["lose", "expire"]), request.tag]
        if request.kind == "place":
            if dice.random() < 0.3:
                how["takes"] = self.part(request.size)
            if dice.random() < 0.1:
                how["refuse"] = "tick size"
            if request.size > 1 and self.has("rounded", 0.3):
                how["accepts"] = str(max(Decimal(1), request.size.to_integral_value(ROUND_DOWN)))
        elif request.kind == "modify":
            if self.has("refused modifies", 0.3):
                how["refuse"] = "post only"
            elif self.has("gone", 0.2):
                how["gone"] = True
            elif dice.random() < 0.3:
                how["silent"] = True
        elif dice.random() < 0.15:
            how["refuse"] = "rate limit"
        if "refuse" in how and dice.random() < 0.7:
            how["shown"] = True
        return ["reach", request.tag, *([how] if how else [])]

    def trade(self) -> Step | None:
        """Let an order trade."""
        legs = [leg for leg in self.legs() if leg.status == "open"]
        if not legs:
            return None
        leg = self.dice.choice(legs)
        part = self.part(leg.left)
        fee = [str(Decimal(part) / 1000)] if self.has("fees", 0.5) else []
        return ["trade", self.tag("t"), leg.label, part, *fee]

    def end(self) -> Step | None:
        """Let the venue cancel an order."""
        legs = self.legs()
        return ["end", self.dice.choice(legs).label] if legs else None

    def decrement(self) -> Step | None:
        """Decrement an order."""
        legs = self.legs()
        if not legs:
            return None
        leg = self.dice.choice(legs)
        return ["decrement", leg.label, self.part(leg.left)]

    def trigger(self) -> Step | None:
        """Trigger an order that waits."""
        legs = [leg for leg in self.legs() if leg.status == "waiting"]
        if not legs:
            return None
        leg = self.dice.choice(legs)
        takes = [self.part(leg.left)] if leg.at_once and self.dice.random() < 0.7 else []
        return ["trigger", leg.label, self.tag("g"), *takes]

    def stranger(self) -> Step | None:
        """Let another place an order."""
        if len(self.legs()) >= self.most:
            return None
        side, price = self.dice.choice(["buy", "sell"]), str(self.dice.choice(PRICES))
        return ["stranger", self.tag("x"), side, price, self.size()]

    def hand(self) -> Step | None:
        """Let the owner modify an order."""
        label = self._open_label()
        if label is None:
            return None
        return ["hand", self.tag("h"), label, str(self.dice.choice(PRICES)), self.size()]

    def bust(self) -> Step | None:
        """Let the venue take a trade back."""
        fills = list(self.world.told_fills.values())
        return ["bust", self.dice.choice(fills).tag] if fills else None

    def chain(self) -> Step | None:
        """Modify an order very often."""
        label = self._open_label()
        return ["chain", label, self.dice.choice([10, 70, 130, 300])] if label else None

    def hear(self) -> Step | None:
        """Let a message arrive: often the oldest, sometimes any."""
        flying = list(self.world.flying)
        if not flying:
            return None
        name = flying[0] if self.dice.random() < 0.5 else self.dice.choice(flying)
        if self.has("forms", 0.1):
            return ["hear", name, self.dice.choice([{"texts": True}, {"back": 1_000}])]
        return ["hear", name]

    def again(self) -> Step | None:
        """Let a message arrive once more."""
        heard = list(self.world.heard)
        return ["again", self.dice.choice(heard)] if heard else None

    def silence(self) -> Step | None:
        """Wait for an answer no longer."""
        bot = self.world.bot
        waits = [tag for tag in bot.requests if tag not in bot.settled]
        return ["silence", self.dice.choice(waits)] if waits else None

    def drop(self) -> Step | None:
        """Lose a message."""
        flying = [name for name in self.world.flying if not name.startswith("fill")]
        return ["drop", self.dice.choice(flying)] if flying else None

    def listing(self) -> Step:
        """Ask for a listing."""
        back = self.dice.choice([0, 1, 3_000, 10 * SECOND]) if "lag" in self.troubles else 0
        return ["list", self.tag("l"), *([back] if back else [])]

    def ask(self) -> Step | None:
        """Ask for the status of an order."""
        label = self._label()
        if label is None:
            return None
        by = self.dice.choice(["oid", "cloid"])
        which = ["original"] if by == "cloid" and self.has("original", 0.5) else []
        return ["ask", self.tag("s"), label, by, *which]

    def sync(self) -> Step:
        """Make a pass, or a part of one."""
        if self.has("restarts", 0.2):
            return ["pass", {"stop": self.dice.randint(0, 5)}]
        return ["pass"]

    def wait(self) -> Step:
        """Let time pass."""
        dice = self.dice
        return [
            "wait",
            dice.choice([1, 50, 300, SECOND, 3 * SECOND, 6 * SECOND, 11 * SECOND, 45 * SECOND]),
        ]


WEIGHTS: dict[str, tuple[int, str]] = {
    "place": (10, ""),
    "modify": (8, ""),
    "cancel": (6, ""),
    "reach": (16, ""),
    "trade": (10, ""),
    "end": (1, ""),
    "decrement": (2, "self trade"),
    "trigger": (3, "waiting"),
    "stranger": (2, "strangers"),
    "hand": (2, "hand"),
    "bust": (1, "busts"),
    "chain": (1, "chains"),
    "hear": (30, ""),
    "again": (4, "replays"),
    "silence": (3, "lost answers"),
    "drop": (3, "lost answers"),
    "listing": (4, ""),
    "ask": (3, ""),
    "position": (1, ""),
    "reconnect": (1, "replays"),
    "restart": (1, "restarts"),
    "new book": (1, "new books"),
    "pass": (3, ""),
    "wait": (14, ""),
}
"""How often each step is drawn, and the trouble that it needs."""

MAKES: dict[str, Callable[[Drawer], Step | None]] = {
    "place": Drawer.place,
    "modify": Drawer.modify,
    "cancel": Drawer.cancel,
    "reach": Drawer.reach,
    "trade": Drawer.trade,
    "end": Drawer.end,
    "decrement": Drawer.decrement,
    "trigger": Drawer.trigger,
    "stranger": Drawer.stranger,
    "hand": Drawer.hand,
    "bust": Drawer.bust,
    "chain": Drawer.chain,
    "hear": Drawer.hear,
    "again": Drawer.again,
    "silence": Drawer.silence,
    "drop": Drawer.drop,
    "listing": Drawer.listing,
    "ask": Drawer.ask,
    "position": lambda drawer: ["position"],
    "reconnect": lambda drawer: ["reconnect"],
    "restart": lambda drawer: ["restart"],
    "new book": lambda drawer: [
        "new book",
        {
            "orders": drawer.dice.random() < 0.7,
            "fills": drawer.dice.choice([0, 1, 5, 100]),
            "listed": True,
        },
    ],
    "pass": Drawer.sync,
    "wait": Drawer.wait,
}
