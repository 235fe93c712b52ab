/** In whose order the tiles of a panel stand, and how many are hidden. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { SORT_CHOICES } from "../model/choices.js";
import { formatWhole } from "../model/format.js";
import type { PanelView } from "../state/panel_view.js";
import type { PanelContext } from "./panel_header.js";

export function orderChips(context: PanelContext): TemplateResult {
  return html`${orderChip(context.view)} ${hiddenChip(context)}`;
}

function orderChip({
  order,
  display,
  columns,
  loaded,
}: PanelView): TemplateResult | typeof nothing {
  const { sort, reversed, similarTo } = display;
  const choice = SORT_CHOICES.find(({ value }) => value === sort);
  const name = sort === "difference" ? "difference shown" : (choice?.title ?? choice?.label ?? "");
  if (order.problem !== null) {
    const text = `not sorted by ${name}: ${order.problem}`;
    return html`<span class="chip amber" data-testid="order-problem" title=${text}>${text}</span>`;
  }
  if (sort === "similar" && similarTo === null && (loaded[0]?.shape.tiles ?? 0) > 1)
    return html`<span
      class="chip amber"
      data-testid="order-problem"
      title="Tiles are sorted by their similarity to the one that is clicked"
      >similarity: click a tile first</span
    >`;
  if (order.given === null) return nothing;
  const { run, chosen } = order.given;
  const by =
    chosen === null
      ? `${sort === "dead" ? "" : "by "}${name}`
      : `by similarity to ${chosen.text} of ${chosen.run.name}`;
  const what = `${by} ${reversed ? "↑" : "↓"}`;
  const isSeveral = columns.length > 1;
  const whose = isSeveral && chosen?.run.run !== run.run ? ` · order of ${run.name}` : "";
  const title = `Tiles sorted ${what}${isSeveral ? `, in all runs in the order of ${run.name}` : ""}`;
  return html`<span class="chip" data-testid="order" data-run=${run.run} title=${title}
    >sorted ${what}${whose}</span
  >`;
}

function hiddenChip({ session, view: { order } }: PanelContext): TemplateResult | typeof nothing {
  if (order.hidden === 0) return nothing;
  return html`<button
    class="chip"
    data-testid="hidden-dead"
    data-count=${order.hidden}
    title="All zeros in every run shown. Click to show them again"
    @click=${() => session.setDisplay({ hideDead: false })}
  >
    ${formatWhole(order.hidden)} dead hidden · show
  </button>`;
}
