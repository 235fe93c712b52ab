/** Shows that what was typed into a field is not accepted. Must not know what is. */

/** Long enough to be seen; a field that stays red would say that what it holds now is wrong. */
const SHOWN_MILLISECONDS = 4000;

const ends = new WeakMap<HTMLInputElement, () => void>();

/** Puts the old text back and marks the field, until one types again or a moment has passed. */
export function refuse(field: HTMLInputElement, oldText: string): void {
  accept(field);
  field.value = oldText;
  field.setAttribute("aria-invalid", "true");
  const end = (): void => accept(field);
  const timer = setTimeout(end, SHOWN_MILLISECONDS);
  field.addEventListener("input", end);
  ends.set(field, () => {
    clearTimeout(timer);
    field.removeEventListener("input", end);
  });
}

/** Takes the mark away. */
export function accept(field: HTMLInputElement): void {
  ends.get(field)?.();
  ends.delete(field);
  field.removeAttribute("aria-invalid");
}
