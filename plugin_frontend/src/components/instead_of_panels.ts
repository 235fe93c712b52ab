/**
 * What stands in the place of the panels where there are none to show, and what can be done about it. Templates of one
 * moment; must not hold state.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { NoticeGroup } from "../model/notices.js";
import type { Derived } from "../state/derived.js";
import type { Session } from "../state/session.js";

/** Null where there are panels. */
export function insteadOfPanels(
  session: Session,
  { allRuns, runs, allPanels, panels, filter, notices, view, layerFilter: { path } }: Derived,
): TemplateResult | null {
  const { runFilter, layerFilter } = session.state.value;
  if (allRuns.length === 0) return html`<nnviz-no-data></nnviz-no-data>`;
  if (filter.valid && !allRuns.some(({ name }) => filter.matches(name))) {
    return html`<nnviz-message heading="No run matches the filter">
      Nothing is called like “${runFilter}”. The filter is a regular expression over run names; empty it to see all
      runs.
    </nnviz-message>`;
  }
  if (runs.length === 0) {
    return html`<nnviz-message heading="No run is selected">
      Tick a run on the left. Several runs stand side by side.
    </nnviz-message>`;
  }
  const reports = html`<nnviz-reports .session=${session}></nnviz-reports>`;
  if (allPanels.length === 0) {
    const reasons = notices.filter((notice) => notice.view === view);
    return html`${reports}
      <nnviz-message heading="The selected runs have no such data">
        ${reasons.map((notice) => reasonTemplate(notice, runs.length))}
        <p>Tick another run on the left, or choose another view.</p>
      </nnviz-message>`;
  }
  if (panels.length > 0) return null;
  return html`${reports}
    <nnviz-message heading="No layer matches the filter">
      <p>
        ${
          path === null
            ? html`None of the ${allPanels.length} panels has “${layerFilter}” in its path or its layer’s type.`
            : html`This view has nothing of the layer <span class="mono">${path}</span>, which is chosen in the graph.`
        }
      </p>
      <button class="button" @click=${() => session.setLayerFilter("")}>Show all layers</button>
    </nnviz-message>`;
}

// What the log itself says of why there is nothing, and of which runs where it is not all of them.
function reasonTemplate({ layer, message, runs }: NoticeGroup, numRuns: number): TemplateResult {
  return html`<p data-testid="reason">
    ${layer === "" ? nothing : html`<span class="mono">${layer}</span>: `}${message}
    ${runs.length === numRuns ? nothing : html`<span class="mono">(${runs.join(", ")})</span>`}
  </p>`;
}
