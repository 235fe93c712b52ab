/** How the browser's own dialogs look here; each has its width as `--dialog`. */
import { css } from "lit";

export const dialogStyles = css`
  dialog {
    width: min(var(--dialog), calc(100vw - 40px));
    max-height: calc(100vh - 60px);
    padding: 20px 26px 24px;
    overflow-y: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    box-shadow: 0 10px 40px rgb(0 0 0 / 30%);
  }
  /* It is no control: it has the focus while there is none in it. */
  dialog:focus {
    outline: none;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
`;
