/** The way from a sample of a confusion to the same sample in other views. Knows what these views can point at. */
import type { PanelPlace } from "./confusion_focus.js";
import type { Session } from "./session.js";

/** Shows a view at a sample: outlined among the activations' samples, its row in sight among the attributions. */
export function goToSample(
  session: Session,
  view: "activations" | "attributions",
  place: PanelPlace,
): void {
  if (place.status !== "ready") return;
  session.setView(view);
  session.setSample(place.sample);
  if (view === "activations") {
    session.pinned.set({ tag: place.tag, tile: place.sample });
    session.place.set({ tag: place.tag, offset: 0 });
  } else {
    session.soughtSample.set(place.sample);
  }
}
