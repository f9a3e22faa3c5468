// One service with the three interfaces of @api: near, far, and whichever is there.
//   npx tsc -p examples && node out/examples/three-interfaces.js
import { api, createClient, method, native, nativeOnly, service, t, trust } from "nearfar";
import { createServer } from "nearfar/server";

const libm = { linux: "libm.so.6", darwin: "libSystem.B.dylib", win32: "ucrtbase.dll" };

@service({ version: "1.0.0" })
@api("both")
@trust("hybrid")
class FlexibleService {
  /** Both: native code where it is there, else this body on the server. */
  @native(libm, "double sqrt(double x)")
  root(x: number): number {
    return Math.sqrt(x);
  }

  /** Native code or nothing: a machine without it fails when the client is created. */
  @api("ffi")
  @native(libm, "double exp2(double x)")
  high_frequency(_x: number): number {
    return nativeOnly();
  }

  /** Always over HTTP. */
  @api("http")
  @method({ parameters: [t.param("data", t.string())], result: t.string(), idempotent: true })
  distributed(data: string): string {
    return `stored ${data}`;
  }
}

const server = createServer({ services: [FlexibleService] });
const { url } = await server.listen();
const client = createClient(FlexibleService, { baseUrl: url });

console.log("root", client.$routes.root.route, await client.root(2));
console.log("high_frequency", client.$routes.high_frequency.route, await client.high_frequency(10));
console.log("distributed", client.$routes.distributed.route, await client.distributed("a row"));
// The synchronous function itself, for hot loops:
console.log("without a promise", client.$native.root?.(9));

await client.$close();
await server.close();
