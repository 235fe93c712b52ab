import { describe, expect, test } from "vitest";
import {
  assignColours,
  formatColours,
  isColour,
  NO_COLOURS,
  parseColours,
  RUN_COLOURS,
} from "../src/model/run_colours.js";

const runs = (names: string) => [...names].map((run) => ({ run }));

describe("the colours of runs", () => {
  test("stay when others come; new ones take what fewest have", () => {
    const before = assignColours(new Map(), runs("bc"));
    const after = assignColours(before, runs("abc"));
    expect([..."bca"].map((run) => after.get(run))).toEqual(RUN_COLOURS.slice(0, 3));
    const eight = assignColours(new Map(), runs("abcdefgh"));
    expect(eight.get("h")).toBe(RUN_COLOURS[0]);
  });

  test("are those of earlier visits, whatever runs have come before them since", () => {
    const remembered = new Map([["b", RUN_COLOURS[0]]]);
    const colours = assignColours(new Map(), runs("ab"), remembered);
    expect([colours.get("a"), colours.get("b")]).toEqual([RUN_COLOURS[1], RUN_COLOURS[0]]);
    expect(assignColours(new Map([["b", "#123456"]]), runs("b"), remembered).get("b")).toBe(
      "#123456",
    );
  });

  test("go to text and back; a choice that was taken back is forgotten, other runs' are kept", () => {
    const before = {
      assigned: new Map([["x", "#111111"]]),
      chosen: new Map([
        ["x", "#222222"],
        ["a", "#333333"],
      ]),
    };
    const now = { assigned: new Map([["a", "#0077bb"]]), chosen: new Map<string, string>() };
    expect(parseColours(formatColours(before, now))).toEqual({
      assigned: new Map([
        ["x", "#111111"],
        ["a", "#0077bb"],
      ]),
      chosen: new Map([["x", "#222222"]]),
    });
  });

  test("that cannot be read are none", () => {
    for (const text of [null, "", "{", "null", "[]", "3", '{"assigned": 3, "chosen": null}']) {
      expect(parseColours(text)).toEqual(NO_COLOURS);
    }
    expect(parseColours('{"assigned": {"a": "red", "b": "#00ff00"}}').assigned).toEqual(
      new Map([["b", "#00ff00"]]),
    );
    expect([isColour("#0077bb"), isColour("#0077BB"), isColour("0077bb"), isColour(3)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
