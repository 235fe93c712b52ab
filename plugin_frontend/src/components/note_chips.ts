/** The notes of a record as chips: green, amber or plain, as they are to be read. Templates of one moment; must not hold state. */
import { html, type TemplateResult } from "lit";
import { type NoteKind, noteWords } from "../model/note_words.js";

const COLOURS: Readonly<Record<NoteKind, string>> = { exact: "green", care: "amber", fact: "" };

export function noteChip(note: string): TemplateResult {
  const { kind, text, title } = noteWords(note);
  return html`<span class="chip ${COLOURS[kind]}" data-testid="note" data-kind=${kind} title=${title}
    >${text}</span
  >`;
}
