// A class as NestJS applications have them: what it needs comes through its constructor, and
// decorators say what it offers. An instance is served; the class is what clients are made of.
import { api, createClient, method, service, t } from "nearfar";
import { createServer } from "nearfar/server";

class OrdersRepository {
  readonly #totals = new Map([["tea", 3]]);

  totalOf(product: string): number {
    return this.#totals.get(product) ?? 0;
  }
}

@service({ name: "Orders", version: "1.0.0" })
@api("http")
class OrdersService {
  readonly #orders: OrdersRepository;

  constructor(orders: OrdersRepository) {
    this.#orders = orders;
  }

  @method({ parameters: [t.param("product", t.string())], result: t.uint32(), idempotent: true })
  total(product: string): number {
    return this.#orders.totalOf(product);
  }
}

const server = createServer({ services: [new OrdersService(new OrdersRepository())] });
const { url } = await server.listen();
const orders = createClient(OrdersService, { baseUrl: url });
console.log(await orders.total("tea"));
await orders.$close();
await server.close();
