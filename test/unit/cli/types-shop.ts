import type { ClientOptions, DefinedService, ServiceClient } from "../../../src/index.js";

/** What `nearfar types` writes for the test's shop, as far as the test calls it. */
export declare const Shop: DefinedService<{
  order(lines: { product: string; count?: number }[], id: bigint | number): bigint;
  cos(x: number): number;
}>;

export declare function createShopClient(options?: ClientOptions): ServiceClient<typeof Shop>;
