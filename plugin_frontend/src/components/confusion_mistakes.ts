/** The worst mistakes of a run. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import type { ConfusedSample } from "../model/confusion.js";
import { layoutMistakes } from "../model/confusion_layout.js";
import { isRanked, moreText } from "../model/confusion_words.js";
import type { RunContext } from "./confusion_context.js";
import { figure, mistakeWidth } from "./confusion_figure.js";

/** The mistakes that the run was most sure of. */
export function mistakesTemplate(context: RunContext): TemplateResult | typeof nothing {
  const { confusion, isUnfolded, unfold } = context;
  const { mistakes } = confusion;
  if (mistakes.length === 0) return nothing;
  const { side, rows, perRow } = layoutMistakes(
    context.listWidth,
    mistakeWidth(context),
    context.scale,
  );
  const shown = mistakesInSight(context);
  const areRanked = isRanked(mistakes);
  const isMore = mistakes.length > rows * perRow;
  return html`<section class="mistakes" data-testid="mistakes" data-run=${context.run.run.name}>
    <h3 class="section-title">
      <span class="mono">worst mistakes</span>
      <span class="facts" title=${areRanked ? "By confidence in the wrong class" : nothing}
        >${areRanked ? "most confident first" : "in the order of the data"}</span
      >
      ${
        isMore
          ? html`<button class="link" data-testid="all-mistakes" aria-expanded=${isUnfolded} @click=${unfold}>
              ${isUnfolded ? "show fewer" : moreText(mistakes.length, mistakes.length, "samples")}
            </button>`
          : nothing
      }
    </h3>
    <div class="shelf">${shown.map((sample) => figure(context, sample, side, "mistake"))}</div>
  </section>`;
}

/** As many as there is room for, or all of them. */
export function mistakesInSight(context: RunContext): readonly ConfusedSample[] {
  const { confusion, isUnfolded, listWidth, scale } = context;
  if (isUnfolded) return confusion.mistakes;
  const { rows, perRow } = layoutMistakes(listWidth, mistakeWidth(context), scale);
  return confusion.mistakes.slice(0, rows * perRow);
}
