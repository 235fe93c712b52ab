/** What the grid of a run is told by its panel. Must not know how it is drawn. */
import { LitElement } from "lit";
import type { Colouring, Theme } from "../model/colours.js";
import type { DeadChannels } from "../model/dead_channels.js";
import type { Placement, Show, TileSize } from "../model/display.js";
import { type AxisOrder, placementKey } from "../model/placement.js";
import type { Range } from "../model/ranges.js";
import type { PictureSize } from "../model/sample_pictures.js";
import type { Tiles } from "../model/tiles.js";
import type { Session } from "../state/session.js";
import { barsDiffer, type GridBars } from "./class_bars.js";

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

/** What decides where tiles go, and what decides how they look. */
export const PLACING = [
  "tiles",
  "available",
  "stage",
  "placement",
  "axisOrder",
  "picture",
  "bars",
  "tileSize",
  "columns",
] as const;
export const LOOKS = [
  ...PLACING,
  "colouring",
  "range",
  "dead",
  "outlines",
  "smooth",
  "theme",
] as const;

export const PICTURING = [...PLACING, "pictures"] as const;

export class GridProperties extends LitElement {
  static override readonly properties = {
    session: { attribute: false },
    tag: {},
    run: {},
    runName: {},
    tiles: { attribute: false },
    show: {},
    available: { type: Number },
    reserved: { type: Number },
    stage: { attribute: false },
    folded: { type: Boolean },
    colouring: { attribute: false, hasChanged: differs },
    range: { attribute: false, hasChanged: differs },
    placement: {
      attribute: false,
      hasChanged: (a: Placement | null, b: Placement | null) => placementKey(a) !== placementKey(b),
    },
    axisOrder: { attribute: false, hasChanged: differs },
    picture: { attribute: false, hasChanged: differs },
    pictures: { attribute: false },
    dead: { attribute: false },
    bars: { attribute: false, hasChanged: barsDiffer },
    find: {},
    tileSize: {},
    columns: { attribute: false },
    outlines: { type: Boolean },
    smooth: { type: Boolean },
    theme: {},
  };

  declare session: Session;
  declare tag: string;
  declare run: string;
  declare runName: string;
  /** What is painted: a record or a change; null while it is on its way. */
  declare tiles: Tiles | null;
  declare show: Show;
  /** Free width in CSS pixels. */
  declare available: number;
  /** Height in CSS pixels to keep free until the first record is here. */
  declare reserved: number;
  /** Height in CSS pixels of a grid that is shown alone, as large as it fits; null among others. */
  declare stage: number | null;
  /** Shows only the rows that fit into the height of the room. */
  declare folded: boolean;
  declare colouring: Colouring | null;
  /** One range for all tiles, or null for each tile's own. */
  declare range: Range | null;
  /** Null for the default. */
  declare placement: Placement | null;
  declare axisOrder: AxisOrder | null;
  /** The size that is kept free for a sample's picture; null where none stand beside the tiles. */
  declare picture: PictureSize | null;
  /** The run's samples; null where they are no pictures. */
  declare pictures: Tiles | null;
  /** Channels to be shown as dead; null where none are. */
  declare dead: DeadChannels | null;
  /** The weights of classes below the tiles; null where there are none. */
  declare bars: GridBars | null;
  /** What tiles are looked for; empty for none. */
  declare find: string;
  declare tileSize: TileSize;
  declare columns: number | null;
  declare outlines: boolean;
  declare smooth: boolean;
  /** Outlines are drawn in a colour of the theme. */
  declare theme: Theme;

  constructor() {
    super();
    this.tiles = null;
    this.show = "value";
    this.colouring = null;
    this.range = null;
    this.folded = false;
    this.stage = null;
    this.placement = null;
    this.axisOrder = null;
    this.picture = null;
    this.pictures = null;
    this.dead = null;
    this.bars = null;
    this.find = "";
    this.tileSize = "auto";
    this.columns = null;
    this.outlines = false;
    this.smooth = false;
    this.theme = "light";
  }
}
