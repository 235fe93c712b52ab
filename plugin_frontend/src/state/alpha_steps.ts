/** Moving along the α of the cards that are shown. Knows the session; must not know keys. */
import { ALPHA, alphasOf, stepAlpha } from "../model/alphas.js";
import { isAttributionCard, readAttributionTag } from "../model/attribution_cards.js";
import { refOf } from "./comparison.js";
import { matchAt } from "./derived.js";
import type { Session } from "./session.js";

/** Goes so many places on among all α that the cards in sight have. */
export function moveAlpha(session: Session, offset: number): void {
  const { alpha } = session.state.value.attributionDisplay;
  const alphas = alphasInSight(session);
  if (alphas.length > 0)
    session.looks.setAttributionDisplay({ alpha: stepAlpha(alphas, alpha, offset) });
}

function alphasInSight({ state, derived, records }: Session): readonly number[] {
  const cards = derived.panels.filter(
    (panel) => isAttributionCard(panel) && state.value.inSight.has(panel.tag),
  );
  const found = cards.flatMap(({ members }) =>
    members.flatMap(({ run, entry }) => {
      if (readAttributionTag(entry.tag)?.part !== "interior_gradients") return [];
      const match = matchAt(derived, run.run, entry.series);
      const ref = match.match === "none" ? null : refOf(run.run, entry, match.index);
      const record = ref && records.state(ref);
      if (record?.status !== "ready") return [];
      return alphasOf(record.tiles.header.axes.find(({ name }) => name === ALPHA)) ?? [];
    }),
  );
  return [...new Set(found)].sort((a, b) => a - b);
}
