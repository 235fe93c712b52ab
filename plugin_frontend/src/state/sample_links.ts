/** The way from a sample of a confusion to the same sample in other views. Knows what these views can point at. */
import { inputOfCard, isAttributionCard } from "../model/attribution_cards.js";
import type { PanelPlace } from "./confusion_focus.js";
import { samplesTag } from "./sample_records.js";
import type { Session } from "./session.js";

/**
 * Shows a view at a sample of a run: outlined among the activations' samples, its row in sight among the attributions.
 * Where it stands among its samples says nothing of runs that were shown others.
 */
export function goToSample(
  session: Session,
  view: "activations" | "attributions",
  place: PanelPlace,
): void {
  if (place.status !== "ready") return;
  const { tag, sample, samplesDigest } = place;
  session.setView(view);
  session.looks.setSample(sample);
  session.pinned.set({
    tag,
    tile: sample,
    ...(samplesDigest === null ? {} : { samples: samplesDigest }),
  });
  if (view === "activations") {
    // What is folded away cannot be seen to be outlined.
    session.folding.setUnfolded([tag], true);
    session.place.set({ tag, offset: 0 });
    return;
  }
  const cards = session.derived.panels.filter(
    (panel) => isAttributionCard(panel) && panel.members.some(({ run }) => run.run === place.run),
  );
  const card = cards.find((each) => samplesTag(inputOfCard(each)) === tag) ?? cards[0];
  if (card === undefined) return;
  session.soughtSample.set({ tag: card.tag, sample });
  session.place.set({ tag: card.tag, offset: 0 });
}
