/**
 * What a card of attributions shows: for each run the records of all its parts, and the samples, α, colours and ranges
 * they have in common. Pure functions of the state and the records; must not know the DOM.
 */
import { ALPHA, alphasOf, snapAlpha } from "../model/alphas.js";
import {
  type AttributionPart,
  digestOfCard,
  entryOfCard,
  inputOfCard,
  mapsOfCard,
  readAttributionTag,
} from "../model/attribution_cards.js";
import { orderSamples } from "../model/attribution_order.js";
import { type Colouring, changeColouring, chooseColouring } from "../model/colours.js";
import { type Remarks, sharedRemarks } from "../model/facts.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { SAMPLE } from "../model/placement.js";
import { extremesOf, type Range, rangeOfExtremes } from "../model/ranges.js";
import type { PanelEntry } from "../model/runs.js";
import { summedOver } from "../model/summed_tiles.js";
import { gridAxes, type Tiles } from "../model/tiles.js";
import type { StepMatch } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import {
  type Part,
  readPart,
  readPictures,
  samplesOf,
  skippedReason,
} from "./attribution_parts.js";
import { type NonFinite, nonFiniteOf } from "./cell_counts.js";
import { type Derived, matchAt } from "./derived.js";
import type { ExtremesBook } from "./extremes_book.js";
import { asMaps } from "./map_records.js";
import type { RecordRef, RecordState } from "./record_store.js";
import { samplesTag } from "./sample_records.js";
import { type ScaleProgress, scaleOverSteps } from "./scale_over_steps.js";

/** A run of a card. */
export interface AttributionRun {
  readonly run: RunEntry;
  /** Its maps. */
  readonly entry: TagEntry | null;
  readonly match: StepMatch;
  readonly maps: Part;
  readonly interior: Part;
  readonly path: Part;
  /** Null where the run has none. */
  readonly spread: Part | null;
  readonly baselines: Part | null;
  readonly scores: Part | null;
  /** Null where each map has its own. */
  readonly range: Range | null;
  /** True where the record is of other samples than the card. */
  readonly hasOtherSamples: boolean;
}

export interface AttributionView {
  readonly input: string;
  readonly runs: readonly AttributionRun[];
  /** Shown runs without maps of any input. */
  readonly absent: readonly RunEntry[];
  /** The samples as this input of the model sees them. */
  readonly pictures: Part;
  readonly picturesTag: string;
  readonly labels: readonly string[] | null;
  readonly samples: number;
  /** Samples in the order in which they are shown. */
  readonly order: readonly number[];
  /** Empty until interior gradients are here, and without any. */
  readonly alphas: readonly number[];
  readonly alphaIndex: number;
  /** The first maps that are here; null before. */
  readonly first: Tiles | null;
  readonly colouring: Colouring;
  readonly spreadRange: Range | null;
  /** Null where runs or maps have their own. */
  readonly shared: Range | null;
  readonly scaleProgress: ScaleProgress | null;
  readonly counts: NonFinite & { readonly unresolved: number | null };
  /** What the maps are summed over, in words. */
  readonly summed: readonly string[];
  readonly remarks: Remarks;
  /** True once nothing that is shown is on its way. */
  readonly settled: boolean;
}

type RecordStates = (ref: RecordRef) => RecordState;

