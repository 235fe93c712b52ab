import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pacer } from "../src/components/pacer.js";

/** A pacer whose idle moments come when `idle` is called. */
function open(): {
  pacer: Pacer;
  idle: () => boolean;
  there: () => readonly string[];
  changes: () => number;
} {
  let next: (() => void) | null = null;
  const seen: ReadonlySet<string>[] = [];
  const pacer = new Pacer(
    (tags) => seen.push(tags),
    (callback) => {
      next = callback;
    },
  );
  return {
    pacer,
    idle: () => {
      const callback = next;
      next = null;
      callback?.();
      return callback !== null;
    },
    there: () => [...(seen.at(-1) ?? [])],
    changes: () => seen.length,
  };
}

describe("panels near by", () => {
  test("come one in an idle moment, in the order in which they are wanted", () => {
    const { pacer, idle, there } = open();
    pacer.want(new Set(["a", "b", "c"]));
    expect(there()).toEqual([]);
    idle();
    expect(there()).toEqual(["a"]);
    idle();
    expect(there()).toEqual(["a", "b"]);
  });

  test("that are about to be seen come at once, whether they were wanted before or after", () => {
    const { pacer, there } = open();
    pacer.want(new Set(["a", "b", "c"]));
    pacer.hurry(new Set(["c", "z"]));
    expect(there()).toEqual(["c"]);
    pacer.want(new Set(["b", "c", "z"]));
    expect(there()).toEqual(["c", "z"]);
  });

  test("that are left behind go at once, and what was scheduled for them does nothing", () => {
    const { pacer, idle, there } = open();
    pacer.want(new Set(["a", "b"]));
    idle();
    pacer.want(new Set());
    expect(there()).toEqual([]);
    idle();
    expect(there()).toEqual([]);
  });

  test("cause no change where nothing changes", () => {
    const { pacer, changes } = open();
    pacer.want(new Set(["a"]));
    pacer.hurry(new Set(["a"]));
    pacer.hurry(new Set(["a", "b"]));
    pacer.hurry(new Set());
    expect(changes()).toBe(1);
  });

  test("are all there in the end and no others, whatever came in between", () => {
    const tags = fc.array(fc.constantFrom("a", "b", "c", "d", "e")).map((all) => new Set(all));
    const act = fc.record({ kind: fc.constantFrom("want", "hurry", "idle"), tags });
    fc.assert(
      fc.property(fc.array(act), tags, (acts, last) => {
        const { pacer, idle, there } = open();
        for (const each of acts) {
          if (each.kind === "idle") idle();
          else if (each.kind === "want") pacer.want(each.tags);
          else pacer.hurry(each.tags);
        }
        pacer.want(last);
        while (idle());
        expect(there().toSorted()).toEqual([...last].toSorted());
      }),
    );
  });
});
