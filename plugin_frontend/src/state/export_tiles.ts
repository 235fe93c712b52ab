/**
 * The picture of a panel of tiles: its words, and for each run the grid laid out as on the screen, all tiles of it at a
 * whole zoom. Pure functions of a panel's view; must not know canvases.
 */
import { barRoom } from "../model/class_bars.js";
import { cellValue } from "../model/dequantise.js";
import { noteText, ownRemarks, panelFacts, tagPath } from "../model/facts.js";
import { formatCount, formatExact, formatRange, formatWhole } from "../model/format.js";
import { type ArrangedGrid, arrangeGrid } from "../model/grid_layout.js";
import {
  NOT_READ,
  type PictureBars,
  type PictureBody,
  type PictureColumn,
  type PictureContent,
  type PictureLegend,
} from "../model/picture_content.js";
import type { Moment } from "../model/record.js";
import type { PanelEntry } from "../model/runs.js";
import { phaseText, stepText } from "../model/steps.js";
import { isEmpty, isScalar, type Tiles } from "../model/tiles.js";
import type { StepMatch } from "../model/time_axis.js";
import { changeWords } from "./change_words.js";
import { fits } from "./class_bars_view.js";
import type { Snapshot } from "./export_reader.js";
import { orderWords } from "./order_words.js";
import type { PanelColumn, PanelView } from "./panel_view.js";
import type { ScaleProgress } from "./scale_over_steps.js";

/** The tiles of one run take about this width in CSS pixels; those of several share it, down to the least. */
const WIDTH = 1080;
const LEAST_WIDTH = 320;
const GAP = 32;
const WIDER = [1.5, 2, 3, 4];
/** Grids are not enlarged beyond this height, as on the screen. */
const HEIGHT = 620;

/** Width for each of so many columns side by side. */
export function columnWidth(columns: number): number {
  const shared = Math.floor((WIDTH - GAP * (columns - 1)) / Math.max(1, columns));
  return Math.max(LEAST_WIDTH, shared);
}

/** What the picture shows of a panel whose records are here. */
export function tilesContent(
  panel: PanelEntry,
  view: PanelView,
  snapshot: Snapshot,
): PictureContent {
  const { state, derived } = snapshot;
  const { display, remarks } = view;
  const shared = sharedFacts(view);
  const facts = [
    ...shared,
    ...(display.show === "value" ? [] : [changeWords(state, derived, view.since)]),
  ];
  const order = orderWords(view);
  if (order !== null) facts.push(`sorted ${order.what}${order.whose}`);
  if (view.order.hidden > 0) facts.push(`${formatWhole(view.order.hidden)} dead hidden`);
  const width = columnWidth(view.columns.length);
  return {
    theme: state.theme,
    title: tagPath(panel.tag),
    facts: facts.join(" · "),
    legend: legendOf(view),
    columns: view.columns.map(
      (column): PictureColumn => ({
        name: column.run.name,
        colour: state.runColours.get(column.run.run) ?? "#888888",
        facts: [
          ...factsOf(column).filter((text) => column.painted !== null && !shared.includes(text)),
          ...columnFacts(column, view, snapshot),
        ].join(" · "),
        body: bodyOf(column, view, width),
      }),
    ),
    remarks: [
      ...remarks.omitted.filter((text) => !facts.includes(text)),
      ...remarks.notes.map(noteText),
    ],
  };
}

/** What is true of the record of every run: one tag may name another layer in another run. */
function sharedFacts({ columns, source }: PanelView): readonly string[] {
  const [first, ...others] = columns.filter(({ painted }) => painted?.status === "ready");
  if (first === undefined) return panelFacts(source, null);
  return factsOf(first).filter((text) => others.every((other) => factsOf(other).includes(text)));
}

function factsOf({ source, painted }: PanelColumn): readonly string[] {
  const { layerType, layerPath } = source;
  const header = painted?.status === "ready" ? painted.tiles.header : null;
  // Of what has no layer the facts begin with its type already.
  const layer = layerType === null || layerPath === null ? [] : [layerType];
  return [...layer, ...panelFacts(source, header)];
}

/** The scale of a panel; null where nothing is coloured. */
export function legendOf(view: PanelView): PictureLegend | null {
  const { colouring, counts, shared, display, scaleProgress } = view;
  if (colouring === null || view.loaded.every((tiles) => isScalar(tiles) || isEmpty(tiles)))
    return null;
  const isDead = display.show === "value" && view.columns.some(({ activity }) => activity?.dead);
  return {
    colouring,
    range: shared,
    note: scaleNote(display.scale, scaleProgress),
    show: display.show,
    specials: [
      ...((counts.unresolved ?? 0) > 0 ? (["unresolved"] as const) : []),
      ...(isDead ? (["dead"] as const) : []),
      ...(["nan", "posinf", "neginf"] as const).filter((name) => counts[name] > 0),
    ],
  };
}

