// The server of the load scripts: in clear text, and over TLS for HTTP/2.
import { createServer } from "../../dist/server/index.js";
import { answer, memory, takeTask } from "./support.mjs";
import { produced, Target } from "./target.mjs";

const { tls, bodyLimitBytes } = await takeTask();
const options = { services: [Target], bodyLimitBytes, logger: { error: () => undefined } };
const clear = createServer(options);
const urls = { clear: (await clear.listen()).url };
if (tls !== undefined) {
  const secure = createServer({ ...options, tls, http2: true });
  urls.secure = (await secure.listen()).url;
}
answer(urls, { memory, produced: () => produced.items });
