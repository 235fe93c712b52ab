/** How much of a layer responds to the samples, as chips. Templates of one moment; must not hold state. */
import { html, type TemplateResult } from "lit";
import type { Said } from "../model/activation_words.js";
import type { Activity } from "../state/activations_view.js";
import type { PanelView } from "../state/panel_view.js";

/** `3 of 64 channels dead`, `41 % zeros`. */
export function activityChips({ dead, zeros }: Activity): readonly TemplateResult[] {
  return [...chip(dead, "dead-channels"), ...chip(zeros, "zeros")];
}

/** `3 of 64 dead`, `41 % zeros`, where there is little room. */
export function shortActivityChips({ dead, zeros }: Activity): readonly TemplateResult[] {
  const short = dead && { ...dead, text: dead.short };
  return [...chip(short, "dead-channels", "firm"), ...chip(zeros, "zeros", "firm")];
}

function chip(said: Said | null, kind: string, look = ""): readonly TemplateResult[] {
  return said === null
    ? []
    : [
        html`<span class="chip ${look}" data-testid=${kind} title=${said.title}>${said.text}</span>`,
      ];
}

/** What all runs that are here have in common, where it is said in the same words. */
export function commonActivity({ columns }: PanelView): Activity | null {
  const [first, ...others] = columns.flatMap(({ activity }) => activity ?? []);
  const same = others.every(
    ({ dead, zeros }) => dead?.title === first?.dead?.title && zeros?.title === first?.zeros?.title,
  );
  return same ? (first ?? null) : null;
}

/** What is painted as dead, in words; null where nothing is. */
export function deadShown({ columns, display }: PanelView): string | null {
  if (display.show !== "value") return null;
  const channels = columns.flatMap(({ activity }) => activity?.channels ?? []);
  const [found] = channels.filter(({ dead }) => dead > 0);
  return found === undefined
    ? null
    : found.axis === undefined
      ? `Gray and crossed out: ${found.word}s that are 0 at every place for every sample`
      : `Gray and crossed out: ${found.word}s that no sample excites`;
}
