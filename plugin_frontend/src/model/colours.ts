/**
 * Which colour table shows which values. Knows the names of the generated tables and their RGB entries; must not know
 * canvases. Colours come from `colour_tables.json`, written at build from d3 and read by the Python export as well.
 */
import generated from "../../../tb_nnviz/plugin/static/colour_tables.json";
import type { RangeRule } from "./ranges.js";
import type { Meaning } from "./record.js";

export type Theme = "light" | "dark";
export const COLOUR_CHOICES = ["auto", "gray", "viridis", "red_blue"] as const;
export type ColourChoice = (typeof COLOUR_CHOICES)[number];
export type TableName = keyof typeof generated.tables;

/** How an array is coloured: `rgb` arrays have a color axis and are pictures already. */
export interface Colouring {
  readonly table: TableName | "rgb";
  readonly rule: RangeRule;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** 256 RGB entries, from the low end of the range to the high end. */
export function tableEntries(name: TableName): readonly Rgb[] {
  return generated.tables[name] as unknown as readonly Rgb[];
}

/** Colours of cells without a finite number: far from every colour map, in both themes. */
export const GLYPH_COLOURS = generated.glyphs as unknown as {
  readonly nan: Rgb;
  readonly posinf: Rgb;
  readonly neginf: Rgb;
};

/** Cells whose change is below the precision of the records: apart from the diverging tables, but as quiet. */
const UNRESOLVED_COLOURS = generated.unresolved as unknown as Readonly<Record<Theme, Rgb>>;

/** Channels that do not respond: quiet, but no colour of a map's middle or zero. */
export const DEAD_COLOURS = generated.dead as unknown as Readonly<Record<Theme, Rgb>>;

export function unresolvedColour(table: Colouring["table"]): Rgb {
  return UNRESOLVED_COLOURS[table === "red_blue_dark" ? "dark" : "light"];
}

/**
 * The colouring of a change: always diverging and symmetric about zero, whatever is chosen for values, because its sign
 * and its zero are what is looked for.
 */
export function changeColouring(channels: number, theme: Theme): Colouring {
  return chooseColouring("red_blue", "signed", channels, theme);
}

/**
 * The colouring of an array. `auto` follows the meaning: signed is red–blue, non-negative is viridis, images are gray.
 * A tile with a color axis is one colour picture whatever the choice: each of its three channels goes from 0 to 255
 * over the range, symmetric about zero for signed values, so that zero is mid-gray.
 */
export function chooseColouring(
  choice: ColourChoice,
  meaning: Meaning,
  channels: number,
  theme: Theme,
): Colouring {
  if (channels === 3) return { table: "rgb", rule: meaning === "signed" ? "symmetric" : "min-max" };
  const named = choice === "auto" ? autoChoice(meaning) : choice;
  if (named === "red_blue") {
    return { table: theme === "dark" ? "red_blue_dark" : "red_blue_light", rule: "symmetric" };
  }
  return { table: named, rule: "min-max" };
}

function autoChoice(meaning: Meaning): Exclude<ColourChoice, "auto"> {
  switch (meaning) {
    case "signed":
      return "red_blue";
    case "non_negative":
      return "viridis";
    case "image":
      return "gray";
  }
}
