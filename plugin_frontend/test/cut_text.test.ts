import { describe, expect, test } from "vitest";
import { cutBoth, cutMiddle } from "../src/model/cut_text.js";

const LONG = "a_very_long_name_of_a_class_of_birds";

describe("a name that is cut", () => {
  test("keeps its ends", () => {
    expect(cutMiddle(LONG, 11)).toBe("a_ver…birds");
    expect(cutMiddle("short", 5)).toBe("short");
    expect(cutMiddle(LONG, 0)).toBe("a_…ds");
  });

  test("leaves its pair what it does not need", () => {
    expect(cutBoth("ant", "bee", 12)).toEqual(["ant", "bee"]);
    expect(cutBoth("ant", LONG, 14)).toEqual(["ant", "a_ver…birds"]);
    expect(cutBoth(LONG, "ant", 14)).toEqual(["a_ver…birds", "ant"]);
    expect(cutBoth(LONG, LONG, 22)).toEqual(["a_ver…birds", "a_ver…birds"]);
  });
});
