/** The style of samples: their pictures with captions, and the line that tells of one. */
import { css } from "lit";

export const samplesStyles = css`
  .shelf {
    display: flex;
    flex-wrap: wrap;
    align-content: flex-start;
    gap: 8px 14px;
  }
  .figure {
    position: relative;
    display: flex;
    flex: none;
    flex-direction: column;
    align-items: center;
    gap: 2px;
    padding: 0;
    border: 0;
    border-radius: 3px;
    background: none;
    font-size: 0.88em;
    line-height: 18px;
    color: var(--secondary);
  }
  .figure.bare {
    padding: 4px 6px;
    border: 1px solid var(--line);
  }
  .figure[aria-pressed="true"] {
    outline: 2px solid var(--ink);
    outline-offset: 2px;
  }
  .figure:focus-visible {
    outline: 2px solid var(--accent-ink);
    outline-offset: 2px;
  }
  /* For those who hear the screen: the picture itself says nothing. */
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .figure:hover {
    color: var(--ink);
  }
  .figure .caption-text {
    max-width: 100%;
    line-height: 15px;
  }
  .figure em {
    font-style: normal;
    color: var(--red);
  }
  /* Two lines: what it is, and where else it is to be found. */
  .sample-line {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    height: 40px;
    margin: 8px 0 0;
    line-height: 20px;
    color: var(--secondary);
  }
`;
