import { describe, expect, test } from "vitest";
import { panelFacts, panelTitle } from "../src/model/facts.js";
import { noteWords } from "../src/model/note_words.js";
import { noticesText, sortNotices } from "../src/model/notices.js";
import type { Source } from "../src/model/record.js";
import { paintTiles } from "./decode.js";

const SOURCE: Source = {
  variablePath: null,
  layerPath: "block_1/dense",
  layerIndex: 3,
  layerType: "Dense",
  role: "template",
  variableShape: null,
  samplesDigest: null,
};

const OFFSET: Source = { ...SOURCE, role: "offset" };

function factsOf(sizes: Record<string, number>, source: Source = SOURCE): readonly string[] {
  const axes = Object.entries(sizes).map(([name, size]) => ({ name, size }));
  const values = new Float32Array(axes.reduce((product, { size }) => product * size, 1));
  const { header } = paintTiles({ axes, values, precision: "float32" });
  return panelFacts(source, { ...header, source });
}

describe("a panel of templates", () => {
  test("is called template below its layer, with the input where there are several", () => {
    expect(panelTitle("templates/block_1/dense", SOURCE)).toBe("template");
    expect(panelTitle("templates/block_1/dense/left", SOURCE)).toBe("template / left");
    expect(panelTitle("templates/block_1/dense/offset", OFFSET)).toBe("offset");
    expect(panelTitle("templates/by_hand", { ...SOURCE, layerPath: null })).toBe("by_hand");
  });

  test("says how large the templates are and of how many units", () => {
    expect(factsOf({ unit: 10, height: 28, width: 28 })).toEqual(["28×28 templates", "10 units"]);
    expect(factsOf({ unit: 16, height: 7, width: 7, color: 3 })).toEqual([
      "7×7×3 templates",
      "16 units",
    ]);
    expect(factsOf({ unit: 2, channel: 8, height: 5, width: 4 })).toEqual([
      "5×4×8 templates",
      "2 units",
    ]);
    expect(factsOf({ unit: 1, height: 1, width: 13 })).toEqual(["13 template", "1 unit"]);
  });

  test("leaves what is no template to the words for other records", () => {
    expect(factsOf({ height: 1, width: 10 }, OFFSET)).toEqual(["10 values"]);
  });
});

describe("a note", () => {
  test("that says exact vouches for the values", () => {
    const { kind, text, title } = noteWords("exact");
    expect([kind, text]).toEqual(["exact", "exact"]);
    expect(title).toContain("Nothing was replaced");
  });

  test("that says what is ignored asks for care, and says what stands for it", () => {
    const { kind, text, title } = noteWords("ignores 1 ReLU, 1 softmax");
    expect([kind, text]).toEqual(["care", "ignores 1 ReLU, 1 softmax"]);
    expect(title).toContain("replaced by the identity");
  });

  test("else is a fact, though it may hold those words", () => {
    for (const note of ["before softmax", "not exact", "exactly 3 rows"]) {
      expect(noteWords(note)).toEqual({ kind: "fact", text: note, title: note });
    }
  });
});

describe("a note that is long", () => {
  test("is said in short, and stands whole behind it", () => {
    const note = "of the central position (12, 4), cropped to its receptive field 5×3 from (10, 3)";
    expect(noteWords(note)).toEqual({
      kind: "fact",
      text: "of position (12, 4), receptive field 5×3",
      title: note,
    });
  });
});

describe("notices", () => {
  const noticeOf = (view: string, message = "is refused") => ({
    view,
    layer: "attention",
    message,
    runs: ["a"],
  });
  const weights = noticeOf("weights");
  const templates = noticeOf("templates");

  test("on the view that is shown stand before others, behind those that ask for action", () => {
    const budget = noticeOf("weights", "has reached budget_bytes");
    expect(sortNotices([weights, templates, budget], "templates")).toEqual([
      budget,
      templates,
      weights,
    ]);
  });

  test("are counted, and those on the view that is shown as well", () => {
    expect(noticesText([weights, templates, weights], "templates")).toBe(
      "3 notices, 1 on templates",
    );
    expect(noticesText([templates], "templates")).toBe("1 notice on templates");
    expect(noticesText([weights], "templates")).toBe("1 notice");
  });
});
