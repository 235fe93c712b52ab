/**
 * How large the pictures of panels will be, before any is drawn: measured on those whose records are here, at the point
 * that is shown; frames of an animation, at every point whose records are here. Must not draw.
 */
import { tagPath } from "../model/facts.js";
import { formatCount } from "../model/format.js";
import type { PictureBody, PictureContent } from "../model/picture_content.js";
import { type PictureSize, pixelsText, pngBytes, whyTooLarge } from "../model/picture_limits.js";
import type { PanelEntry } from "../model/runs.js";
import type { Slot } from "../model/sections.js";
import { indexOfPoint, type Point } from "../model/time_axis.js";
import { bodySize, measurePicture, planPicture } from "../render/picture_plan.js";
import type { AppState } from "../state/app_state.js";
import { createDerive } from "../state/derived.js";
import { ExportReader } from "../state/export_reader.js";
import {
  type ExportedMember,
  prepareWeights,
  recordsHere,
  weightsOf,
} from "../state/export_weights.js";
import type { Session } from "../state/session.js";
import { contentOf } from "./export_contents.js";
import {
  breathe,
  countOwnPoints,
  type ExportPlan,
  NO_SIZE,
  ownPoints,
  type SizeNote,
} from "./export_job.js";
import { bytesText } from "./export_words.js";
import { weightOf } from "./picture_weight.js";

/** More takes a while, and more than a browser tab holds. In bytes of the file. */
const LARGE = 100e6;
const TOO_LARGE = 1.5e9;

/** Of PNG files. */
export function pngSize(plan: ExportPlan): SizeNote {
  const pictures = countOwnPoints(plan);
  const what = pictures === 1 ? [] : [formatCount(pictures, "picture")];
  return sizeNote(plan, what, pngBytes);
}

