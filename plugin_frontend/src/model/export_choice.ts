/**
 * What is to be exported: which panels at which points of the timeline, in which format, and what the file is called.
 * Plain data and pure functions; must not know records nor how files are written.
 */
import { tagPath } from "./facts.js";

export const EXPORT_FORMATS = ["png", "gif", "npz", "csv", "html"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One panel, all panels of the view that the layer filter lets through, or all panels of all views. */
export type ExportScope = "panel" | "view" | "all";

export type ExportSteps = "this" | "all" | "range";

/** Pixels of a picture for one of the screen. */
export const EXPORT_FACTORS = [1, 2, 3, 4] as const;

export interface ExportChoice {
  readonly format: ExportFormat;
  readonly scope: ExportScope;
  readonly steps: ExportSteps;
  /** Ends of the range, as indices of the timeline's points; both are in it. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** What a choice of a format brings with it: what moves, or has a timeline, is of all steps, all else of the shown one. */
export function stepsOfFormat(format: ExportFormat): ExportSteps {
  return format === "gif" || format === "html" ? "all" : "this";
}

/**
 * Likewise: the tab in one file is of the whole view, all else of one panel. `chosen`: by hand, null where nothing was;
 * `hasPanel`: there is one to be exported.
 */
export function scopeOfFormat(
  format: ExportFormat,
  chosen: ExportScope | null,
  hasPanel: boolean,
): ExportScope {
  const scope = chosen ?? (format === "html" ? "view" : "panel");
  if (scope === "all") return format === "html" ? "all" : "view";
  return hasPanel ? scope : "view";
}

/** What counts as chosen by hand when the dialog opens: `isPanel`: it is opened by the arrow of a panel. */
export function scopeOnOpening(before: ExportScope | null, isPanel: boolean): ExportScope | null {
  if (isPanel) return "panel";
  // All views are much: to be chosen anew.
  return before === "all" ? "view" : before;
}

/** Indices of the chosen points, ascending; `shown` is that of the shown one. */
export function chosenPoints(
  { steps, from, to }: Pick<ExportChoice, "steps" | "from" | "to">,
  points: number,
  shown: number,
): readonly number[] {
  if (points === 0) return [];
  if (steps === "this") return [Math.min(points - 1, Math.max(0, shown))];
  const [first, last] =
    steps === "all" ? [0, points - 1] : [Math.min(from, to), Math.max(from, to)];
  const start = Math.max(0, first);
  return Array.from(
    { length: Math.max(0, Math.min(points - 1, last) - start + 1) },
    (_, index) => start + index,
  );
}

/** Letters that file names have on every system; all else becomes one `_`. */
const UNSAFE = /[^\p{L}\p{N}.=-]+/gu;

/** Parts of a file name joined by `_`, without what some system does not allow. */
export function safeName(parts: readonly string[]): string {
  const name = parts
    .map((part) => part.replace(UNSAFE, "_").replace(/^[_.]+|[_.]+$/g, ""))
    .filter((part) => part !== "")
    .join("_");
  return name.slice(0, LONGEST) || "export";
}

const LONGEST = 120;
/** Of the panel at least so much, however long the names of runs are. */
const LEAST = 30;

/** What a file name is made of. */
export interface NamedExport {
  readonly view: string;
  /** Tags of the exported panels. */
  readonly tags: readonly string[];
  /** Such as `change since start`; empty for values. */
  readonly shown: string;
  readonly runs: readonly string[];
  /** Such as `epoch 8`; one for each chosen point. */
  readonly moments: readonly string[];
  /** As the name ends. */
  readonly extension: string;
}

/** `weights_dense_kernel_mlp_epoch_8.png`; `weights_14_panels_change_since_start_2_runs_epoch_0-8.npz`. */
export function fileName({ view, tags, shown, runs, moments, extension }: NamedExport): string {
  const [tag = ""] = tags;
  const one = tagPath(tag) === view ? [view] : [view, tagPath(tag)];
  const what = tags.length === 1 ? one : [view, `${tags.length} panels`];
  const [run = ""] = runs;
  const [first = "", ...others] = moments;
  const [unit = ""] = first.split(" ");
  const last = (others.at(-1) ?? "").replace(`${unit} `, "");
  const end = safeName([
    shown,
    runs.length === 1 ? run : `${runs.length} runs`,
    last === "" ? first : `${first}-${last}`,
  ]);
  const room = Math.max(LEAST, LONGEST - end.length - 1);
  return `${safeName([safeName(what).slice(0, room), end])}.${extension}`;
}
