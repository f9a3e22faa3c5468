// A server whose definitions have what documents may stumble over.
import { implementService, parseServices } from "nearfar";
import { createServer } from "nearfar/server";
import { CryptoService } from "nearfar/services";

const [Shop] = parseServices(`
  @version("2.0.0")
  service Shop {
    /// Orders lines of at most 255 pieces.
    @idempotent
    fn order(lines: { product: string(minLength: 1), count: uint8 }[], note: string = "none") -> int64;
    fn depth(root: { kids: ref("shop.tree")[] }($id: "shop.tree")) -> integer;
    fn watch(kinds: enum("open", "closed")[]) -> stream { id: uuid, at: datetime };
    fn upload(parts: stream bytes) -> map<number(exclusiveMinimum: 0)> | null;
    fn anything(value: any, bytes?: bytes, data?: data) -> void;
  }`);

export async function startServer() {
  const depth = ({ kids }) => 1 + Math.max(0, ...kids.map(depth));
  const shop = implementService(Shop, { order: (lines) => BigInt(lines.length), depth });
  const server = createServer({ services: [shop, CryptoService] });
  const { url } = await server.listen();
  return { url, close: () => server.close() };
}
