import { createClient } from "../../client/index.js";
import { CryptoService } from "../../services/index.js";
import type { BoundWay } from "./agreement.js";
import { openAside } from "./aside.js";
import type { Place } from "./operations.js";
import type { MissingPlace } from "./report.js";
import type { ServerAddresses } from "./server.js";
import { MathService } from "./services.js";

/** All the ways that exist here, over clients made from the same definitions. */
export interface Places {
  readonly ways: readonly BoundWay[];
  readonly missing: readonly MissingPlace[];
  close(): Promise<void>;
}

export function openPlaces({ tcp, unix, unixProblem }: ServerAddresses): Places {
  const ways: BoundWay[] = [];
  const missing: MissingPlace[] = [];
  const clients: { $close(): Promise<void> }[] = [];
  const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
  try {
    const near = openNear();
    clients.push(near.crypto, near.math);
    ways.push(
      { way: "near", place: functionsOf(near.crypto.$native, near.math.$native) },
      { way: "near-promise", place: near },
    );
  } catch (error) {
    missing.push({ place: "near", reason: reasonOf(error) });
  }
  try {
    const aside = openAside();
    clients.push(aside);
    ways.push({ way: "aside", place: aside.place });
  } catch (error) {
    missing.push({ place: "aside", reason: reasonOf(error) });
  }
  if (unix !== undefined) {
    const far = openFar(unix);
    clients.push(far.crypto, far.math);
    ways.push({ way: "unix", place: far }, { way: "unix-64", place: far });
  } else if (unixProblem !== undefined) {
    missing.push({ place: "unix", reason: unixProblem });
  }
  const far = openFar(tcp);
  clients.push(far.crypto, far.math);
  ways.push({ way: "tcp", place: far }, { way: "tcp-64", place: far });
  const close = async () => {
    await Promise.all(clients.map((client) => client.$close()));
  };
  return { ways, missing, close };
}

function openNear() {
  const options = { mode: "ffi" } as const;
  return {
    crypto: createClient(CryptoService, options),
    math: createClient(MathService, options),
  };
}

function openFar(baseUrl: string) {
  const options = { mode: "http", baseUrl } as const;
  return {
    crypto: createClient(CryptoService, options),
    math: createClient(MathService, options),
  };
}

/** The resolved functions themselves: what near costs without any client around it. */
function functionsOf(crypto: Partial<Place["crypto"]>, math: Partial<Place["math"]>): Place {
  const { hash_data, sign_data, verify_signature } = crypto;
  const { cos } = math;
  if (!hash_data || !sign_data || !verify_signature || !cos) {
    throw new Error("a method of an ffi client did not resolve near");
  }
  return { crypto: { hash_data, sign_data, verify_signature }, math: { cos } };
}
