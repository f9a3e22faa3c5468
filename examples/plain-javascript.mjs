// A service without decorators and without TypeScript: two functions of the C library, one of our
// own. Where a native path exists the call takes it; the handler serves everybody else.
//   node examples/plain-javascript.mjs
import { createClient, defineService, t } from "nearfar";
import { createServer } from "nearfar/server";

const libm = { linux: "libm.so.6", darwin: "libSystem.B.dylib", win32: "ucrtbase.dll" };

export const Geometry = defineService({
  name: "Geometry",
  version: "1.0.0",
  api: "both",
  methods: {
    hypotenuse: {
      native: { library: libm, declaration: "double hypot(double x, double y)" },
      handler: (x, y) => Math.hypot(x, y),
      idempotent: true,
    },
    area: {
      parameters: [t.param("radius", t.number())],
      result: t.number(),
      handler: (radius) => Math.PI * radius ** 2,
      idempotent: true,
    },
  },
});

const server = createServer({ services: [Geometry] });
const { url } = await server.listen();
const geometry = createClient(Geometry, { baseUrl: url });

for (const [method, { route, reason }] of Object.entries(geometry.$routes)) {
  console.log(`${method} goes ${route}: ${reason}`);
}
console.log("hypotenuse", await geometry.hypotenuse(3, 4));
console.log("area", await geometry.area(1));

await geometry.$close();
await server.close();
