/** PNG files: a picture for each panel and point; of several, a ZIP. Joins contents and their drawing; must not know dialogs. */
import { zipSync } from "fflate";
import { safeName } from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import type { PictureContent } from "../model/picture_content.js";
import type { Slot } from "../model/sections.js";
import { drawPicture } from "../render/picture.js";
import { measurePicture, type PicturePlan, planPicture } from "../render/picture_plan.js";
import { attributionContent } from "../state/export_attributions.js";
import type { Snapshot } from "../state/export_reader.js";
import { shownInFile } from "../state/export_shown.js";
import { tilesContent } from "../state/export_tiles.js";
import { panelView } from "../state/panel_view.js";
import { namesOfPoints } from "../state/point_names.js";
import type { Session } from "../state/session.js";
import { confusionContent } from "./export_confusion.js";
import { histogramContent } from "./export_histogram.js";
import {
  breathe,
  type ExportedFile,
  type ExportJob,
  type FormatWriter,
  NO_SIZE,
  ownPoints,
} from "./export_job.js";

/** The picture of a panel whose records are here. */
export async function contentOf(
  slot: Slot,
  snapshot: Snapshot,
  session: Session,
): Promise<PictureContent> {
  const [panel] = slot.panels;
  if (panel === undefined) throw new Error("the panel is empty");
  switch (slot.kind) {
    case "histogram":
      return histogramContent(slot, snapshot, session);
    case "confusion":
      return confusionContent(panel, snapshot, session);
    case "attributions":
      return attributionContent(panel, snapshot, session);
    case "graph":
      return (await import("./export_graph.js")).graphContent(panel, snapshot, session);
    default: {
      const { state, derived } = snapshot;
      const { records, extremes } = session;
      const view = panelView(panel, state, derived, (ref) => records.state(ref), extremes);
      return tilesContent(panel, view, snapshot);
    }
  }
}

/** No browser draws larger canvases than this a side, nor of more pixels, on every machine. */
export const MAX_SIDE = 16_384;
export const MAX_PIXELS = 2 ** 27;

/** Draws one picture, in the size that was planned for it. */
export function draw(
  canvas: HTMLCanvasElement,
  content: PictureContent,
  plan: PicturePlan,
  factor: number,
): void {
  const [width, height] = [plan.size.width * factor, plan.size.height * factor];
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS)
    throw new Error(
      `the picture would have ${width} × ${height} pixels, more than a browser can draw: choose a smaller scale, or tb-nnviz export`,
    );
  drawPicture(canvas, content, plan, factor);
}

async function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("this browser could not make a PNG of this size");
  return blob;
}

async function write(job: ExportJob): Promise<ExportedFile> {
  const { session, slots, choice, reader, signal, tell } = job;
  const work = slots.flatMap((slot) => ownPoints(job, slot).map((point) => ({ slot, point })));
  const canvas = document.createElement("canvas");
  const files: { readonly name: string; readonly blob: Blob }[] = [];
  for (const [done, { slot, point }] of work.entries()) {
    tell(done, work.length);
    const snapshot = reader.at(point, [slot]);
    await reader.read(snapshot, [slot]);
    const content = await contentOf(slot, snapshot, session);
    draw(canvas, content, planPicture([measurePicture(content)]), choice.factor);
    const shown = shownInFile([slot], "png", snapshot.state, snapshot.derived);
    const [moment = ""] = namesOfPoints(snapshot.state, snapshot.derived, [point]);
    files.push({
      name: `${safeName([tagPath(slot.tag), shown, moment])}.png`,
      blob: await blobOf(canvas),
    });
    await breathe(signal);
  }
  const [first] = files;
  if (files.length === 1 && first !== undefined)
    return { blob: first.blob, extension: "png", lacking: [] };
  return { blob: await zipped(files), extension: "zip", lacking: [] };
}

/** Pictures are compressed already. Names that are the same are numbered. */
export async function zipped(
  files: readonly { readonly name: string; readonly blob: Blob }[],
): Promise<Blob> {
  const entries: Record<string, Uint8Array> = {};
  for (const { name, blob } of files) {
    const [stem = "", extension = ""] = [
      name.slice(0, name.lastIndexOf(".")),
      name.slice(name.lastIndexOf(".")),
    ];
    let unique = name;
    for (let copy = 2; Object.hasOwn(entries, unique); copy++)
      unique = `${stem}_${copy}${extension}`;
    entries[unique] = new Uint8Array(await blob.arrayBuffer());
  }
  return new Blob([zipSync(entries, { level: 0 }) as Uint8Array<ArrayBuffer>], {
    type: "application/zip",
  });
}

export const PNG: FormatWriter = {
  name: "PNG",
  about: (plan) => {
    const pictures = plan.slots.reduce((sum, slot) => sum + ownPoints(plan, slot).length, 0);
    const one = "What the panel shows, with caption and scale";
    return pictures > 1 ? `${one}: ${formatCount(pictures, "picture")} in a ZIP` : one;
  },
  hasFactor: true,
  refusal: () => null,
  size: () => NO_SIZE,
  write,
};
