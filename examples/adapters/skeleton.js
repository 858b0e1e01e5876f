// An adapter to begin with: every event of the protocol comes to a method of its own.
// It counts fills, and is right about the position. Put your tracker in its place.
"use strict";

const readline = require("node:readline");

const ABOUT = {
  type: "about", protocol: "2", name: "skeleton.js", version: "1", language: "JavaScript",
  features: ["core"], shows: ["position"],
};
const DIGITS = 12; // sizes are whole numbers of 10^-12: never floating point

class Adapter {
  constructor(config) { // the timers of the case, as texts
    this.position = 0n;
    this.fills = new Set();
  }

  // It is now `at`, and this happens; return what the book asks for.
  step({ type, ...told }, at) {
    return this[`on_${type}`](told);
  }

  // Show what ABOUT.shows names.
  state() {
    return { position: text(this.position) };
  }

  // The feature core; with requests, a request has a name, and an answer says which it answers
  on_register({ cloid, side, price, size, name, reduce_only, time_in_force, trigger, parent, batch }) {}
  on_answer({ cloid, oid, side, price, resting, filled, answers, time, batch }) {}
  on_reject({ cloid, reason, oid, answers, time, batch }) {}
  on_unknown({ cloid, reason, answers }) {}
  on_fill({ oid, tid, side, size, price, time, cloid, crossed, fee, snapshot }) {
    const fill = `${time} ${tid} ${oid}`;
    if (this.fills.has(fill)) return; // told before
    this.fills.add(fill);
    this.position += side === "buy" ? lots(size) : -lots(size);
  }
  on_status({ oid, status, cloid, filled, reason, answers, word, time, batch }) {}
  on_tick({}) {}

  // The feature cancel: return { cancels: [oid] } where the cancel is to be sent
  on_cancel({ id, name, batch }) {}
  on_cancel_answer({ id, outcome, reason, answers, time, batch }) {}

  // The feature modify
  on_modify({ id, price, size, name, batch }) {}
  on_modify_answer({ cloid, outcome, oid, resting, filled, reason, old, answers, time, batch }) {}

  // The features listing and orphans: return { cancels: [oid], statuses: [id] }
  on_listing_requested({ request }) {}
  on_listing({ orders, request, scope, covers_triggers, time }) {}
  on_listing_failed({ request }) {}
  on_status_unknown({ id, request }) {}

  // The feature position
  on_position({ position, as_of }) {}
  // with start, some orders are open already
  on_rebase({ position, as_of, orders }) {}

  // The feature corrections; with it, the fee of a fill is told, too
  on_reversal({ oid, tid, time, side, size, at }) {}
  on_correction({ oid, tid, time, size, fee, at }) {}

  // The feature restart: save the book, and load it
  on_restart({}) {}
}

function lots(size) {
  const [whole, part = ""] = size.split(".");
  return BigInt(whole + part.padEnd(DIGITS, "0"));
}

function text(size) {
  const sign = size < 0n ? "-" : "";
  const digits = (size < 0n ? -size : size).toString().padStart(DIGITS + 1, "0");
  return `${sign}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}

let adapter = null;

function answer(message) {
  if (message.type === "hello") return ABOUT;
  let effects = {};
  if (message.type === "reset") adapter = new Adapter(message.config);
  else effects = adapter.step(message.event, message.at) ?? {};
  return { type: "state", seq: message.seq, ...adapter.state(), effects };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
