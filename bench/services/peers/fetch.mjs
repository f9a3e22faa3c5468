// Node's fetch to nearfar's server.
import { serve } from "./service.mjs";

export { serve };

export async function connect(url) {
  const headers = { "content-type": "application/json" };
  return {
    call: async (name) => {
      const init = { method: "POST", headers, body: JSON.stringify([name]) };
      return (await fetch(`${url}/api/Greeter/greet`, init)).json();
    },
  };
}
