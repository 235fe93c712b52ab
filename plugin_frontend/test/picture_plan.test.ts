import { describe, expect, test, vi } from "vitest";
import { confusionLegend } from "../src/components/export_confusion_legend.js";
import { cssColour, shareColour } from "../src/model/confusion_colours.js";
import type { PictureColumn, PictureContent } from "../src/model/picture_content.js";
import type { Slot } from "../src/model/sections.js";
import type { Session } from "../src/state/session.js";

const LETTER = 7;

interface Written {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Every letter is as wide as any other. */
function canvasOf(written: Written[]): HTMLCanvasElement {
  const nothing = (): void => undefined;
  const offsets = [{ x: 0, y: 0 }];
  const known = {
    save: () => offsets.push({ x: 0, y: 0 }),
    restore: () => offsets.pop(),
    translate: (x: number, y: number) => offsets.splice(-1, 1, { x, y }),
    measureText: (text: string) => ({ width: LETTER * text.length }),
    fillText: (text: string, x: number, y: number) =>
      written.push({
        text,
        x: offsets.reduce((sum, offset) => sum + offset.x, x),
        y: offsets.reduce((sum, offset) => sum + offset.y, y),
      }),
  };
  const context = new Proxy(known as Record<string, unknown>, {
    get: (target, name) => target[String(name)] ?? nothing,
    set: () => true,
  });
  return { width: 0, height: 0, getContext: () => context } as unknown as HTMLCanvasElement;
}

vi.stubGlobal("Path2D", class {});
vi.stubGlobal("document", { createElement: () => canvasOf([]) });
const { picturedText } = await import("../src/components/export_pictures.js");
const { drawPicture } = await import("../src/render/picture.js");
const { measurePicture, planPicture } = await import("../src/render/picture_plan.js");

function drawnTexts(...frames: readonly PictureContent[]): Written[] {
  const written: Written[] = [];
  const plan = planPicture(frames.map(measurePicture));
  const [content] = frames;
  if (content !== undefined) drawPicture(canvasOf(written), content, plan, 1);
  return written;
}

const body = { kind: "drawing", width: 300, height: 100, marks: [] } as const;
const run = (name: string, facts: string): PictureColumn => ({ name, facts, colour: "#000", body });
const content = (columns: readonly PictureColumn[]): PictureContent => ({
  theme: "light",
  title: "kernel",
  facts: "",
  legend: null,
  columns,
  remarks: [],
});

describe("the caption of a run", () => {
  const long = "epoch 8 · Dense · 512 → 256 · ignores 3 ReLU · max pooling 2×2 · bias added · mean";

  test("stands in full, in lines below the name where it has no room beside it", () => {
    const written = drawnTexts(content([run("conv-4000", long), run("mlp", "epoch 8")]));
    const name = written.find(({ text }) => text === "conv-4000");
    const next = written.find(({ text }) => text === "mlp");
    const lines = written.filter(
      ({ text, x, y }) => x < (next?.x ?? 0) - 20 && y > (name?.y ?? 0) && text !== "",
    );
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.map(({ text }) => text).join(" ")).toBe(long);
    for (const { text, x } of lines) expect(x + LETTER * text.length).toBeLessThan(next?.x ?? 0);
    const beside = written.find(({ text }) => text === "epoch 8");
    expect(beside?.y).toBe(next?.y);
  });

  test("stands at one place in all frames, whatever the facts of one", () => {
    const short = content([run("conv-4000", "epoch 8")]);
    const [alone, among] = [
      drawnTexts(short),
      drawnTexts(short, content([run("conv-4000", long)])),
    ];
    const facts = (texts: readonly Written[]) => texts.find(({ text }) => text === "epoch 8");
    expect(facts(alone)?.x).toBeGreaterThan(24);
    expect(facts(among)?.x).toBe(24);
  });
});

