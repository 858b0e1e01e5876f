// A bot on hyperliquid (nomeida's): truebook venue -- node examples/bots/javascript/nomeida.mjs

import { sdk } from "./nomeida_client.mjs";
import { ACCOUNT, Belief, trade } from "./trading.mjs";

const belief = new Belief();
await sdk.subscriptions.subscribeToUserFills(ACCOUNT, one => belief.hearFills(one.fills));
await sdk.subscriptions.subscribeToOrderUpdates(ACCOUNT, one => belief.hearUpdates(one));

const written = ({ isBuy, price, size }) => ({
  coin: "ETH-PERP", is_buy: isBuy, sz: size, limit_px: price, order_type: { limit: { tif: "Gtc" } }, reduce_only: false,
});
const statuses = answer => answer.response.data.statuses;

await trade(belief, {
  mid: async () => Number((await sdk.info.getAllMids())["ETH-PERP"]),
  place: async orders => statuses(await sdk.exchange.placeOrder({ orders: orders.map(written), grouping: "na" })),
  modify: async orders =>
    statuses(await sdk.exchange.batchModifyOrders(orders.map(one => ({ oid: one.oid, order: written(one) })))),
  cancel: async oids => sdk.exchange.cancelOrder(oids.map(oid => ({ coin: "ETH-PERP", o: oid }))),
});
