// Between the oracle and the tracker: events become its calls, and its state is shown.
// truebook conform -- node examples/journey/adapter.js
"use strict";

const readline = require("node:readline");
const { Tracker, text } = require("./tracker.js");

const ABOUT = {
  type: "about", protocol: "2", name: "journey", version: "1", language: "JavaScript",
  features: ["core", "cancel", "listing", "orphans"],
  shows: [
    "position", "orders.state", "orders.filled", "open", "pending", "exposure", "effects.cancels",
  ],
};

const CALLS = {
  register: (tracker, event) => tracker.place(event),
  answer: (tracker, event) => tracker.onAnswer(event),
  reject: (tracker, event) => tracker.onError(event),
  unknown: (tracker, event) => tracker.onTimeout(event),
  fill: (tracker, event) => tracker.onFill(event),
  status: (tracker, event) => tracker.onStatus(event),
  cancel: (tracker, event) => tracker.cancel(event),
  cancel_answer: (tracker, event) => tracker.onCancelAnswer(event),
  listing_requested: (tracker, event) => tracker.askListing(event),
  listing: (tracker, event) => tracker.onListing(event),
  listing_failed: (tracker, event) => tracker.onListingFailed(event),
  status_unknown: (tracker, event) => tracker.onStatusUnknown(event),
  tick: () => {}, // the time alone
};

function shown(tracker) {
  const orders = {};
  for (const order of tracker.orders()) {
    const { cloid, oid, state, filled } = order;
    for (const id of [cloid, oid]) if (id) orders[id] = { state, filled: text(filled) };
  }
  return {
    position: text(tracker.position),
    orders,
    open: tracker.open().map((order) => order.oid),
    pending: tracker.pending().map((order) => order.cloid),
    exposure: { buy: text(tracker.exposure("buy")), sell: text(tracker.exposure("sell")) },
  };
}

let tracker = null;

function answer(message) {
  if (message.type === "hello") return ABOUT;
  let asked = [];
  if (message.type === "reset") tracker = new Tracker(message.config);
  else {
    tracker.setTime(Number(message.at));
    asked = CALLS[message.event.type](tracker, message.event);
  }
  const effects = { cancels: Array.isArray(asked) ? asked : [] };
  return { type: "state", seq: message.seq, ...shown(tracker), effects };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
