// A small book in JavaScript: it counts each fill once, and knows which requests are unanswered.
// Held to the model by: truebook conform -- node examples/adapters/position.js
"use strict";

const readline = require("node:readline");

const ABOUT = {
  type: "about", protocol: "2", name: "position.js", version: "1", language: "JavaScript",
  features: ["core", "batch"], shows: ["position", "pending"],
};
const DIGITS = 12; // sizes are whole numbers of 10^-12: never floating point

function lots(text) {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + part.padEnd(DIGITS, "0"));
  return text.startsWith("-") ? -size : size;
}

function text(size) {
  const sign = size < 0n ? "-" : "";
  const digits = (size < 0n ? -size : size).toString().padStart(DIGITS + 1, "0");
  return `${sign}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}

class Book {
  position = 0n;
  pending = new Set();
  fills = new Set();
  settled = new Set(); // which oid has settled a request of which cloid

  step(event) {
    switch (event.type) {
      case "register":
        this.pending.add(event.cloid);
        break;
      case "answer":
        if (event.oid && event.oid !== "0") this.settle(event);
        break;
      case "reject":
      case "status":
        this.settle(event);
        break;
      case "fill":
        this.fill(event);
        break;
    } // unknown proves nothing: the request stays pending
  }

  fill(event) {
    this.settle(event);
    const key = `${event.time} ${event.tid} ${event.oid}`;
    if (this.fills.has(key)) return;
    this.fills.add(key);
    this.position += event.side === "buy" ? lots(event.size) : -lots(event.size);
  }

  // A cloid may be used again: what names an order of before says nothing of the new request.
  settle({ cloid, oid }) {
    const order = `${cloid} ${oid}`;
    if (this.settled.has(order)) return;
    this.pending.delete(cloid);
    if (oid) this.settled.add(order);
  }

  state() {
    return { position: text(this.position), pending: [...this.pending] };
  }
}

let book = new Book();

function answer(message) {
  if (message.type === "hello") return ABOUT;
  if (message.type === "reset") book = new Book();
  else for (const event of message.events ?? [message.event]) book.step(event);
  return { type: "state", seq: message.seq, ...book.state() };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
