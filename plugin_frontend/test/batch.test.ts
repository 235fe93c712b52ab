import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBatch } from "../src/api/batch.js";
import { encodeBatch } from "./encode.js";

const item = fc.record({
  status: fc.constantFrom(200, 404, 422),
  blobs: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
});

describe("a batch of records", () => {
  test("comes back blob for blob, each at an offset that typed arrays accept", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), (items) => {
        const decoded = decodeBatch(encodeBatch(items));
        expect(decoded).toEqual(items);
        for (const { blobs } of decoded) {
          for (const blob of blobs) expect(blob.byteOffset % 8).toBe(0);
        }
      }),
    );
  });

  test("that is cut short, or is something else, is refused", () => {
    const whole = encodeBatch([{ status: 200, blobs: [new Uint8Array(20)] }]);
    expect(() => decodeBatch(whole.slice(0, -8))).toThrow(RangeError);
    expect(() => decodeBatch(whole.slice(0, 10))).toThrow(RangeError);
    expect(() => decodeBatch(new TextEncoder().encode("<!doctype html>").buffer)).toThrow(
      "not a batch",
    );
  });

  test("of a newer version is refused by its number", () => {
    const newer = encodeBatch([]);
    new DataView(newer).setUint32(4, 2, true);
    expect(() => decodeBatch(newer)).toThrow("version 2");
  });
});
