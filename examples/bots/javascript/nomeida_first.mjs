// One order on hyperliquid (nomeida's), sent once it has subscribed to all that is told of it:
//
// truebook venue -- node --experimental-websocket examples/bots/javascript/nomeida_first.mjs [--events]
//
// Its order is open until orderUpdates say otherwise. Its fills are those of userFills; with --events
// those of userEvents, and the order is sent a second later.

import { sdk } from "./nomeida_client.mjs";
import { ACCOUNT, Belief, pause } from "./trading.mjs";

const events = process.argv.includes("--events"), cloid = `0x${"f1".repeat(16)}`;
const belief = new Belief();
const mid = (await sdk.info.getAllMids())["ETH-PERP"];
if (events) await sdk.subscriptions.subscribeToUserEvents(ACCOUNT, one => belief.hearFills(one.fills ?? []));
else await sdk.subscriptions.subscribeToUserFills(ACCOUNT, one => belief.hearFills(one.fills));
await sdk.subscriptions.subscribeToOrderUpdates(ACCOUNT, some => {
  for (const { order, status } of some) if (status !== "open") belief.open.delete(order.cloid);
});
if (events) await pause(1);
belief.open.set(cloid, true);
const answer = await sdk.exchange.placeOrder({
  coin: "ETH-PERP", is_buy: true, sz: 0.1, limit_px: Math.round(1.01 * mid), cloid,
  order_type: { limit: { tif: "Ioc" } }, reduce_only: false,
});
console.log("answered:", JSON.stringify(answer.response.data.statuses));
process.on("SIGTERM", () => process.exit(0));
for (;;) {
  await belief.tell();
  await pause(0.3);
}