export function attributionView(
  card: PanelEntry,
  state: AppState,
  derived: Derived,
  recordState: RecordStates,
  book: ExtremesBook,
): AttributionView {
  const { display, attributionDisplay, theme } = state;
  const { show, scale } = display;
  const runs = [...new Set(card.members.map(({ run }) => run))];
  const found = runs.map((run) => partsOf(card, run, state, derived, recordState));
  const records = found.flatMap(({ maps }) => (maps.status === "ready" ? [maps.record] : []));
  const painted = found.map(({ maps, interior }) => [maps, interior].flatMap(tilesOf));
  const [first = null] = found.flatMap(({ maps }) => tilesOf(maps));
  const values = found.flatMap(({ maps }) => (maps.status === "ready" ? [maps] : []))[0];
  const interior = found.flatMap(({ interior }) => tilesOf(interior))[0];
  const alphaAxis = interior && gridAxes(interior.header).find(({ name }) => name === ALPHA);
  const alphas = alphasOf(alphaAxis) ?? [];
  const colouring =
    show === "value"
      ? chooseColouring(display.colours, first?.header.meaning ?? "signed", 1, theme)
      : changeColouring(1, theme);
  const { rule } = colouring;
  const over =
    scale === "fixed"
      ? scaleOverSteps(mapsOfCard(card), { show, reference: state.reference }, derived, book)
      : null;
  const known = [...painted.flat().map(extremesOf), ...(over?.known ?? [])];
  const shared = scale === "per-tile" || scale === "per-run" ? null : rangeOfExtremes(known, rule);
  const spreads = found.flatMap(({ spread }) => (spread === null ? [] : tilesOf(spread)));
  // A later fit may have been shown other samples than the first one, of which the card knows.
  const digest = records[0]?.header.source.samplesDigest ?? digestOfCard(card);
  const axis = first?.header.axes.find(({ name }) => name === SAMPLE);
  const samples = Math.max(0, ...records.map((tiles) => samplesOf(tiles)));
  const input = inputOfCard(card);
  const picturesTag = samplesTag(input);
  const pictures = readPictures(runs, picturesTag, digest, derived, recordState);
  return {
    input,
    runs: found.map((parts, index) => ({
      ...parts,
      range:
        scale === "per-run"
          ? rangeOfExtremes((painted[index] ?? []).map(extremesOf), rule)
          : shared,
      hasOtherSamples:
        parts.maps.status === "ready" && parts.maps.record.header.source.samplesDigest !== digest,
    })),
    absent: derived.runs.filter(({ tags }) => !tags.some(({ tag }) => hasMaps(tag))),
    pictures,
    picturesTag,
    labels: axis?.labels ?? null,
    samples,
    order: orderSamples(values === undefined ? null : sumsOf(values), samples, display.sort),
    alphas,
    alphaIndex: snapAlpha(alphas, attributionDisplay.alpha),
    first,
    colouring,
    spreadRange: spreads.length === 0 ? null : rangeOfExtremes(spreads.map(extremesOf), "min-max"),
    shared: painted.flat().length === 0 ? null : shared,
    scaleProgress: over?.progress ?? null,
    counts: {
      ...nonFiniteOf(painted.flat()),
      unresolved: show === "value" ? null : unresolvedOf(painted.flat()),
    },
    summed: records[0] === undefined ? [] : summedOver(records[0].header),
    remarks: sharedRemarks(records.map(({ header }) => header)),
    settled: [
      pictures,
      ...found.flatMap(({ maps, interior: inner, path, spread, baselines, scores }) => [
        maps,
        inner,
        path,
        ...[spread, baselines, scores].filter((part) => part !== null),
      ]),
    ].every(({ status }) => status !== "pending"),
  };
}

// Sorting is by what is logged, also where changes are shown.
function sumsOf(part: Part & { readonly status: "ready" }): Tiles {
  const summed = asMaps("attributions/integrated_gradients", {
    status: "ready",
    tiles: part.record,
  });
  return summed.status === "ready" ? summed.tiles : part.record;
}

function hasMaps(tag: string): boolean {
  return readAttributionTag(tag)?.part === "integrated_gradients";
}

function tilesOf(part: Part): readonly Tiles[] {
  return part.status === "ready" ? [part.tiles] : [];
}

function partsOf(
  card: PanelEntry,
  run: RunEntry,
  state: AppState,
  derived: Derived,
  recordState: RecordStates,
): Omit<AttributionRun, "range" | "hasOtherSamples"> {
  const entryOf = (part: AttributionPart): TagEntry | null => entryOfCard(card, run.run, part);
  const maps = entryOf("integrated_gradients");
  const match: StepMatch =
    maps === null ? { match: "none", first: null } : matchAt(derived, run.run, maps.series);
  const step = match.match === "none" ? null : match.step;
  const read = (part: AttributionPart): Part =>
    readPart(part, entryOf(part), run, step, { card, state, derived, recordState });
  const optional = (part: AttributionPart): Part | null =>
    entryOf(part) === null && skippedReason(run, part, inputOfCard(card)) === null
      ? null
      : read(part);
  return {
    run,
    entry: maps,
    match,
    maps: read("integrated_gradients"),
    interior: read("interior_gradients"),
    path: read("path_outputs"),
    spread: optional("spread"),
    baselines: optional("baselines"),
    scores: optional("scores"),
  };
}

function unresolvedOf(painted: readonly Tiles[]): number | null {
  const counts = painted.flatMap(({ unresolved }) => unresolved?.count ?? []);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
