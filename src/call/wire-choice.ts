import { type CborFormat, loadCbor } from "../service/cbor/cbor.js";
import type { WireForm } from "../service/schema/codec.js";

/**
 * Which form the calls of a transport have, as far as is known: CBOR once the other side has
 * answered in it, and never again once it has refused it.
 */
export class WireChoice {
  #cbor: CborFormat | undefined;
  #loading: Promise<void> | undefined;
  #form: WireForm = "json";
  #isRefused = false;

  /** Undefined until `load` is done, and where the package cborg is not installed. */
  get cbor(): CborFormat | undefined {
    return this.#cbor;
  }

  /** Of arguments that carry bytes. */
  get form(): WireForm {
    return this.#form;
  }

  /** To be done before the first call that carries bytes; undefined once it is. */
  load(): Promise<void> | undefined {
    if (this.#cbor !== undefined) return undefined;
    this.#loading ??= loadCbor().then((cbor) => {
      this.#cbor = cbor;
    });
    return this.#loading;
  }

  answered(form: WireForm | undefined): void {
    if (form === "cbor" && !this.#isRefused) this.#form = "cbor";
  }

  refused(): void {
    this.#form = "json";
    this.#isRefused = true;
  }
}
