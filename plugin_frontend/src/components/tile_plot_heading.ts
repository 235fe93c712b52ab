/** What stands above a plot of a tile: what it is of, and in one line what it says now. Must not hold state. */
import { css, html, nothing, type TemplateResult } from "lit";

export const plotHeadingStyles = css`
  .heading {
    display: flex;
    align-items: baseline;
    gap: 10px;
    min-height: 24px;
  }
  h3 {
    flex: none;
    margin: 0;
    font-size: calc(13 * var(--dot));
    font-weight: 500;
  }
  .says {
    color: var(--secondary);
    font-size: calc(12 * var(--dot));
  }
  /* In the place of a plot. */
  .none {
    display: grid;
    place-content: center;
    color: var(--secondary);
  }
`;

/** `about`: more of what it is of, `testId`: of what it says. */
export function plotHeading(
  title: string,
  says: string,
  { about, testId }: { readonly about?: string; readonly testId?: string } = {},
): TemplateResult {
  return html`<div class="heading">
    <h3 title=${about ?? nothing}>${title}</h3>
    <span class="says ellipsis" data-testid=${testId ?? nothing} title=${says}>${says}</span>
  </div>`;
}
