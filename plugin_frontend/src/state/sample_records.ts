/**
 * The records of the samples that a run's activations are of: which they are, and which of them are pictures. Pure
 * functions of the index and the records; must not know what is painted.
 */

import { inputOfCard, isAttributionCard } from "../model/attribution_cards.js";
import type { RunEntry, TagEntry } from "../model/parse_index.js";
import { isActivationsPanel, type PanelEntry } from "../model/runs.js";
import { type PictureSize, pictureSize } from "../model/sample_pictures.js";
import type { Tiles } from "../model/tiles.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import type { RecordRef, RecordState } from "./record_store.js";

const remembered = new WeakMap<RunEntry, readonly TagEntry[]>();

function entriesOf(run: RunEntry): readonly TagEntry[] {
  const known = remembered.get(run);
  if (known !== undefined) return known;
  const found = run.tags.filter(({ view, kind }) => view === "samples" && kind === "tiles");
  remembered.set(run, found);
  return found;
}

/** True for a panel beside whose values the samples' pictures stand. */
export function hasPictures(panel: PanelEntry): boolean {
  return isActivationsPanel(panel) || isAttributionCard(panel);
}

/** The runs of a panel, each once. */
function runsOf({ members }: PanelEntry): readonly RunEntry[] {
  return [...new Set(members.map(({ run }) => run))];
}

/** The samples that a panel shows beside its values: of a card of attributions, those of its input. */
export function sampleRefsOf(
  panel: PanelEntry,
  derived: Derived,
  pointIndex = derived.pointIndex,
): readonly RecordRef[] {
  if (!hasPictures(panel)) return [];
  const refs = runsOf(panel).flatMap((run) => sampleRefs(run, derived, pointIndex));
  if (!isAttributionCard(panel)) return refs;
  const tag = samplesTag(inputOfCard(panel));
  return refs.filter((ref) => ref.tag === tag);
}

/** The tag of the samples as one input of the model sees them. */
export function samplesTag(input: string): string {
  return input === "" ? "samples" : `samples/${input}`;
}

/** The samples of a run at a point of the timeline, an entry for each input; before the first ones, the first. */
export function sampleRefs(
  run: RunEntry,
  derived: Derived,
  pointIndex = derived.pointIndex,
): readonly RecordRef[] {
  return entriesOf(run).flatMap((entry) => {
    const match = matchAt(derived, run.run, entry.series, pointIndex);
    return refOf(run.run, entry, match.match === "none" ? 0 : match.index) ?? [];
  });
}

/** The pictures of a run's samples. */
export type RunPictures =
  | { readonly status: "pending" }
  | { readonly status: "none" }
  | { readonly status: "ready"; readonly tiles: Tiles; readonly size: PictureSize };

/** The first input that is pictures; pending while an input that may be is on its way. */
export function picturesOf(
  refs: readonly RecordRef[],
  recordState: (ref: RecordRef) => RecordState,
): RunPictures {
  for (const ref of refs) {
    const record = recordState(ref);
    if (record.status === "pending") return record;
    const size = record.status === "ready" ? pictureSize(record.tiles) : null;
    if (record.status === "ready" && size !== null)
      return { status: "ready", tiles: record.tiles, size };
  }
  return { status: "none" };
}
