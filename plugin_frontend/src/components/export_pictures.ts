/** PNG files: a picture for each panel and point; of several, a ZIP. Joins contents and their drawing; must not know dialogs. */
import { safeName } from "../model/export_choice.js";
import { tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import type { PictureContent } from "../model/picture_content.js";
import { whyTooLarge } from "../model/picture_limits.js";
import type { Slot } from "../model/sections.js";
import type { Point } from "../model/time_axis.js";
import { drawPicture } from "../render/picture.js";
import { measurePicture, type PicturePlan, planPicture } from "../render/picture_plan.js";
import { shownInFile } from "../state/export_shown.js";
import { namesOfPoints } from "../state/point_names.js";
import { contentOf, prepareContents } from "./export_contents.js";
import {
  breathe,
  countOwnPoints,
  type ExportedFile,
  type ExportJob,
  type ExportPlan,
  type FormatWriter,
  ownPoints,
} from "./export_job.js";
import { pngSize, preparePictureSizes } from "./export_picture_size.js";
import { StoredZip } from "./stored_zip.js";

/** What a picture is of, and what of the panel is not in it. */
export function picturedText({ session, slots }: Pick<ExportPlan, "session" | "slots">): string {
  const isTable = session.state.value.graphDisplay.form === "table";
  if (isTable && slots.some(({ kind }) => kind === "graph"))
    return "The graph as it is drawn, not the table";
  if (slots.some(({ kind }) => kind === "attributions"))
    return "Input, map and verdict of each sample; without overlay, interior gradients and F(α)";
  return "What the panel shows, with caption and scale";
}

/** The picture of a panel at a point, once its records are here. */
export async function contentAt(job: ExportJob, slot: Slot, point: Point): Promise<PictureContent> {
  const snapshot = job.reader.at(point, [slot]);
  await job.reader.read(snapshot, [slot]);
  const content = contentOf(slot, snapshot, job.session);
  if (content === null) throw new Error("the panel has no picture");
  return content;
}

/** Says what is too large, the limit, and what mends it. Whatever else goes wrong while drawing is a fault of ours. */
class PictureTooLarge extends Error {}

/** Draws one picture, in the size that was planned for it. `name`: of the panel, for when it is too large. */
export function draw(
  canvas: HTMLCanvasElement,
  name: string,
  content: PictureContent,
  plan: PicturePlan,
  factor: number,
): void {
  const why = whyTooLarge(name, { ...plan.size, cells: 0 }, factor);
  if (why !== null) throw new PictureTooLarge(why);
  drawPicture(canvas, content, plan, factor);
}

async function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("this browser could not make a PNG of this size");
  return blob;
}

async function write(job: ExportJob): Promise<ExportedFile> {
  const { slots, choice, signal, tell } = job;
  await prepareContents(slots);
  const work = slots.flatMap((slot) => ownPoints(job, slot).map((point) => ({ slot, point })));
  const canvas = document.createElement("canvas");
  const zip = work.length > 1 ? new StoredZip(signal) : null;
  const lacking: string[] = [];
  let picture: Blob | null = null;
  for (const [done, { slot, point }] of work.entries()) {
    tell(done, work.length);
    const content = await contentAt(job, slot, point);
    const { state, derived } = job.reader.at(point, [slot]);
    const [moment = ""] = namesOfPoints(state, derived, [point]);
    const name = tagPath(slot.tag);
    try {
      draw(canvas, name, content, planPicture([measurePicture(content)]), choice.factor);
    } catch (error) {
      // Of several, those that can be drawn are not lost by one that cannot.
      if (!(error instanceof PictureTooLarge) || zip === null) throw error;
      lacking.push(`${moment}: ${error.message}`);
      continue;
    }
    picture = await blobOf(canvas);
    const shown = shownInFile([slot], "png", state, derived);
    await zip?.add(`${safeName([name, shown, moment])}.png`, picture);
    await breathe(signal);
  }
  if (picture === null) throw new Error(lacking[0] ?? "there is no panel to draw");
  if (zip === null) return { blob: picture, extension: "png", lacking };
  return { blob: zip.end(), extension: "zip", lacking };
}

export const PNG: FormatWriter = {
  name: "PNG",
  extension: (plan) => (countOwnPoints(plan) > 1 ? "zip" : "png"),
  about: (plan) => {
    const pictures = countOwnPoints(plan);
    const one = picturedText(plan);
    return pictures > 1 ? `${one}: ${formatCount(pictures, "picture")} in a ZIP` : one;
  },
  hasFactor: true,
  refusal: () => null,
  size: pngSize,
  prepare: async (plan, signal) => {
    const [isDrawable, isSized] = await Promise.all([
      prepareContents(plan.slots),
      preparePictureSizes(plan, signal),
    ]);
    return isDrawable || isSized;
  },
  write,
};
