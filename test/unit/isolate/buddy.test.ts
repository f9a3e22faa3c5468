import fc from "fast-check";
import { expect, it } from "vitest";
import { BuddyAllocator } from "../../../src/ffi/isolate/buddy.js";

const KIB = 1024;

it("gives aligned blocks inside of the memory that do not overlap, and takes them all back", () => {
  const steps = fc.array(
    fc.record({
      bytes: fc.integer({ min: 1, max: 40 * KIB }),
      alignment: fc.constantFrom(1, 8, 64, 4096),
      /** Which block to give back before, if there is one. */
      giveBack: fc.option(fc.nat()),
    }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const allocator = new BuddyAllocator(256 * KIB);
      const blocks: { start: number; end: number }[] = [];
      for (const { bytes, alignment, giveBack } of list) {
        if (giveBack !== null && blocks.length > 0) {
          const [block] = blocks.splice(giveBack % blocks.length, 1);
          if (block !== undefined) allocator.give(block.start);
        }
        const start = allocator.take(bytes, alignment);
        if (start === undefined) continue;
        const end = start + bytes;
        expect(start % alignment).toBe(0);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(256 * KIB);
        expect(blocks.filter((block) => start < block.end && block.start < end)).toEqual([]);
        blocks.push({ start, end });
      }
      expect(allocator.count).toBe(blocks.length);
      for (const { start } of blocks) allocator.give(start);
      // Nothing is lost: the whole memory is one block again.
      expect(allocator.take(256 * KIB)).toBe(0);
    }),
  );
});

it("has no block where there is no room, and refuses one that it did not give", () => {
  const allocator = new BuddyAllocator(4 * KIB);
  expect(allocator.take(5 * KIB)).toBeUndefined();
  expect(allocator.take(4 * KIB)).toBe(0);
  expect(allocator.take(1)).toBeUndefined();
  allocator.give(0);
  expect(() => allocator.give(0)).toThrow("no block at 0");
});
