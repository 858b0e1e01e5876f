// What both bots do, whatever client is below: they place pairs of orders, modify and cancel them.

const LIMIT = 3, SIZE = "1";
const SIGNS = { B: 1, buy: 1, A: -1, sell: -1 }; // nomeida's client translates sides
export const URL = process.env.TRUEBOOK_VENUE;
export const WS = process.env.TRUEBOOK_VENUE_WS;
export const KEY = process.env.TRUEBOOK_VENUE_KEY;
export const ACCOUNT = process.env.TRUEBOOK_VENUE_ACCOUNT;
export const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

/** What a bot believes: its orders by oid, and the position that its fills come to. */
export class Belief {
  open = new Map();
  position = 0;
  #seen = new Set();
  #over = new Set();

  /** Count each fill once. */
  hearFills(fills) {
    for (const fill of fills) {
      const name = `${fill.time} ${fill.tid} ${fill.oid}`;
      if (this.#seen.has(name)) continue;
      this.#seen.add(name);
      this.position += SIGNS[fill.side] * Number(fill.sz);
    }
  }

  /** Forget an order that is over, also if that is heard before the answer to it. */
  hearUpdates(updates) {
    for (const { order, status } of updates) {
      if (status === "open") continue;
      this.#over.add(order.oid);
      this.open.delete(order.oid);
    }
  }

  /** Keep those that rest, of what is answered to orders. */
  keep(statuses, sides) {
    statuses.forEach((one, place) => {
      const oid = one.resting?.oid;
      if (oid !== undefined && !this.#over.has(oid)) this.open.set(oid, sides[place]);
      else if (one.error) console.error("refused:", one.error);
    });
  }

  /** Say what is believed. */
  async tell() {
    const position = { ETH: this.position.toFixed(4) };
    const body = JSON.stringify({ position, open: [...this.open.keys()] });
    await fetch(`${URL}/_truebook/belief`, { method: "POST", body });
  }
}

/** Trade over a client, which places, modifies, cancels and tells the middle price, until SIGTERM. */
export async function trade(belief, client) {
  let ended = false, before = 0;
  process.on("SIGTERM", () => { ended = true; });
  const cancel = async () => { // they stay in mind until that is answered
    const oids = [...belief.open.keys()];
    if (oids.length === 0) return;
    await client.cancel(oids).catch(error => {
      if (!/already canceled, or filled/.test(error?.message)) throw error;
    });
    for (const oid of oids) belief.open.delete(oid);
  };
  const step = async turn => {
    const mid = await client.mid();
    const at = (isBuy, part) => (mid * (isBuy ? 1 - part : 1 + part)).toFixed(1);
    const old = [...belief.open];
    if (old.length === 0) {
      if (mid === before) return; // nothing is open, and nobody moves: it rests
      before = mid;
      const sides = [true, false].filter(isBuy => (isBuy ? 1 : -1) * belief.position < LIMIT);
      const orders = sides.map(isBuy => ({ isBuy, price: at(isBuy, 0.00005), size: SIZE }));
      belief.keep(await client.place(orders), sides);
    } else if (turn % 2 === 0) {
      const moved = old.map(([oid, isBuy]) => ({ oid, isBuy, price: at(isBuy, 0.00015), size: SIZE }));
      const statuses = await client.modify(moved);
      for (const [oid] of old) belief.open.delete(oid);
      belief.keep(statuses, old.map(([, isBuy]) => isBuy));
    } else await cancel();
  };
  for (let turn = 0; !ended; turn++) {
    await step(turn).catch(error => console.error("error:", `${error?.name}: ${error?.message}`.slice(0, 300)));
    await belief.tell();
    await pause(0.3);
  }
  await cancel();
  process.exit(0);
}