test("what is to be read of a run stands line by line below what is drawn, above the remarks", () => {
  const below = ["0: ✓ map ≤ 4.5 %", "1: not converged"];
  const told = { ...content([{ ...run("mlp", "epoch 8"), below }]), remarks: ["of the label"] };
  const plan = planPicture([measurePicture(told)]);
  const written = drawnTexts(told);
  const [first, second, remark] = [...below, "of the label"].map(
    (line) => written.find(({ text }) => text === line)?.y ?? NaN,
  );
  expect(first).toBeGreaterThan(plan.bodyTop + body.height);
  expect(second).toBeGreaterThan(first ?? NaN);
  expect(remark).toBeGreaterThan(second ?? NaN);
  expect(plan.size.height).toBeGreaterThan(remark ?? NaN);
});

describe("the legend of a matrix", () => {
  const light = { isMap: false, isChange: false, mostChange: 0.4, theme: "light" } as const;
  const widthOf = (text: string) => 9 * text.length;
  const texts = (meaning: Parameters<typeof confusionLegend>[0]) =>
    confusionLegend(meaning, widthOf).marks.flatMap((mark) =>
      mark.mark === "text" ? [mark.text] : [],
    );

  test("names the colours of right and wrong up to all of a class", () => {
    expect(texts(light)).toEqual(["right", "wrong", "0 to 100 % of the true class"]);
    const fills = confusionLegend(light, widthOf).marks.flatMap((mark) =>
      mark.mark === "path" ? [mark.fill] : [],
    );
    for (const isRight of [true, false])
      for (const share of [0, 1])
        expect(fills).toContain(cssColour(shareColour(share, isRight, "light")));
  });

  test("has one distance between its words and its bars, however wide the letters are", () => {
    const { marks, width } = confusionLegend({ ...light, isChange: true }, widthOf);
    const [low, high, unit] = marks.flatMap((mark) => (mark.mark === "text" ? [mark] : []));
    const bars = marks.flatMap((mark) => (mark.mark === "path" ? [mark.d] : []));
    const first = Number(/^M ?(-?[\d.]+)/.exec(bars[0] ?? "")?.[1]);
    const gap = first - widthOf(low?.text ?? "");
    expect(gap).toBeGreaterThan(0);
    expect((unit?.x ?? NaN) - (high?.x ?? NaN) - widthOf(high?.text ?? "")).toBe(gap);
    expect(width).toBe((unit?.x ?? NaN) + widthOf(unit?.text ?? ""));
  });

  test("of changes goes as far as the largest, and of none says so", () => {
    const [low, high, unit] = texts({ ...light, isChange: true });
    expect([low, high]).toEqual(["−40.0", "+40.0"]);
    expect(unit).toBe("percentage points of the true class");
    expect(texts({ ...light, isChange: true, mostChange: 0 })).toEqual(["no difference"]);
  });

  test("stands at the right of the title where there is room", () => {
    const matrix = {
      ...content([run("mlp", "epoch 8"), run("b", "")]),
      legend: confusionLegend(light, widthOf),
    };
    const written = drawnTexts(matrix);
    const title = written.find(({ text }) => text === "kernel");
    const word = written.find(({ text }) => text === "right");
    expect(word?.x).toBeGreaterThan(title?.x ?? NaN);
    expect(Math.abs((word?.y ?? NaN) - (title?.y ?? NaN))).toBeLessThan(10);
  });
});

test("the dialog says of which panels a picture is not all that they show", () => {
  const told = (kind: string, form: string): string =>
    picturedText({
      session: { state: { value: { graphDisplay: { form } } } } as unknown as Session,
      slots: [{ tag: "a", kind, panels: [] } as unknown as Slot],
    });
  expect(told("graph", "table")).toContain("not the table");
  expect(told("graph", "graph")).toBe("What the panel shows, with caption and scale");
  expect(told("attributions", "graph")).toContain("without overlay");
  expect(told("tiles", "table")).toBe("What the panel shows, with caption and scale");
});
