/**
 * Which records are wanted, most urgent first: those of the panels in sight at the shown step, with what they are
 * compared with; the low planes that changes, the pointer or mixed infinities ask for; then the neighbouring steps, and
 * all steps where the scale is fixed over them. Pure; sending is the record store's work.
 */
import { ATTRIBUTIONS, isMapTag } from "../model/attribution_cards.js";
import { needsLowPlane } from "../model/dequantise.js";
import type { LayerStop } from "../model/layer_player.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { isPinned, type Reference } from "../model/reference.js";
import type { PanelEntry } from "../model/runs.js";
import { isScalar } from "../model/tiles.js";
import type { Point } from "../model/time_axis.js";
import type { AppState } from "./app_state.js";
import { neededMembers } from "./columns_in_sight.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import { isSummed } from "./map_records.js";
import { openPanels } from "./open_panels.js";
import { comparedRuns } from "./order_view.js";
import { awaitsLowPlane, type RecordRef, type RecordState, type Wish } from "./record_store.js";
import { type Comparing, isOwnReference, referenced, refOfReference } from "./references.js";
import { sampleRefsOf } from "./sample_records.js";

/** Steps ahead and back that are fetched before they are asked for; more ahead while playing. */
const NEIGHBOURS = [1, -1];
const NEIGHBOURS_PLAYING = [1, 2, 3];
/** Likewise stops of a walk through the layers; nearly all are small, and a step apart for those who play. */
const STOPS = [1, -1];
const STOPS_PLAYING = [1, 2, 3];

type RecordStates = (ref: RecordRef) => RecordState;

/**
 * All wishes of a state; nothing while the tab is hidden. `hoveredTag`: of the panel under the pointer. `scaled`: what
 * scales lack, by `planScale`.
 */
export function planWishes(
  state: AppState,
  derived: Derived,
  hoveredTag: string | null,
  recordState: RecordStates,
  scaled: readonly RecordRef[],
): readonly Wish[] {
  if (!state.tabVisible) return [];
  const { show } = state.display;
  const now = needsAt(state, derived, derived.pointIndex);
  // A tile in the large is looked at wherever the pointer is.
  const looked = new Set([hoveredTag, state.opened?.tag]);
  const hovered = now.shown.filter(({ ref }) => looked.has(ref.tag));
  const lone = now.shown.filter(({ ref }) => isLoneScalar(recordState(ref)));
  const besides = [...hovered, ...lone].flatMap((need) =>
    references(need, derived, state.reference),
  );
  const undecided = now.shown.filter(
    ({ ref }) => needsLowPlaneOf(recordState(ref)) || isSummed(ref, recordState(ref)),
  );
  const soon = [
    ...stopsSoon(state, derived).map(({ panel }) =>
      needsAt(state, derived, derived.pointIndex, [panel]),
    ),
    ...(state.playing ? NEIGHBOURS_PLAYING : NEIGHBOURS).map((offset) =>
      needsAt(state, derived, derived.pointIndex + offset),
    ),
  ];
  return [
    ...wishes(now.paint, "paint", "now"),
    ...wishes(besides, "paint", "now"),
    ...fineWishes([...now.fine, ...undecided.map(({ ref }) => ref)], recordState, "now"),
    ...fineWishes(comparedTiles(now, state, recordState), recordState, "now"),
    ...fineWishes(
      [
        ...hovered.map(({ ref }) => ref),
        ...hovered.flatMap((need) => references(need, derived, state.reference)),
      ],
      recordState,
      "now",
    ),
    ...soon.flatMap(({ paint }) => wishes(paint, "paint", "soon")),
    ...soon.flatMap((needs) =>
      fineWishes([...needs.fine, ...comparedTiles(needs, state, recordState)], recordState, "soon"),
    ),
    ...wishes(scaled, "paint", "soon"),
    ...fineWishes(
      scaled.filter((ref) => show !== "value" || isSummed(ref, recordState(ref))),
      recordState,
      "soon",
    ),
  ];
}

/** True once nothing of the shown step is on its way: what playing waits for. `panels`: by default what is in sight. */
export function isSettled(
  state: AppState,
  derived: Derived,
  recordState: RecordStates,
  panels: readonly PanelEntry[] = openPanels(state, derived),
): boolean {
  const needs = needsAt(state, derived, derived.pointIndex, panels);
  const fine = [...needs.fine, ...comparedTiles(needs, state, recordState)];
  return (
    needs.paint.every((ref) => recordState(ref).status !== "pending") &&
    fine.every((ref) => !awaitsLowPlane(recordState(ref)))
  );
}

