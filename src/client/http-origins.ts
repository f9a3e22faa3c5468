import { isPrivateAddress } from "./base-url.js";
import { type Choose, makeBalancer, type Some } from "./http-balancer.js";
import type { HttpSettings } from "./http-options.js";
import { HttpOrigin } from "./http-origin.js";
import { HttpPaths } from "./http-paths.js";

/** The addresses of a transport, and what its calls need besides; made by the first call. */
export class HttpOrigins {
  readonly choose: Choose<HttpOrigin>;
  readonly paths = new HttpPaths();
  /** Where secrets must not go: the addresses that others can listen to. */
  readonly clearText: string | undefined;
  private readonly all: Some<HttpOrigin>;

  constructor(settings: HttpSettings) {
    const { addresses, allowClearTextSecrets } = settings;
    const [first, ...rest] = addresses;
    this.all = [
      new HttpOrigin(first, settings),
      ...rest.map((address) => new HttpOrigin(address, settings)),
    ];
    this.choose = makeBalancer(this.all, settings.balance);
    this.clearText = allowClearTextSecrets
      ? undefined
      : addresses.find((address) => !isPrivateAddress(address))?.target;
  }

  /** Waits for calls in flight; later calls are refused. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((origin) => origin.close()));
  }
}
