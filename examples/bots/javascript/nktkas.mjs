// A bot on @nktkas/hyperliquid: truebook venue -- node examples/bots/javascript/nktkas.mjs

import { ExchangeClient, HttpTransport, InfoClient, SubscriptionClient, WebSocketTransport } from "@nktkas/hyperliquid";
import { ethers } from "ethers";
import { ACCOUNT, Belief, KEY, trade, URL, WS } from "./trading.mjs";

const belief = new Belief();
const transport = new HttpTransport({ apiUrl: URL, isTestnet: true });
const info = new InfoClient({ transport });
const exchange = new ExchangeClient({ transport, wallet: new ethers.Wallet(KEY) });
const streams = new SubscriptionClient({ transport: new WebSocketTransport({ url: WS, isTestnet: true }) });
const { universe } = await info.meta();
const asset = universe.findIndex(one => one.name === "ETH");
await streams.userFills({ user: ACCOUNT }, one => belief.hearFills(one.fills));
await streams.orderUpdates({ user: ACCOUNT }, one => belief.hearUpdates(one));

const written = ({ isBuy, price, size }) =>
  ({ a: asset, b: isBuy, p: price, s: size, r: false, t: { limit: { tif: "Gtc" } } });
/** Return what is answered to each order: where one is refused it raises, and has the others with it. */
const statuses = async asked => (await asked.catch(error => error.response ?? Promise.reject(error))).response.data.statuses;

await trade(belief, {
  mid: async () => Number((await info.allMids()).ETH),
  place: async orders => statuses(exchange.order({ orders: orders.map(written), grouping: "na" })),
  modify: async orders =>
    statuses(exchange.batchModify({ modifies: orders.map(one => ({ oid: one.oid, order: written(one) })) })),
  cancel: async oids => exchange.cancel({ cancels: oids.map(oid => ({ a: asset, o: oid })) }),
});
