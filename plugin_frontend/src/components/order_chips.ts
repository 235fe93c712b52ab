/** In whose order the tiles of a panel stand, and how many are hidden. Templates of one moment; must not hold state. */
import { html, nothing, type TemplateResult } from "lit";
import { formatWhole } from "../model/format.js";
import { orderWords, sortName } from "../state/order_words.js";
import type { PanelView } from "../state/panel_view.js";
import { commonActivity } from "./activity_chips.js";
import type { PanelContext } from "./panel_header.js";

export function orderChips(context: PanelContext): TemplateResult {
  return html`${orderChip(context.view)} ${hiddenChip(context)}`;
}

function orderChip(view: PanelView): TemplateResult | typeof nothing {
  const { order, display, columns, loaded } = view;
  const { sort, similarTo } = display;
  if (order.problem !== null) {
    const text = `not sorted by ${sortName(sort)}: ${order.problem}`;
    return html`<span class="chip amber" data-testid="order-problem" title=${text}>${text}</span>`;
  }
  if (sort === "similar" && similarTo === null && (loaded[0]?.shape.tiles ?? 0) > 1)
    return html`<span
      class="chip amber"
      data-testid="order-problem"
      title="Tiles are sorted by their similarity to the one that is clicked"
      >similarity: click a tile first</span
    >`;
  const words = orderWords(view);
  if (words === null || order.given === null) return nothing;
  const { run } = order.given;
  const { what, whose } = words;
  const title = `Tiles sorted ${what}${columns.length > 1 ? `, in all runs in the order of ${run.name}` : ""}`;
  return html`<span class="chip" data-testid="order" data-run=${run.run} title=${title}
    >sorted ${what}${whose}</span
  >`;
}

// Beside `2 of 64 channels dead` their number is said.
function hiddenChip({ session, view }: PanelContext): TemplateResult | typeof nothing {
  const { order } = view;
  if (order.hidden === 0) return nothing;
  const isSaid = commonActivity(view)?.channels?.dead === order.hidden;
  return html`<button
    class="chip"
    data-testid="hidden-dead"
    data-count=${order.hidden}
    title="All zeros in every run shown. Click to show them again"
    @click=${() => session.looks.setDisplay({ hideDead: false })}
  >
    ${isSaid ? "" : `${formatWhole(order.hidden)} dead `}hidden · show
  </button>`;
}
