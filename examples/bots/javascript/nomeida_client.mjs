// The client hyperliquid (nomeida's), pointed at the venue.

import { createRequire } from "node:module";
import { KEY, URL, WS } from "./trading.mjs";

const client = createRequire(import.meta.url)("hyperliquid"); // imported, its websocket never connects
client.BASE_URLS.PRODUCTION = client.BASE_URLS.TESTNET = URL;
client.WSS_URLS.PRODUCTION = client.WSS_URLS.TESTNET = WS;
export const sdk = new client.Hyperliquid({ privateKey: KEY, testnet: true, enableWs: true });
await sdk.connect();
