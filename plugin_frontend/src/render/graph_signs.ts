/**
 * How a category of layers is told at a glance: a colour, a sign and an outline, so that none of the three is needed
 * alone. Must not know where nodes are drawn.
 */
import type { Category } from "../model/record.js";

/** The outline of a box: how round its corners are, and its dashes. */
export interface Outline {
  readonly radius: number;
  readonly dash: string;
  readonly isDouble: boolean;
}

export interface CategorySign {
  readonly words: string;
  /** At least 3 to 1 on cards of both themes, and below white signs. */
  readonly colour: string;
  /** Lines in a field of 16 by 16. */
  readonly sign: string;
  readonly outline: Outline;
}

const BOX: Outline = { radius: 7, dash: "", isDouble: false };
const PILL: Outline = { radius: 22, dash: "", isDouble: false };
const SHARP: Outline = { radius: 0, dash: "", isDouble: false };
const DASHED: Outline = { radius: 7, dash: "5 3", isDouble: false };
const DOTTED: Outline = { radius: 7, dash: "1.5 3", isDouble: false };
const SHARP_DASHED: Outline = { radius: 0, dash: "5 3", isDouble: false };
const DOUBLE: Outline = { radius: 7, dash: "", isDouble: true };

/** In the order of the legend. */
export const CATEGORY_SIGNS: Readonly<Record<Category, CategorySign>> = {
  input: {
    words: "input",
    colour: "#757c89",
    sign: "M2 8h9M7.5 4.5 11 8l-3.5 3.5M13.5 3v10",
    outline: PILL,
  },
  preprocessing: {
    words: "preprocessing",
    colour: "#a0703c",
    sign: "M3 3h10L9.5 8v4.5l-3 1.5V8z",
    outline: DOTTED,
  },
  embedding: {
    words: "embedding",
    colour: "#3f9142",
    sign: "M3 3h3v3H3zM3 10h3v3H3zM8.5 4.5H13M8.5 11.5H13",
    outline: BOX,
  },
  dense: {
    words: "dense",
    colour: "#2f7ed8",
    sign: "M2.5 3 12 8 2.5 13M2.5 8H12M12.6 8h.2",
    outline: BOX,
  },
  convolution: {
    words: "convolution",
    colour: "#00917f",
    sign: "M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11",
    outline: BOX,
  },
  recurrent: {
    words: "recurrent",
    colour: "#8a63d2",
    sign: "M12.8 6A5 5 0 1 0 13 9.5M13 2.5V6H9.5",
    outline: BOX,
  },
  attention: {
    words: "attention",
    colour: "#d94848",
    sign: "M1.5 8C4 3.5 12 3.5 14.5 8 12 12.5 4 12.5 1.5 8zM8 6.2A1.8 1.8 0 1 0 8 9.8 1.8 1.8 0 1 0 8 6.2",
    outline: BOX,
  },
  normalization: {
    words: "normalization",
    colour: "#958300",
    sign: "M1.5 13C6 13 5.5 3 8 3s2 10 6.5 10",
    outline: SHARP,
  },
  activation: {
    words: "activation",
    colour: "#d3630a",
    sign: "M2 12.5h6L14 4",
    outline: SHARP,
  },
  pooling: {
    words: "pooling",
    colour: "#1a94bb",
    sign: "M2 2.5h12M2 5.5h12M5 9h6M8 9v4.5M6 11.8 8 13.8l2-2",
    outline: SHARP,
  },
  regularization: {
    words: "regularization",
    colour: "#868b94",
    sign: "M3 3.5h.1M8 3.5h.1M13 3.5h.1M3 8h.1M13 8h.1M3 12.5h.1M8 12.5h.1M13 12.5h.1M5 11l6-6",
    outline: DASHED,
  },
  reshaping: {
    words: "reshaping",
    colour: "#7b838e",
    sign: "M2.5 5.5h6v8h-6zM6 2.5h7.5v6H11",
    outline: SHARP_DASHED,
  },
  merging: {
    words: "merging",
    colour: "#d6409f",
    sign: "M2.5 3c3 0 4 5 6 5h5M2.5 13c3 0 4-5 6-5M10.5 5 13.5 8l-3 3",
    outline: PILL,
  },
  operation: {
    words: "operation",
    colour: "#b5629a",
    sign: "M8 3v10M3 8h10",
    outline: PILL,
  },
  model: {
    words: "model inside",
    colour: "#6c7989",
    sign: "M2.5 2.5h8v8h-8zM5.5 10.5v3h8v-8h-3",
    outline: DOUBLE,
  },
  other: {
    words: "other",
    colour: "#7a7f87",
    sign: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9 8 10M8 12.8v.2",
    outline: DOTTED,
  },
};
