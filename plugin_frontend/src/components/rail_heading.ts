/** The style of the headings in the rail, with their small actions at the right. */
import { css } from "lit";

export const railHeadingStyles = css`
  .heading {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 14px 0 5px;
    min-height: 24px;
  }
  .heading h2 {
    flex: 1;
    margin: 0;
    font-size: calc(11.5 * var(--dot));
    font-weight: 500;
    letter-spacing: 0.06em;
    text-transform: uppercase;
    color: var(--faint);
  }
  .link {
    min-width: 24px;
    min-height: 24px;
    padding: 0 2px;
    border: 0;
    border-radius: 3px;
    background: none;
    font-size: calc(12 * var(--dot));
    color: var(--secondary);
  }
  .link:hover {
    color: var(--ink);
    text-decoration: underline;
  }
`;
