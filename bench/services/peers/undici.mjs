// A bare pooled undici request to nearfar's server: the floor for a client over HTTP.
import { Pool } from "undici";
import { serve } from "./service.mjs";

export { serve };

export async function connect(url) {
  const pool = new Pool(url, { connections: 64 });
  const headers = { "content-type": "application/json" };
  return {
    call: async (name) => {
      const body = JSON.stringify([name]);
      const options = { method: "POST", path: "/api/Greeter/greet", headers, body };
      return (await pool.request(options)).body.json();
    },
  };
}
