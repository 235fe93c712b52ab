/**
 * What a tile in the large asks for besides its panel at the shown step: what its numbers, its curves and its film strip
 * are made of. Pure; sending is the record store's work.
 */
import { isMapTag } from "../model/attribution_cards.js";
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { refOf } from "./comparison.js";
import { type Derived, matchAt } from "./derived.js";
import { drawnSteps } from "./drawn_steps.js";
import { panelOfTag } from "./open_panels.js";
import type { RecordRef, Wish } from "./record_store.js";
import type { TileBook, TileNeed } from "./tile_book.js";
import { needsOf, type RecordStates, type TileReading, tileReading } from "./tile_reading.js";

export function tileWishes(
  state: AppState,
  derived: Derived,
  book: TileBook,
  records: RecordStates,
): readonly Wish[] {
  const panel = state.opened && panelOfTag(derived, state.opened.tag);
  const reading = panel && tileReading(panel, state, derived, book, records);
  if (!panel || !reading) return [];
  const { place, awaited } = reading;
  const near = panel.members.flatMap(({ run, entry }): readonly TileNeed[] => {
    const match = matchAt(derived, run.run, entry.series);
    if (match.match === "none") return [];
    return [match.index, 0].flatMap((index) => {
      const ref = refOf(run.run, entry, index);
      return ref === null ? [] : [{ ref, exact: true }];
    });
  });
  const needs = tileNeeds(reading, panel);
  if (place !== null) book.want(place, [...near, ...needs]);
  const first = awaited === null ? [] : [{ ref: awaited, exact: false }];
  return [
    ...book
      .wishes(place, [...first, ...near], records)
      .map((wish) => ({ ...wish, urgency: "now" as const })),
    ...book.wishes(place, needs, records),
  ];
}

/** The records that curves and film strip are made of, each once. */
export function tileNeeds(reading: TileReading, panel: PanelEntry): readonly TileNeed[] {
  const { derived } = reading;
  const { curves, film } = drawnSteps(panel, derived);
  const needs = new Map<RecordRef, TileNeed>();
  const add = (need: TileNeed): void => {
    if (need.exact || !needs.has(need.ref)) needs.set(need.ref, need);
  };
  for (const pointIndex of film) {
    for (const { run, entry } of panel.members) {
      const match = matchAt(derived, run.run, entry.series, pointIndex);
      if (match.match === "none") continue;
      for (const need of needsOf(reading, { run, entry }, match.index, pointIndex)) add(need);
    }
  }
  for (const { points } of curves)
    for (const { ref } of points) add({ ref, exact: isMapTag(ref.tag) });
  return [...needs.values()];
}
