/** The rail's field that finds tiles by number or label. Must not know where they are. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { tagPath } from "../model/facts.js";
import type { Session } from "../state/session.js";
import { controls } from "./controls.js";
import { shared } from "./tokens.js";
import { tellTyping } from "./typing.js";
import { Watcher } from "./watcher.js";

export class NnvizFindTiles extends LitElement {
  static override readonly properties = { session: { attribute: false } };

  static override readonly styles = [
    shared,
    controls,
    css`
      :host {
        display: block;
      }
      .field {
        width: 100%;
      }
      .found {
        min-height: 18px;
        margin: 3px 0 -4px;
        overflow: hidden;
        font-size: calc(12 * var(--dot));
        line-height: 18px;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--secondary);
      }
      .nowhere {
        color: var(--red);
      }
    `,
  ];

  declare session: Session;

  constructor() {
    super();
    new Watcher(this, () => [this.session.state, this.session.finder.found]);
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  protected override render(): TemplateResult {
    const { find } = this.session.state.value;
    const { finder } = this.session;
    const { status } = finder.found.value;
    const text = this.#text(find.trim());
    return html`<input
        class="field"
        type="search"
        data-testid="find"
        placeholder="Find unit  ( u )"
        aria-label="Find a unit, filter or channel by its number or label"
        title="A number, a label such as a class, or one for each axis: 30 · dog · 3, 2 · filter 3. Enter goes to the next panel that has it"
        spellcheck="false"
        autocomplete="off"
        aria-invalid=${status === "nowhere"}
        .value=${find}
        @focus=${tellTyping(this.session)}
        @change=${tellTyping(this.session)}
        @blur=${tellTyping(this.session)}
        @input=${(event: Event) => finder.look((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Enter") finder.next();
        }}
      />
      <div class="found ${status}" role="status" data-testid="found" data-status=${status} title=${text}>
        ${text}
      </div>`;
  }

  #text(find: string): string {
    const { value: found } = this.session.finder.found;
    if (find === "") return "";
    switch (found.status) {
      case "none":
        return "Enter goes to it";
      case "looking":
        return "Looking…";
      case "nowhere":
        return `No panel here has ${find}`;
      case "found":
        return found.isHidden
          ? `Hidden as dead in ${tagPath(found.tag)}`
          : `${tagPath(found.tag)} · Enter: next`;
    }
  }
}
