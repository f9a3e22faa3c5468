// One way each to send what is bad: gives what came of it, as BAD_REQUESTS and BAD_MESSAGES have
// it.
import { connect } from "node:http2";
import { Pool } from "undici";
import { WebSocket } from "ws";

/** `{ send(bad), close() }` over connections that are kept. */
export function overHttp1(url, connections) {
  const pool = new Pool(url, { connections });
  return {
    send: async ({ path, type, headers, body }) => {
      const all = { "content-type": type, ...headers };
      const response = await pool.request({ method: "POST", path, headers: all, body });
      await response.body.dump();
      return response.statusCode;
    },
    close: () => pool.destroy(),
  };
}

/** All over one connection, as long as the server keeps it. */
export function overHttp2(url, ca) {
  let session;
  const open = () => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(url, { ca });
      session.on("error", () => undefined);
    }
    return session;
  };
  return {
    send: ({ path, type, headers, body }) =>
      new Promise((resolve, reject) => {
        const head = { ":method": "POST", ":path": path, "content-type": type, ...headers };
        const stream = open().request(head);
        let status;
        stream.on("response", (answer) => {
          status = answer[":status"];
        });
        // A body that nobody reads any more is reset; the status has come before.
        stream.on("error", (error) => status === undefined && reject(error));
        stream.on("close", () => resolve(status));
        stream.resume();
        stream.end(body);
      }),
    close: () => session?.destroy(),
  };
}

/** One socket after the other: most messages end theirs. */
export function overWebSocket(url) {
  let socket;
  const open = async () => {
    if (socket?.readyState === WebSocket.OPEN) return socket;
    socket = new WebSocket(`${url.replace("http", "ws")}/api`, "nearfar.v1");
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return socket;
  };
  return {
    send: async ({ data }) => {
      const current = await open();
      const outcome = new Promise((resolve) => {
        const onClose = (code) => resolve(code);
        current.once("close", onClose);
        current.once("message", (text) => {
          current.off("close", onClose);
          resolve([JSON.parse(String(text))].flat()[0]?.error?.code);
        });
      });
      current.on("error", () => undefined);
      current.send(data);
      return outcome;
    },
    close: () => socket?.terminate(),
  };
}
