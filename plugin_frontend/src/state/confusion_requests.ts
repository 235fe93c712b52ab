/**
 * The records of confusions and the pictures of their samples, and which confusions are asked for: of the cards in sight
 * the shown ones, those they are compared with, and those of the neighbouring steps. Must not know what is drawn of
 * them.
 */
import { isConfusionCard, isConfusionPictures } from "../model/confusion_cards.js";
import type { RunEntry } from "../model/parse_index.js";
import type { PanelEntry } from "../model/runs.js";
import type { AppState } from "./app_state.js";
import { refOf, refsOf } from "./comparison.js";
import { ConfusionStore } from "./confusion_store.js";
import { type Derived, matchAt } from "./derived.js";
import { Observable } from "./observable.js";
import { PictureShelf } from "./picture_shelf.js";
import type { FetchRecords, RecordRef, RecordState, RecordStore, Wish } from "./record_store.js";
import { referenced, refOfReference } from "./references.js";

const CONFUSION_BYTES = 16 * 2 ** 20;
const PICTURE_BYTES = 24 * 2 ** 20;

export class ConfusionRequests {
  readonly records: ConfusionStore;
  readonly pictures: PictureShelf;
  /** Of the samples of the other views, among which a sample of a confusion may be. */
  readonly #samples: RecordStore;
  /** Those that are wanted, by who wants them; tells when they are others. */
  readonly panelSamples = new Observable<ReadonlyMap<string, readonly RecordRef[]>>(new Map());
  /** Of which runs pictures are kept. */
  #runs: readonly RunEntry[] = [];
  /** Notifies when any of these comes or fails. */
  readonly changes = new Observable<number>(0);

  /** `samples` is the store of the other views, which may have them already. */
  constructor(fetch: FetchRecords, samples: RecordStore) {
    this.records = new ConfusionStore(fetch, CONFUSION_BYTES);
    this.pictures = new PictureShelf(fetch, PICTURE_BYTES);
    this.#samples = samples;
    for (const { changes } of [this.records, this.pictures])
      changes.subscribe(() => this.changes.set(this.changes.value + 1));
    samples.changes.subscribe(() => {
      if (this.panelSamples.value.size > 0) this.changes.set(this.changes.value + 1);
    });
  }

  /** Asks for what the state needs. Nothing while the tab is hidden. */
  want(state: AppState, derived: Derived): void {
    const cards = state.tabVisible ? openCards(state, derived) : [];
    const wishes = (offset: number, urgency: Wish["urgency"]): readonly Wish[] =>
      cards.flatMap((card) =>
        confusionRefs(card, state, derived, derived.pointIndex + offset).map((ref) => ({
          ref,
          part: "paint",
          urgency,
        })),
      );
    const all = [...wishes(0, "now"), ...wishes(1, "soon"), ...wishes(-1, "soon")];
    const seen = new Set<RecordRef>();
    this.records.want(all.filter(({ ref }) => !seen.has(ref) && seen.add(ref)));
    this.pictures.rest(!state.tabVisible);
    if (this.#runs === derived.allRuns) return;
    this.#runs = derived.allRuns;
    this.pictures.keepOnly(
      this.#runs.flatMap(({ run, tags }) =>
        tags.filter(isConfusionPictures).flatMap((entry) => refsOf(run, entry)),
      ),
    );
  }

  /** Replaces the samples of the other views that one owner wants. */
  wantPanelSamples(owner: string, refs: readonly RecordRef[]): void {
    const before = this.panelSamples.value.get(owner) ?? [];
    if (refs.length === before.length && refs.every((ref, at) => ref === before[at])) return;
    const all = new Map(this.panelSamples.value);
    if (refs.length === 0) all.delete(owner);
    else all.set(owner, refs);
    this.panelSamples.set(all);
  }

  /** The samples that are wanted, each once. Nothing while the tab is hidden. */
  sampleWishes({ tabVisible }: AppState): readonly Wish[] {
    const all = new Set(tabVisible ? [...this.panelSamples.value.values()].flat() : []);
    return [...all].map((ref): Wish => ({ ref, part: "paint", urgency: "now" }));
  }

  panelSample(ref: RecordRef): RecordState {
    return this.#samples.state(ref);
  }

  /** True once no shown confusion is on its way: what playing waits for. */
  areSettled(state: AppState, derived: Derived): boolean {
    return openCards(state, derived)
      .flatMap((card) => confusionRefs(card, state, derived))
      .every((ref) => this.records.state(ref).status !== "pending");
  }

  retryFailed(): void {
    this.records.retryFailed();
    this.pictures.retryFailed();
  }
}

function openCards(state: AppState, derived: Derived): readonly PanelEntry[] {
  return derived.panels.filter(
    (panel) =>
      isConfusionCard(panel) && state.inSight.has(panel.tag) && !state.collapsed.has(panel.tag),
  );
}

/** The records that a card shows at a point of the timeline, and those that they are compared with. */
export function confusionRefs(
  { members }: PanelEntry,
  { display: { show }, reference }: AppState,
  derived: Derived,
  pointIndex = derived.pointIndex,
): readonly RecordRef[] {
  return members.flatMap(({ run, entry }) => {
    const match = matchAt(derived, run.run, entry.series, pointIndex);
    if (match.match === "none") return [];
    const point = derived.points[pointIndex] ?? null;
    const found = referenced({ show, reference }, derived, run, entry, match.index, point);
    return [refOf(run.run, entry, match.index), refOfReference(found)].filter(
      (ref) => ref !== null,
    );
  });
}
