/**
 * What an exported picture of a panel shows, before anything is drawn: words, the scale, and a body for each run. Plain
 * data; must not know canvases.
 */

import type { BarClass, BarRoom } from "./class_bars.js";
import type { Colouring, Theme } from "./colours.js";
import type { DeadChannels } from "./dead_channels.js";
import type { Show } from "./display.js";
import type { ArrangedGrid } from "./grid_layout.js";
import type { Range } from "./ranges.js";
import type { Tiles } from "./tiles.js";

export interface PictureContent {
  readonly theme: Theme;
  /** The tag. */
  readonly title: string;
  /** What is shown of which tiles. */
  readonly facts: string;
  /** A drawing where no one scale says what the colours are. */
  readonly legend: PictureLegend | DrawingBody | null;
  readonly columns: readonly PictureColumn[];
  /** What must be known of the values, and what is not among them. */
  readonly remarks: readonly string[];
}

export interface PictureLegend {
  readonly kind?: "scale";
  readonly colouring: Colouring;
  /** Null where runs or tiles have their own. */
  readonly range: Range | null;
  /** What the range spans, where that is not all that is shown. */
  readonly note: string;
  /** What cells hold. */
  readonly show: Show;
  /** Special cells that occur, in the order in which they are named. */
  readonly specials: readonly LegendSpecial[];
}

export type LegendSpecial = "unresolved" | "dead" | "nan" | "posinf" | "neginf";

export interface PictureColumn {
  /** Of the run. */
  readonly name: string;
  readonly colour: string;
  /** `epoch 8 · nearest earlier · ±0.16`. */
  readonly facts: string;
  readonly body: PictureBody;
  /** What is to be read of it line by line, below. */
  readonly below?: readonly string[];
}

/** `size` in CSS pixels; drawn by the part of `render` that knows the kind. */
export type PictureBody = GridBody | DrawingBody | TextBody;

/** What is made of lines, areas and words: plots, matrices, graphs. */
export interface DrawingBody {
  readonly kind: "drawing";
  readonly width: number;
  readonly height: number;
  /** From the back to the front. */
  readonly marks: readonly Mark[];
}

export type MarkFont = "title" | "name" | "text" | "small" | "label" | "strong";

/** Colours as CSS has them; places in CSS pixels. */
export type Mark =
  | {
      readonly mark: "path";
      readonly d: string;
      readonly x?: number;
      readonly y?: number;
      readonly scale?: number;
      readonly fill?: string;
      /** Of the fill. */
      readonly opacity?: number;
      readonly stroke?: string;
      readonly lineWidth?: number;
      /** Lengths of dashes and gaps, as SVG has them. */
      readonly dash?: string;
    }
  | {
      readonly mark: "text";
      readonly text: string;
      readonly x: number;
      /** Of the middle of the line. */
      readonly y: number;
      readonly colour: string;
      readonly font: MarkFont;
      readonly align?: "left" | "center" | "right";
      /** Upwards, where columns are narrow. */
      readonly isUpright?: boolean;
    };

export interface TextBody {
  readonly kind: "text";
  readonly text: string;
  /** A number that stands for a whole record. */
  readonly isNumber: boolean;
  /** True for a record that is still to be read. */
  readonly isPending?: boolean;
}

export interface GridBody {
  readonly kind: "grid";
  readonly tiles: Tiles;
  readonly grid: ArrangedGrid;
  readonly colouring: Colouring;
  /** Null for each tile's own. */
  readonly range: Range | null;
  readonly dead: DeadChannels | null;
  readonly outlines: boolean;
  readonly smooth: boolean;
  /** The samples whose pictures stand beside the tiles. */
  readonly pictures: Tiles | null;
  readonly bars: PictureBars | null;
}

/** The weights of classes below the tiles. */
export interface PictureBars {
  readonly classes: readonly BarClass[];
  readonly room: BarRoom;
  readonly scale: number;
  readonly tilesPerUnit: number;
  readonly weights: Tiles | null;
}

/** In place of a record that is still to be read. */
export const NOT_READ: TextBody = {
  kind: "text",
  text: "not read",
  isNumber: false,
  isPending: true,
};
