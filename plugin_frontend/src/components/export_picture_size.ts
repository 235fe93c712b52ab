/**
 * How large the pictures of panels will be, before any is drawn: measured on those whose records are here, at the point
 * that is shown. Must not draw.
 */
import { tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import type { PictureBody, PictureContent } from "../model/picture_content.js";
import { type PictureSize, pixelsText, pngBytes, whyTooLarge } from "../model/picture_limits.js";
import type { PanelEntry } from "../model/runs.js";
import type { Slot } from "../model/sections.js";
import { bodySize, measurePicture, planPicture } from "../render/picture_plan.js";
import type { AppState } from "../state/app_state.js";
import { createDerive } from "../state/derived.js";
import { ExportReader } from "../state/export_reader.js";
import {
  type ExportedMember,
  noisyCells,
  prepareWeights,
  weightsOf,
} from "../state/export_weights.js";
import type { Session } from "../state/session.js";
import { contentOf } from "./export_contents.js";
import { type ExportPlan, NO_SIZE, ownPoints, type SizeNote } from "./export_job.js";
import { bytesText } from "./export_words.js";

/** More takes a while, and more than a browser tab holds. In bytes of the file. */
const LARGE = 100e6;
const TOO_LARGE = 1.5e9;

/** Of PNG files. */
export function pngSize(plan: ExportPlan): SizeNote {
  const { factor } = plan.choice;
  const { known, isLeast, refused } = measured(plan);
  if (refused !== null) return refused;
  const pictures = plan.slots.reduce((sum, slot) => sum + ownPoints(plan, slot).length, 0);
  const bytes = known.reduce((sum, { size, times }) => sum + times * pngBytes(size, factor), 0);
  const [only, ...others] = plan.slots;
  const size = only === undefined || others.length > 0 ? null : sizeOf(only, plan.session);
  const count = pictures === 1 ? "" : formatCount(pictures, "picture");
  if (known.length === 0) return { ...NO_SIZE, text: count };
  const pixels = size === null ? [] : [pixelsText(size, factor)];
  const about = `${isLeast ? "more than" : "about"} ${bytesText(bytes)}`;
  const text = [...(count === "" ? [] : [count]), ...pixels, about].join(", ");
  if (bytes > TOO_LARGE) {
    const mend = "choose a smaller size, fewer steps or one panel, or in a shell tb-nnviz export";
    return { text: `${text}: too much for a browser; ${mend}`, isLarge: true, isTooLarge: true };
  }
  const isLarge = bytes > LARGE;
  return { text: isLarge ? `${text}: this takes a while` : text, isLarge, isTooLarge: false };
}

/** Why the pictures of a plan cannot be drawn, as far as that is known; null where they can. */
export function canvasRefusal(plan: ExportPlan): SizeNote | null {
  return measured(plan).refused;
}

interface Measured {
  /** Panels whose size is known or can be guessed, and how many pictures there are of each. */
  readonly known: readonly { readonly size: PictureSize; readonly times: number }[];
  /** True where some are not known. */
  readonly isLeast: boolean;
  readonly refused: SizeNote | null;
}

function measured(plan: ExportPlan): Measured {
  const { session, slots, choice } = plan;
  const sizes = slots.map((slot) => ({ slot, size: sizeOf(slot, session) }));
  const known = sizes.flatMap(({ slot, size }) => {
    const about = size ?? guessed(slot, session);
    return about === null ? [] : [{ size: about, times: ownPoints(plan, slot).length }];
  });
  const reasons = sizes.flatMap(({ slot, size }) => {
    const why = size === null ? null : whyTooLarge(tagPath(slot.tag), size, choice.factor);
    return why === null ? [] : [why];
  });
  const [why] = reasons;
  const others =
    reasons.length > 1 ? ` (and ${formatCount(reasons.length - 1, "more panel")})` : "";
  const refused =
    why === undefined ? null : { text: `${why}${others}`, isLarge: true, isTooLarge: true };
  return { known, isLeast: known.length < slots.length, refused };
}

/** Of a session, what the screen would be with some panels alone; asks for nothing. */
const readers = new WeakMap<Session, { readonly state: AppState; readonly reader: ExportReader }>();
const derives = new WeakMap<Session, ReturnType<typeof createDerive>>();
const sizes = new WeakMap<PanelEntry, { readonly state: AppState; readonly size: PictureSize }>();

/** Null while something that the panel shows is not here. */
function sizeOf(slot: Slot, session: Session): PictureSize | null {
  const [panel] = slot.panels;
  const { point } = session.derived;
  if (panel === undefined || point === null) return null;
  const state = session.state.value;
  const last = sizes.get(panel);
  if (last?.state === state) return last.size;
  const reader = readerOf(session);
  const snapshot = reader.at(point, [slot]);
  const found = contentOf(slot, snapshot, session);
  const content = found === null ? null : filled(found);
  if (content === null) return null;
  const plan = planPicture([measurePicture(content)]);
  const cells = content.columns.reduce((sum, { body }) => sum + drawnCells(body), 0);
  const size = { ...plan.size, cells };
  if (content === found && reader.isHere(snapshot, [slot])) sizes.set(panel, { state, size });
  return size;
}

/** Of a panel that is out of sight. */
const TYPICAL = { width: 1100, height: 500 };

function guessed({ panels }: Slot, session: Session): PictureSize | null {
  const members = membersOf(panels);
  const weights = weightsOf(members, session);
  let cells = 0;
  for (const [index, { entry }] of members.entries()) {
    const weight = weights[index] ?? null;
    if (entry.kind !== "tiles") continue;
    if (weight === null) return null;
    cells += weight.values * weight.noise;
  }
  return { ...TYPICAL, cells };
}

/** Loads what the sizes of panels out of sight depend on; true where something has come. */
export function preparePictureSizes({ slots, session }: ExportPlan): Promise<boolean> {
  const hidden = slots.filter((slot) => sizeOf(slot, session) === null);
  return prepareWeights(membersOf(hidden.flatMap(({ panels }) => panels)), session);
}

function membersOf(panels: readonly PanelEntry[]): readonly ExportedMember[] {
  return panels.flatMap(({ members }) => members.map((member) => ({ ...member, show: "value" })));
}

/** Runs that are not here, as those out of sight, are taken to be like the largest that is; null where none is here. */
function filled(content: PictureContent): PictureContent | null {
  const bodies = content.columns.map(({ body }) => body);
  const known = bodies.filter((body) => !isPending(body));
  if (known.length === bodies.length) return content;
  const largest = known.toSorted((a, b) => bodySize(b).width - bodySize(a).width)[0];
  if (largest === undefined) return null;
  const columns = content.columns.map((column) =>
    isPending(column.body) ? { ...column, body: largest } : column,
  );
  return { ...content, columns };
}

function isPending(body: PictureBody): boolean {
  return body.kind === "text" && body.isPending === true;
}

function readerOf(session: Session): ExportReader {
  const state = session.state.value;
  const known = readers.get(session);
  if (known?.state === state) return known.reader;
  const derive = derives.get(session) ?? createDerive();
  derives.set(session, derive);
  const reader = new ExportReader(session, new AbortController().signal, derive);
  readers.set(session, { state, reader });
  return reader;
}

function drawnCells(body: PictureBody): number {
  if (body.kind !== "grid") return 0;
  return noisyCells(body.tiles) + (body.pictures === null ? 0 : noisyCells(body.pictures));
}
