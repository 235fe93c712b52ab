/**
 * What stands in the box of a node, and how large it is. Texts are cut by their numbers of letters, so that the layout is
 * the same on every machine. Sizes in pixels of the drawing; must not know where boxes go.
 */
import { cutMiddle } from "./cut_text.js";
import { nodeName, shapeText } from "./graph_words.js";
import type { GraphNode } from "./record.js";

export interface BoxSize {
  readonly width: number;
  readonly height: number;
}

export interface BoxTexts {
  readonly name: string;
  /** Type and fused activation. */
  readonly type: string;
  readonly shape: string;
  readonly parameters: string;
  readonly chips: readonly BoxChip[];
}

export interface BoxChip {
  readonly text: string;
  /** `care` for what is easily overlooked. */
  readonly kind: "care" | "fact";
  readonly width: number;
}

/** Left of the texts: a band with the sign of the category. */
export const BAND = 28;
export const BOX_PADDING = 9;
const NAME_LETTER = 7.7;
const LETTER = 7.3;
const CHIP_LETTER = 6.4;
const CHIP_PADDING = 12;
export const CHIP_GAP = 5;
/** Between shape and parameters. */
const BETWEEN = 16;
/** Right of the name of a model: the button that unfolds it. */
export const FOLD_BUTTON = 24;

const LEAST_WIDTH = 124;
const MOST_LETTERS = 28;
const MOST_TYPE = 32;
const MOST_SHAPE = 26;

/** Of what is written at a line. */
export const LABEL_HEIGHT = 16;
export const LABEL_LETTER = 6.4;

export const LINES_HEIGHT = 58;
export const CHIPS_HEIGHT = 21;

export function boxTexts(node: GraphNode): BoxTexts {
  const { layerType, activation, numParameters } = node;
  return {
    name: cutMiddle(nodeName(node), MOST_LETTERS),
    type: cutMiddle(activation === null ? layerType : `${layerType} · ${activation}`, MOST_TYPE),
    shape: cutMiddle(shapeText(node), MOST_SHAPE),
    parameters: numParameters === 0 ? "" : numParameters.toLocaleString("en-US"),
    chips: chipsOf(node),
  };
}

function chipsOf({ trainable, dtype, numCalls }: GraphNode): readonly BoxChip[] {
  const chip = (text: string, kind: BoxChip["kind"]): BoxChip => ({
    text,
    kind,
    width: Math.ceil(text.length * CHIP_LETTER) + CHIP_PADDING,
  });
  return [
    ...(trainable === "none" ? [chip("frozen", "care")] : []),
    ...(trainable === "some" ? [chip("partly trainable", "care")] : []),
    ...(numCalls === 0 ? [chip("not called", "care")] : []),
    ...(numCalls > 1 ? [chip(`${numCalls} calls`, "fact")] : []),
    ...(dtype === null || dtype === "float32" ? [] : [chip(dtype, "fact")]),
  ];
}

export function boxSize(node: GraphNode, hasButton: boolean): BoxSize {
  const { name, type, shape, parameters, chips } = boxTexts(node);
  const chipsWidth = chips.reduce((sum, { width }) => sum + width + CHIP_GAP, -CHIP_GAP);
  const inner = Math.max(
    name.length * NAME_LETTER + (hasButton ? FOLD_BUTTON : 0),
    type.length * LETTER,
    shape.length * LETTER + (parameters === "" ? 0 : BETWEEN + parameters.length * LETTER),
    chipsWidth,
  );
  return {
    width: Math.max(LEAST_WIDTH, Math.ceil(BAND + inner + 2 * BOX_PADDING)),
    height: LINES_HEIGHT + (chips.length > 0 ? CHIPS_HEIGHT : 0),
  };
}
