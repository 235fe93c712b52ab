/**
 * Animated GIF files over the timeline: a frame for each point, at the speed of the player, in turns with the browser.
 * Joins contents, drawing and the encoder; must not know dialogs.
 */
import { GIFEncoder } from "gifenc";
import {
  DEAD_COLOURS,
  GLYPH_COLOURS,
  type Rgb,
  type TableName,
  type Theme,
  tableEntries,
  unresolvedColour,
} from "../model/colours.js";
import { safeName } from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import { commonColours, gifPalette, PaletteIndex, rgbOf } from "../model/gif_palette.js";
import type { PictureContent } from "../model/picture_content.js";
import { gifFrameBytes } from "../model/picture_limits.js";
import type { Slot } from "../model/sections.js";
import { filmIndices } from "../model/tile_steps.js";
import type { Point } from "../model/time_axis.js";
import { LOOKS } from "../render/picture_look.js";
import { measurePicture, type PicturePlan, planPicture } from "../render/picture_plan.js";
import { shownInFile } from "../state/export_shown.js";
import {
  breathe,
  countOwnPoints,
  type ExportedFile,
  type ExportJob,
  type ExportPlan,
  type FormatWriter,
  ownPoints,
  type SizeNote,
} from "./export_job.js";
import { preparePictureSizes, sizeNote } from "./export_picture_size.js";
import { contentAt, draw } from "./export_pictures.js";
import { KeptContents } from "./kept_contents.js";
import { StoredZip } from "./stored_zip.js";

/** A point of the timeline at speed 1, in milliseconds, and how many times as long the last one stays. */
const FRAME = 250;
const LAST = 5;
/** Viewers take a shorter stay for a mistake. */
const LEAST = 20;
/** More frames than this make files that no viewer likes. */
const MANY_FRAMES = 200;
const MOST_FRAMES = 1000;

/** Where colours are not known before: so many of a number of frames, of which the first of a change is empty. */
const COLOURS_FOUND = 180;
const FRAMES_LOOKED_AT = 7;

function refusal(plan: ExportPlan): string | null {
  if (plan.slots.some(({ kind }) => kind === "graph"))
    return "A graph is the same at every step: export it as PNG";
  if (plan.points.length < 2)
    return plan.session.derived.points.length < 2 ? "There is one step only: nothing moves" : null;
  return null;
}

function size(plan: ExportPlan): SizeNote {
  const frames = countOwnPoints(plan);
  const milliseconds = FRAME / plan.session.state.value.speed;
  const text = `${formatCount(frames, "frame")}, ${Number((milliseconds / 1000).toPrecision(2))} s each`;
  const note = sizeNote(plan, [text], gifFrameBytes);
  if (note.isTooLarge || frames <= MANY_FRAMES) return note;
  if (frames <= MOST_FRAMES)
    return note.isLarge
      ? note
      : { ...note, text: `${note.text}: this takes a while`, isLarge: true };
  const advice = "too many for a browser: choose a range of steps, or tb-nnviz export";
  return { text: `${text}: ${advice}`, isLarge: true, isTooLarge: true };
}

async function write(job: ExportJob): Promise<ExportedFile> {
  const { session } = job;
  const progress = new Progress(countOwnPoints(job), job.tell);
  const zip = job.slots.length > 1 ? new StoredZip(job.signal) : null;
  let animation: Blob | null = null;
  for (const slot of job.slots) {
    animation = await animate(job, slot, progress);
    const shown = shownInFile([slot], "gif", session.state.value, session.derived);
    await zip?.add(`${safeName([tagPath(slot.tag), shown])}.gif`, animation);
  }
  if (animation === null) throw new Error("there is no panel to draw");
  if (zip === null) return { blob: animation, extension: "gif", lacking: [] };
  return { blob: zip.end(), extension: "zip", lacking: [] };
}

/** Each frame is measured before the first one is drawn. */
class Progress {
  readonly #frames: number;
  readonly #tell: ExportJob["tell"];
  readonly #done = { measured: 0, drawn: 0 };

  constructor(frames: number, tell: ExportJob["tell"]) {
    this.#frames = frames;
    this.#tell = tell;
    tell(0, 2 * frames, `0 of ${frames} measured`);
  }

  add(what: "measured" | "drawn"): void {
    this.#done[what] += 1;
    const { measured, drawn } = this.#done;
    const words = `${this.#done[what]} of ${this.#frames} ${what}`;
    this.#tell(measured + drawn, 2 * this.#frames, words);
  }
}

