import type { NativeBinding } from "../../internal/binding.js";
import type { Frame } from "./frame.js";
import type { Staged } from "./marshaller.js";
import type { Placement } from "./placement.js";

/** Copies between a staged value and the slots of the frame it is made of. */
export interface PieceCopier {
  /** To the slots; by reference, the value's address. */
  spread(value: Staged, placement: Placement): void;
  /** From the slots. */
  gather(value: Staged, placement: Placement): void;
}

export function createPieceCopier(binding: NativeBinding, frame: Frame): PieceCopier {
  const bytesOf = (value: Staged): Uint8Array =>
    typeof value === "number" ? frame.u8.subarray(value) : value;
  return {
    spread(value, { byReference, pieces }) {
      const [pointer] = pieces;
      if (byReference && pointer !== undefined) {
        if (typeof value === "number") frame.point(pointer.offset, value);
        else frame.u64[pointer.offset >> 3] = binding.addressOf(value);
        return;
      }
      const bytes = bytesOf(value);
      for (const { from, size, offset } of pieces) {
        frame.u8.set(bytes.subarray(from, from + size), offset);
      }
    },
    gather(value, { pieces }) {
      const bytes = bytesOf(value);
      for (const { from, size, offset } of pieces) {
        bytes.set(frame.u8.subarray(offset, offset + size), from);
      }
    },
  };
}