interface Shown {
  readonly ref: RecordRef;
  readonly run: RunEntry;
  readonly point: Point | null;
  readonly entry: TagEntry;
  /** Of the record in its series. */
  readonly index: number;
}

interface Needs {
  readonly shown: readonly Shown[];
  readonly paint: readonly RecordRef[];
  readonly fine: readonly RecordRef[];
}

/** The records that panels, by default those in sight, show at a point in the columns in sight, and what these are compared with. */
function needsAt(
  state: AppState,
  derived: Derived,
  pointIndex: number,
  panels: readonly PanelEntry[] = openPanels(state, derived),
): Needs {
  const { show } = state.display;
  const needed = panels.map((panel) => ({
    ...panel,
    members: neededMembers(panel, state, derived, pointIndex),
  }));
  const shown = needed.flatMap(({ members }) =>
    members.flatMap(({ run, entry }) => {
      const match = matchAt(derived, run.run, entry.series, pointIndex);
      const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
      return ref === null || match.match === "none"
        ? []
        : [{ ref, run, entry, index: match.index, point: derived.points[pointIndex] ?? null }];
    }),
  );
  // Small, and nothing can be laid out without them.
  const pictures = needed.flatMap((panel) => sampleRefsOf(panel, derived, pointIndex));
  const refs = [...pictures, ...shown.map(({ ref }) => ref)];
  if (show === "value") return { shown, paint: refs, fine: [] };
  const comparing = { show, reference: state.reference };
  const pairs = shown.map((need) => ({ need, other: reference(need, comparing, derived) }));
  const compared = pairs.flatMap(({ other }) => other ?? []);
  // A record that is compared with itself needs no exact values.
  const moved = pairs.flatMap(({ need, other }) => (other === null ? [] : [need.ref]));
  return { shown, paint: [...refs, ...compared], fine: [...moved, ...compared] };
}

// Similarity is of exact values: those of the tiles that are sorted, and of the chosen one.
function comparedTiles(
  { shown }: Needs,
  { display }: AppState,
  recordState: RecordStates,
): readonly RecordRef[] {
  const here = shown
    .map(({ ref }) => ref)
    .filter((ref) => ref.tag === display.similarTo?.tag && recordState(ref).status !== "failed");
  const runs = comparedRuns(
    display,
    here.map(({ run }) => run),
  );
  return here.filter(({ run }) => runs.includes(run));
}

// Of attributions only the maps have changes to show.
function isCompared({ view, tag }: TagEntry): boolean {
  return view !== ATTRIBUTIONS || isMapTag(tag);
}

// Null where a record is its own reference, or has none.
function reference(
  { run, entry, index, point }: Shown,
  comparing: Comparing,
  derived: Derived,
): RecordRef | null {
  if (!isCompared(entry)) return null;
  const found = referenced(comparing, derived, run, entry, index, point);
  return isOwnReference(found, entry, index) ? null : refOfReference(found);
}

// What the tooltip tells changes from.
function references(need: Shown, derived: Derived, pinned: Reference): readonly RecordRef[] {
  const changes = ["change-since-start", "change-since-previous"] as const;
  const shows = isPinned(pinned) ? ([...changes, "difference"] as const) : changes;
  return shows.flatMap((show) => reference(need, { show, reference: pinned }, derived) ?? []);
}

// Where it plays in a loop, the first stops come after the last.
function stopsSoon(
  { playingLayers, loop }: AppState,
  { stage, stops, stopIndex }: Derived,
): readonly LayerStop[] {
  if (stage === null) return [];
  const count = stops.length;
  return (playingLayers ? STOPS_PLAYING : STOPS).flatMap((offset) => {
    const at = stopIndex + offset;
    return stops[loop && playingLayers ? at % count : at] ?? [];
  });
}

function wishes(
  refs: readonly RecordRef[],
  part: Wish["part"],
  urgency: Wish["urgency"],
): readonly Wish[] {
  return [...new Set(refs)].map((ref) => ({ ref, part, urgency }));
}

// A low plane joins a record that is here; float32 records have none to wait for.
function fineWishes(
  refs: readonly RecordRef[],
  recordState: RecordStates,
  urgency: Wish["urgency"],
): readonly Wish[] {
  const ready = refs.filter((ref) => awaitsLowPlane(recordState(ref)));
  return wishes(ready, "fine", urgency);
}

function needsLowPlaneOf(record: RecordState): boolean {
  return record.status === "ready" && needsLowPlane(record.tiles);
}

function isLoneScalar(record: RecordState): boolean {
  return record.status === "ready" && isScalar(record.tiles);
}