/** Of files with pictures. `what`: how many. `bytesOf` each, by its size and the factor, of frames roughly so. */
export function sizeNote(
  plan: ExportPlan,
  what: readonly string[],
  bytesOf: (size: PictureSize, factor: number) => number,
): SizeNote {
  const { factor } = plan.choice;
  const { known, isLeast, refused } = measured(plan);
  if (refused !== null) return refused;
  const bytes = known.reduce((sum, { size, times }) => sum + times * bytesOf(size, factor), 0);
  const [only, ...others] = plan.slots;
  const kept = only === undefined || others.length > 0 ? null : keptOf(plan, only);
  const size = kept?.size ?? null;
  if (known.length === 0) return { ...NO_SIZE, text: what.join(", ") };
  // A frame whose records are not here may have longer captions.
  const isCertain = !isAnimation(plan) || kept?.isAll === true;
  const pixels = size === null ? [] : [`${isCertain ? "" : "about "}${pixelsText(size, factor)}`];
  const about = `${isLeast ? "more than" : isAnimation(plan) ? "roughly" : "about"} ${bytesText(bytes)}`;
  const text = [...what, ...pixels, about].join(", ");
  if (bytes > TOO_LARGE) {
    const mend = "choose a smaller size, fewer steps or one panel, or in a shell tb-nnviz export";
    return { text: `${text}: too much for a browser; ${mend}`, isLarge: true, isTooLarge: true };
  }
  const isLarge = bytes > LARGE;
  return { text: isLarge ? `${text}: this takes a while` : text, isLarge, isTooLarge: false };
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
  const deadline = performance.now() + AT_ONCE;
  const sized = slots.map((slot) => ({ slot, size: sizeOf(plan, slot, deadline) }));
  const known = sized.flatMap(({ slot, size }) => {
    const about = size === null ? guessed(slot, session) : size;
    return about === null || about === undefined
      ? []
      : [{ size: about, times: ownPoints(plan, slot).length }];
  });
  const reasons = sized.flatMap(({ slot, size }) => {
    const why =
      size === null || size === undefined
        ? null
        : whyTooLarge(tagPath(slot.tag), size, choice.factor);
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
/** What was measured of a panel. */
interface Kept {
  readonly state: AppState;
  /** The points of frames; empty where it is no animation. */
  readonly frames: string;
  /** How many of its records were here. */
  readonly here: number;
  /** Whether all was here: nothing that comes makes it another size. */
  readonly isAll: boolean;
  /** Null where nothing was here. */
  readonly size: PictureSize | null;
}

const sizes = new WeakMap<PanelEntry, Kept>();

/** Measuring many panels takes longer than the browser may wait: the others are measured in turns. In milliseconds. */
const AT_ONCE = 30;

/** Kinds that show nothing but the records that are counted. */
const COUNTED: ReadonlySet<string> = new Set(["tiles", "histogram"]);

/** Null while nothing that the panel shows is here; undefined where it is yet to be measured, for which there is no time. */
function sizeOf(plan: ExportPlan, slot: Slot, deadline: number): PictureSize | null | undefined {
  const kept = keptOf(plan, slot);
  if (isKnown(kept, slot, plan.session) || performance.now() > deadline) return kept?.size;
  return measure(plan, slot);
}

function keptOf(plan: ExportPlan, { panels: [panel] }: Slot): Kept | null {
  const kept = panel === undefined ? undefined : sizes.get(panel);
  const isSame = kept?.state === plan.session.state.value && kept.frames === framesKey(plan);
  return isSame ? kept : null;
}

function framesKey(plan: ExportPlan): string {
  return isAnimation(plan) ? JSON.stringify(plan.points) : "";
}

function isAnimation({ choice }: ExportPlan): boolean {
  return choice.format === "gif";
}

/** Whether it would be the same if it were measured again. */
function isKnown(kept: Kept | null, slot: Slot, session: Session): boolean {
  if (kept === null || kept.isAll) return kept !== null;
  return COUNTED.has(slot.kind) && kept.here === hereOf(slot, session);
}

/** How many of the records that a slot shows are here. */
function hereOf({ panels }: Slot, session: Session): number {
  const shown = panels.flatMap((panel) => [panel, ...(panel.weights ? [panel.weights] : [])]);
  return recordsHere(
    shown.flatMap(({ members }) => members),
    session,
  );
}

function measure(plan: ExportPlan, slot: Slot): PictureSize | null {
  const [panel] = slot.panels;
  const { session } = plan;
  const { point } = session.derived;
  if (panel === undefined || point === null) return null;
  const here = hereOf(slot, session);
  const nothing = { size: null, isAll: false };
  const isEmpty = here === 0 && COUNTED.has(slot.kind);
  const measured = isEmpty ? nothing : (sizeAt(point, plan, slot) ?? nothing);
  sizes.set(panel, { state: session.state.value, frames: framesKey(plan), here, ...measured });
  return measured.size;
}

/** Of frames the largest, and of those that are here, as far as there is time. */
function sizeAt(point: Point, plan: ExportPlan, slot: Slot): Pick<Kept, "size" | "isAll"> | null {
  const deadline = performance.now() + AT_ONCE;
  const shown = pictureAt(point, plan, slot);
  if (shown === null) return null;
  const measured = [shown.measured];
  let { isAll } = shown;
  const others = isAnimation(plan)
    ? ownPoints(plan, slot).filter((each) => indexOfPoint([point], each) < 0)
    : [];
  for (const each of others) {
    const frame = performance.now() > deadline ? null : pictureAt(each, plan, slot);
    if (frame?.isAll) measured.push(frame.measured);
    isAll &&= frame?.isAll === true;
  }
  return { size: { ...planPicture(measured).size, ...shown.weight }, isAll };
}

function pictureAt(point: Point, { session }: ExportPlan, slot: Slot) {
  const reader = readerOf(session);
  const snapshot = reader.at(point, [slot]);
  const found = contentOf(slot, snapshot, session);
  const content = found === null ? null : filled(found);
  if (content === null) return null;
  const isAll = content === found && reader.isHere(snapshot, [slot]);
  return { measured: measurePicture(content), weight: weightOf(content), isAll };
}

/** Measures, in turns with the browser, what is yet to be; true where something was. */
async function measureInTurns(plan: ExportPlan): Promise<boolean> {
  const { slots, session } = plan;
  let isNew = false;
  let deadline = performance.now() + AT_ONCE;
  for (const slot of slots) {
    const kept = keptOf(plan, slot);
    const isOver = kept !== null && !COUNTED.has(slot.kind);
    if (isOver || isKnown(kept, slot, session)) continue;
    if (performance.now() > deadline) {
      await breathe(NEVER);
      deadline = performance.now() + AT_ONCE;
    }
    measure(plan, slot);
    isNew = true;
  }
  return isNew;
}

const NEVER = new AbortController().signal;

/** Of a panel that is out of sight. */
const TYPICAL = { width: 1100, height: 500, words: 100 };

function guessed({ panels }: Slot, session: Session): PictureSize | null {
  let cells = 0;
  for (const panel of panels) {
    if (panel.members[0]?.entry.kind !== "tiles") continue;
    const [weight = null] = weightsOf(standIn(panel), session);
    if (weight === null) return null;
    cells += panel.members.length * weight.values * weight.noise;
  }
  return { ...TYPICAL, cells };
}

/** The runs of a panel are taken to be like its first: to weigh each takes as long as to draw some. */
function standIn({ members }: PanelEntry): readonly ExportedMember[] {
  return members.slice(0, 1).map((member) => ({ ...member, show: "value" }));
}

/** Measures what is yet to be, and loads what the sizes of panels out of sight depend on; true where something is new. */
export async function preparePictureSizes(plan: ExportPlan, signal: AbortSignal): Promise<boolean> {
  const { slots, session } = plan;
  const isMeasured = await measureInTurns(plan);
  const hidden = slots.filter((slot) => (keptOf(plan, slot)?.size ?? null) === null);
  const standIns = hidden.flatMap(({ panels }) => panels.flatMap(standIn));
  const isLoaded = await prepareWeights(standIns, session, signal, false);
  return isMeasured || isLoaded;
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
