/**
 * Tells the session when the reader is in the text field of a filter: all typed there until it is left, or until Enter,
 * is one choice. Must not know the fields.
 */
import type { Session } from "../state/session.js";

let stays = 0;

/** For the events `focus`, `change` and `blur` of such a field. */
export const tellTyping =
  (session: Session) =>
  ({ type }: Event): void => {
    session.typing = type === "blur" ? 0 : ++stays;
  };
