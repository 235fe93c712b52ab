/** The layers of a graph as a table, which says all that the drawing says. Templates of one moment; must not hold state. */
import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { formatWhole } from "../model/format.js";
import { callsText, layerRows, nodeName, trainableText } from "../model/graph_words.js";
import type { GraphHeader, GraphNode } from "../model/record.js";
import type { NodeContext } from "./graph_nodes.js";
import { signTemplate } from "./graph_nodes.js";

const HEADINGS = ["Layer", "Type", "Output", "Parameters", "Trained", "Takes", "Besides"] as const;

export function tableTemplate(
  graph: GraphHeader,
  name: string,
  context: Pick<NodeContext, "isSelected" | "select">,
): TemplateResult {
  return html`<div class="table" tabindex="0" role="region" aria-label=${`Layers of ${name}`} @keydown=${scrolls}>
    <table data-testid="graph-table">
      <caption>Layers of ${name}</caption>
      <thead>
        <tr>
          ${HEADINGS.map(
            (heading) =>
              html`<th scope="col" class=${heading === "Parameters" ? "number" : ""}>${heading}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${layerRows(graph).map(({ node, depth, shape, inputs }) => {
          const { layerType, activation, numParameters, category } = node;
          return html`<tr data-path=${node.path}>
            <th scope="row">
              <button
                class="mono"
                style=${styleMap({ "--depth": String(depth) })}
                aria-pressed=${context.isSelected(node)}
                title=${node.path}
                @click=${() => context.select(node)}
              >
                ${nodeName(node)}
              </button>
            </th>
            <td>${signTemplate(category)}${activation === null ? layerType : `${layerType} · ${activation}`}</td>
            <td>${shape}</td>
            <td class="number">${numParameters === 0 ? "" : formatWhole(numParameters)}</td>
            <td>${trainableText(node)}</td>
            <td class="mono">${inputs}</td>
            <td>${besides(node)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

// The keys by which a table is scrolled, which go through time elsewhere.
function scrolls(event: KeyboardEvent): void {
  if (/^(Arrow.+|Home|End)$/.test(event.key)) event.stopPropagation();
}

function besides(node: GraphNode): string {
  const { numCalls, dtype } = node;
  return [
    ...(numCalls === 1 ? [] : [callsText(node)]),
    ...(dtype === null || dtype === "float32" ? [] : [dtype]),
  ].join(" · ");
}
