/**
 * What the log says of itself, above the panels: notices of views that were skipped or reduced, and records that
 * cannot be read. A quiet line that opens by itself only where there is something to be done. Must not judge what is
 * worth saying: everything is.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import { asksForAction, type NoticeGroup, noticesText, sortNotices } from "../model/notices.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** A longer list of what cannot be read starts folded, so that it does not push the data off the screen. */
const MOST_OPEN = 3;

/** Runs that are named; the others are counted. */
const MOST_NAMED = 3;

interface Line {
  readonly message: string;
  /** What the message is about, as paths and names. */
  readonly about: readonly string[];
  readonly title: string;
}

export class NnvizReports extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    css`
      /* What is reported takes part in the layout around it; nothing to report takes no room. */
      :host {
        display: contents;
      }
      details {
        position: sticky;
        left: 0;
        max-width: var(--in-sight, none);
        --kind: var(--mark);
        margin: 2px 0 -4px;
        font-size: calc(12 * var(--dot));
        line-height: 20px;
        color: var(--secondary);
      }
      details.action {
        --kind: var(--accent);
      }
      details.unreadable {
        --kind: var(--red);
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 24px;
        padding: 0 8px 0 4px;
        border-radius: 4px;
        cursor: pointer;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        color: var(--ink);
      }
      summary i {
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: var(--kind);
      }
      summary svg {
        width: 10px;
        height: 10px;
        fill: none;
        stroke: currentcolor;
        stroke-width: 1.6;
      }
      details[open] summary svg {
        transform: rotate(90deg);
      }
      ul {
        max-width: 200ch;
        max-height: 122px;
        margin: 2px 0 4px 6px;
        padding: 0 0 0 12px;
        overflow-y: auto;
        border-left: 2px solid var(--kind);
        scrollbar-width: thin;
        list-style: none;
      }
      li {
        overflow-wrap: anywhere;
        color: var(--ink);
      }
      .about {
        margin-left: 8px;
        color: var(--secondary);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state]);
  }

  protected override render(): TemplateResult {
    return html`${this.#notices()} ${this.#skipped()}`;
  }

  #notices(): TemplateResult | typeof nothing {
    const { notices, view } = this.session.derived;
    if (notices.length === 0) return nothing;
    const isOpen = notices.some(asksForAction);
    return html`<details class=${isOpen ? "action" : ""} ?open=${isOpen} data-testid="notices">
      ${heading(noticesText(notices, view))}
      ${list("Notices", sortNotices(notices, view).map(noticeLine))}
    </details>`;
  }

  #skipped(): TemplateResult | typeof nothing {
    const { skipped } = this.session.derived;
    if (skipped.length === 0) return nothing;
    const lines = skipped.map(({ run, tag, reason }) => ({
      message: reason,
      about: [tag, run],
      title: run,
    }));
    const isOpen = skipped.length <= MOST_OPEN;
    return html`<details class="unreadable" ?open=${isOpen} data-testid="skipped">
      ${heading(`${formatCount(skipped.length, "item")} of the log cannot be read`)}
      ${list("Items that cannot be read", lines)}
    </details>`;
  }
}

function noticeLine({ view, layer, message, runs }: NoticeGroup): Line {
  const others = runs.length - MOST_NAMED;
  const more = others > 0 ? [`${others} more`] : [];
  const where = layer === "" ? view : `${view}/${layer}`;
  const named = [...runs.slice(0, MOST_NAMED), ...more].join(", ");
  return { message, about: [where, named], title: runs.join("\n") };
}

function heading(text: string): TemplateResult {
  return html`<summary>
    <i></i>${text}<svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
  </summary>`;
}

// The list scrolls, so it must be reached by keys.
function list(name: string, lines: readonly Line[]): TemplateResult {
  return html`<ul tabindex="0" aria-label=${name}>
    ${lines.map(
      ({ message, about, title }) =>
        html`<li>${message}<span class="about mono" title=${title}>${about.filter((part) => part !== "").join(" · ")}</span></li>`,
    )}
  </ul>`;
}