/** What a range spans, where that is not all that is shown. */
export function scaleNote(
  scale: PanelView["display"]["scale"],
  progress: PanelView["scaleProgress"],
): string {
  switch (scale) {
    case "per-tile":
      return "per tile";
    case "per-run":
      return "per run";
    case "shared":
      return "";
    case "fixed":
      return progress === null ? "" : stepsNote(progress);
  }
}

// Where some could not be read it is not over all of them.
function stepsNote({ read, of }: ScaleProgress): string {
  return `over ${read < of ? `${read} of ` : ""}${formatCount(of, "step")}`;
}

/** The moment that a run stands at, in words: `epoch 8`, `before training`, `nearest earlier`. */
export function matchWords(match: StepMatch, run: string, { state, derived }: Snapshot): string[] {
  const momentOf = (step: number): Moment | undefined => state.timelines.get(run)?.get(step);
  if (match.match === "none") {
    const since =
      match.first === null
        ? ""
        : ` before ${stepText(match.first, momentOf(match.first), derived.axis)}`;
    return [`no data${since}`];
  }
  const moment = momentOf(match.step);
  const phase = moment === undefined ? "" : phaseText(moment);
  return [
    stepText(match.step, moment, derived.axis),
    ...(phase === "" ? [] : [phase]),
    ...(match.match === "earlier" ? ["nearest earlier"] : []),
  ];
}

function columnFacts(column: PanelColumn, view: PanelView, snapshot: Snapshot): string[] {
  const { run, match, sharedBy, range } = column;
  const others = sharedBy.map(({ name }) => name);
  const isOwn = range !== null && view.shared === null && view.colouring !== null;
  const { painted } = column;
  const own = painted?.status === "ready" ? ownRemarks(painted.tiles.header, view.remarks) : null;
  const isTimeless = view.isTimeless && match.match !== "none";
  return [
    ...(others.length > 0 ? [`also of ${others.join(", ")}`] : []),
    ...(isTimeless ? [] : matchWords(match, run.run, snapshot)),
    ...(isOwn ? [formatRange(range)] : []),
    ...(column.hasOtherSamples ? ["other samples"] : []),
    ...(column.activity?.dead ? [column.activity.dead.text] : []),
    ...(column.dead > column.constant
      ? [`${formatWhole(column.dead - column.constant)} dead`]
      : []),
    ...(column.constant > 0 ? [`${formatWhole(column.constant)} constant`] : []),
    ...(own === null ? [] : [...own.omitted, ...own.notes.map(noteText)]),
  ];
}

function bodyOf(column: PanelColumn, view: PanelView, width: number): PictureBody {
  const { painted, colouring } = column;
  if (painted === null) return textBody("nothing logged yet");
  if (painted.status === "pending") return NOT_READ;
  if (painted.status !== "ready") return textBody(painted.message);
  const { tiles } = painted;
  if (isEmpty(tiles) || colouring === null)
    return textBody("There are no tiles: the array is empty.");
  if (isScalar(tiles))
    return { kind: "text", text: formatExact(cellValue(tiles, 0).value), isNumber: true };
  const bars = barsOf(column, view, tiles);
  return {
    kind: "grid",
    tiles,
    grid: wholeGrid(tiles, view, width, bars),
    colouring,
    range: column.range,
    dead: view.display.show === "value" ? (column.activity?.channels ?? null) : null,
    outlines: view.display.outlines,
    smooth: view.display.smooth,
    pictures: column.pictures,
    bars,
  };
}

function textBody(text: string): PictureBody {
  return { kind: "text", text, isNumber: false };
}

// On the screen a grid too wide is shrunk; here it gets the width that it needs for a whole pixel a cell.
function wholeGrid(
  tiles: Tiles,
  view: PanelView,
  width: number,
  bars: PictureBars | null,
): ArrangedGrid {
  const { placement, axisOrder, display, picture } = view;
  const at = (room: number): ArrangedGrid =>
    arrangeGrid(
      tiles,
      placement,
      axisOrder,
      { width: room, height: HEIGHT },
      display,
      picture,
      bars?.room ?? null,
    );
  const columns = Math.max(1, view.columns.length);
  let grid = at(width);
  if (grid.layout.zoom < 1)
    grid = at(grid.aside + grid.gutter + Math.ceil(width / grid.layout.zoom) + 1);
  // Hundreds of tiles make a wider picture rather than a very high one.
  let taken = width;
  for (const wider of WIDER) {
    if (grid.layout.height * grid.layout.zoom <= Math.max(HEIGHT, columns * taken)) break;
    taken = wider * width;
    grid = at(taken);
  }
  return grid;
}

function barsOf({ bars }: PanelColumn, { classBars }: PanelView, tiles: Tiles): PictureBars | null {
  if (classBars === null || classBars.classes.shown.length === 0) return null;
  const weights = bars?.status === "ready" && fits(tiles, bars.tiles) ? bars.tiles : null;
  return {
    classes: classBars.classes.shown,
    room: barRoom(classBars.classes),
    scale: classBars.scale,
    weights,
    tilesPerUnit:
      weights === null
        ? 1
        : Math.max(1, Math.round(tiles.shape.tiles / Math.max(1, weights.shape.tiles))),
  };
}
