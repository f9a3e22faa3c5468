import type { Send, TransportRequest, WireChoice } from "../call/index.js";
import type { CallCodec } from "../service/call-codec.js";
import { FormRefusal } from "./http-answer.js";

interface Way {
  readonly send: Send;
  readonly codec: CallCodec;
  readonly forms: WireChoice;
}

/**
 * Calls of a method that carries bytes: as CBOR once the server has answered in it. A server that
 * refuses the content type has not begun the call, so it is sent again as JSON.
 */
export function callWithBytes(
  { send, codec, forms }: Way,
  requestOf: (args: readonly unknown[]) => TransportRequest,
): (args: readonly unknown[]) => Promise<unknown> {
  const attempt = async (args: readonly unknown[]): Promise<unknown> => {
    const { form } = forms;
    const encoded = codec.encodeArguments(args, form);
    const response = await send({ ...requestOf(encoded), form, acceptsCbor: true });
    forms.answered(response.form);
    return codec.decodeResult(response.value, response.form);
  };
  return async (args) => {
    await forms.load();
    const isCbor = forms.form === "cbor";
    try {
      return await attempt(args);
    } catch (error) {
      if (!(isCbor && error instanceof FormRefusal)) throw error;
      forms.refused();
      return attempt(args);
    }
  };
}
