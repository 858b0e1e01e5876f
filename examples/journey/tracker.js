// The orders and the position of a bot. A message of the venue comes to a method of its own.
"use strict";

const lots = Number; // the venue sends texts
const text = String;

class Tracker {
  constructor() {
    this.position = 0;
    this.byCloid = new Map(); // sent, and not answered yet
    this.byOid = new Map(); // open
  }

  // What the bot asks for. What is returned is the oids whose cancel is to be sent.

  place({ cloid, side, price, size }) {
    this.byCloid.set(cloid, {
      cloid, oid: null, side, price, size: lots(size), filled: 0, state: "pending",
    });
  }

  cancel({ id }) {
    const order = this.find(id);
    if (!order?.oid) return [];
    order.state = "cancel_pending";
    return [order.oid];
  }

  // What the venue says of a request

  onAnswer({ cloid, oid, filled }) {
    const order = this.byCloid.get(cloid);
    if (!order) return;
    if (!oid) return this.onError({ cloid }); // an item without an id was refused
    this.opened(order, oid);
    if (filled) this.count(order, order.side, lots(filled));
  }

  onError({ cloid }) {
    this.byCloid.delete(cloid);
  }

  onTimeout({ cloid }) {
    this.byCloid.delete(cloid);
  }

  onCancelAnswer({ id, outcome }) {
    const order = this.find(id);
    if (!order) return;
    if (outcome === "rejected") order.state = order.filled ? "partially_filled" : "resting";
    else this.byOid.delete(order.oid);
  }

  // What it tells by itself

  onFill({ oid, side, size }) {
    this.count(this.byOid.get(oid), side, lots(size));
  }

  onStatus({ oid, cloid, status }) {
    if (status === "open" && this.byCloid.has(cloid)) this.opened(this.byCloid.get(cloid), oid);
    if (status === "open") return;
    this.byCloid.delete(cloid);
    this.byOid.delete(oid);
  }

  // What it lists as open: the rest is gone, and what we do not know is not wanted

  askListing() {}

  onListing({ orders }) {
    const listed = new Set(orders.map((order) => order.oid));
    for (const oid of this.byOid.keys()) if (!listed.has(oid)) this.byOid.delete(oid);
    return [...listed].filter((oid) => !this.byOid.has(oid));
  }

  onListingFailed() {}

  onStatusUnknown({ id }) {
    this.byCloid.delete(id);
    this.byOid.delete(id);
  }

  setTime(now) {
    this.now = now;
  }

  // What the bot reads

  orders() {
    return [...this.byOid.values(), ...this.byCloid.values()];
  }

  open() {
    return [...this.byOid.values()];
  }

  pending() {
    return [...this.byCloid.values()];
  }

  exposure(side) {
    const open = this.open().filter((order) => order.side === side);
    return open.reduce((sum, order) => sum + order.size - order.filled, 0);
  }

  find(id) {
    return this.byOid.get(id) ?? this.orders().find((order) => order.cloid === id);
  }

  opened(order, oid) {
    this.byCloid.delete(order.cloid);
    order.oid = oid;
    order.state = "resting";
    this.byOid.set(oid, order);
  }

  count(order, side, filled) {
    this.position += side === "buy" ? filled : -filled;
    if (!order) return;
    order.filled += filled;
    if (order.filled >= order.size) this.byOid.delete(order.oid);
    else if (order.state !== "cancel_pending") order.state = "partially_filled";
  }
}

module.exports = { Tracker, text };
