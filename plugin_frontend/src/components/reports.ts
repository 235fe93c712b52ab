/**
 * What the log says of itself, above the panels: notices of views that were skipped or reduced, and records that
 * cannot be read. One line each until they are opened, by view. Must not judge what is worth saying: everything is.
 */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { formatCount } from "../model/format.js";
import { type NoticeGroup, noticesByView } from "../model/notices.js";
import type { Session } from "../state/session.js";
import { shared } from "./tokens.js";
import { Watcher } from "./watcher.js";

/** Longer lists start folded, so that they do not push the data off the screen. */
const MAX_OPEN = 1;

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
        padding: 0 14px;
        border-radius: var(--radius);
        background: var(--amber-chip);
        color: var(--amber);
      }
      details.unreadable {
        background: var(--red-chip);
        color: var(--red);
      }
      summary {
        padding: 5px 0;
        font-weight: 500;
        cursor: pointer;
      }
      summary span {
        font-weight: 400;
      }
      .list {
        max-height: 34vh;
        padding-bottom: 8px;
        overflow-y: auto;
        scrollbar-width: thin;
      }
      h3 {
        margin: 6px 0 2px 16px;
        font-size: 12px;
        font-weight: 600;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: minmax(80px, 22%) minmax(0, 1fr) auto;
        gap: 2px 14px;
        padding: 2px 0 2px 16px;
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      .runs {
        max-width: 30ch;
        color: var(--secondary);
        text-align: end;
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
    const { notices } = this.session.derived;
    if (notices.length === 0) return nothing;
    const views = noticesByView(notices);
    const counts = views.map(({ view, notices: all }) => `${view} ${all.length}`).join(" · ");
    return html`<details ?open=${notices.length <= MAX_OPEN} data-testid="notices">
      <summary>${formatCount(notices.length, "notice")} <span>· ${counts}</span></summary>
      <div class="list" tabindex="0" role="group" aria-label="Notices">
        ${views.map(
          ({ view, notices: all }) => html`<h3>${view} · ${all.length}</h3>
            <ul>
              ${all.map(notice)}
            </ul>`,
        )}
      </div>
    </details>`;
  }

  #skipped(): TemplateResult | typeof nothing {
    const { skipped } = this.session.derived;
    if (skipped.length === 0) return nothing;
    return html`<details class="unreadable" ?open=${skipped.length <= MAX_OPEN} data-testid="skipped">
      <summary>${formatCount(skipped.length, "item")} of the log cannot be read</summary>
      <div class="list" tabindex="0" role="group" aria-label="Items that cannot be read">
        <ul>
          ${skipped.map(
            ({ run, tag, reason }) => html`<li>
              <span class="mono">${tag}</span><span>${reason}</span><span class="runs mono">${run}</span>
            </li>`,
          )}
        </ul>
      </div>
    </details>`;
  }
}

function notice({ layer, message, runs }: NoticeGroup): TemplateResult {
  return html`<li>
    <span class="mono">${layer}</span><span>${message}</span>
    <span class="runs mono">${runs.join(", ")}</span>
  </li>`;
}