async function animate(job: ExportJob, slot: Slot, progress: Progress): Promise<Blob> {
  const { choice, session, signal } = job;
  const points = ownPoints(job, slot);
  if (points.length === 0) throw new Error("there is no step to show");
  const { plan, ends, kept } = await measure(job, slot, points, progress);
  const canvas = document.createElement("canvas");
  const gif = GIFEncoder();
  const delay = FRAME / session.state.value.speed;
  const drawn = async (content: PictureContent): Promise<ImageData> => {
    draw(canvas, tagPath(slot.tag), content, plan, choice.factor);
    const pixels = pixelsOf(canvas);
    await breathe(signal);
    return pixels;
  };
  const looked: Uint8ClampedArray[] = [];
  const colours = knownColours(ends);
  const found = colours.areAll ? [] : filmIndices(points.length, null, FRAMES_LOOKED_AT);
  for (const frame of found) {
    const content = kept.get(frame) ?? (await contentAt(job, slot, points[frame] as Point));
    looked.push((await drawn(content)).data);
  }
  const palette = paletteOf(colours, looked);
  const index = new PaletteIndex(palette);
  for (const [frame, point] of points.entries()) {
    const content = kept.take(frame) ?? (await contentAt(job, slot, point));
    const { data, width, height } = await drawn(content);
    const indices = index.of(data);
    await breathe(signal);
    const stay = Math.max(LEAST, frame === points.length - 1 ? LAST * delay : delay);
    gif.writeFrame(indices, width, height, {
      delay: stay,
      ...(frame === 0 ? { palette } : {}),
    });
    progress.add("drawn");
    await breathe(signal);
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}

interface Measured {
  readonly plan: PicturePlan;
  /** What the first and the last frame show. */
  readonly ends: readonly PictureContent[];
  readonly kept: KeptContents;
}

/** All frames have one size, and what stands in one place stands there in all: with room for the longest words of any. */
async function measure(
  job: ExportJob,
  slot: Slot,
  points: readonly Point[],
  progress: Progress,
): Promise<Measured> {
  const ends: PictureContent[] = [];
  const kept = new KeptContents();
  const measured = [];
  for (const [frame, point] of points.entries()) {
    const content = await contentAt(job, slot, point);
    measured.push(measurePicture(content));
    kept.offer(frame, content);
    if (frame === 0 || frame === points.length - 1) ends.push(content);
    progress.add("measured");
    await breathe(job.signal);
  }
  return { plan: planPicture(measured), ends, kept };
}

function pixelsOf(canvas: HTMLCanvasElement): ImageData {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser gives no canvas of this size");
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

interface KnownColours {
  readonly theme: Theme;
  readonly runs: readonly Rgb[];
  readonly tables: readonly TableName[];
  /** False where others are to be found in the frames: those of pictures, and of what is drawn without a table. */
  readonly areAll: boolean;
}

function knownColours(contents: readonly PictureContent[]): KnownColours {
  const columns = contents.flatMap((content) => content.columns);
  const tables = new Set(
    columns.flatMap(({ body }) => (body.kind === "grid" ? [body.colouring.table] : [])),
  );
  const named = [...tables].flatMap((table) => (table === "rgb" ? [] : [table]));
  return {
    theme: contents[0]?.theme ?? "light",
    runs: columns.map(({ colour }) => rgbOf(colour)),
    tables: named,
    areAll: named.length > 0 && !tables.has("rgb"),
  };
}

function paletteOf(
  { theme, runs, tables, areAll }: KnownColours,
  looked: readonly Uint8ClampedArray[],
): readonly Rgb[] {
  const look = LOOKS[theme];
  const [page, ink, secondary, line, mark] = [
    look.page,
    look.ink,
    look.secondary,
    look.line,
    look.mark,
  ].map(rgbOf) as [Rgb, Rgb, Rgb, Rgb, Rgb];
  const solid = [
    ...runs,
    line,
    mark,
    ...(tables[0] === undefined ? [] : [unresolvedColour(tables[0])]),
    DEAD_COLOURS[theme],
    GLYPH_COLOURS.nan,
    GLYPH_COLOURS.posinf,
    GLYPH_COLOURS.neginf,
    ...[look.negative, look.positive, "#000000"].map(rgbOf),
  ];
  const found = areAll ? [] : [commonColours(looked, COLOURS_FOUND)];
  return gifPalette(page, [ink, secondary], solid, [...tables.map(tableEntries), ...found]);
}

export const GIF: FormatWriter = {
  name: "GIF",
  extension: ({ slots }) => (slots.length > 1 ? "zip" : "gif"),
  about: (plan) => {
    const animations = plan.slots.length;
    const one = "The steps as an animation, at the speed of the player";
    return animations > 1 ? `${one}: ${formatCount(animations, "file")} in a ZIP` : one;
  },
  hasFactor: true,
  refusal,
  size,
  prepare: preparePictureSizes,
  write,
};
