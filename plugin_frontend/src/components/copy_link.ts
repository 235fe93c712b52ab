/**
 * Copies the address of the page that the tab is in, and knows when a copy is no more that of what is shown. Must not know
 * what the address says.
 */
import { changedKeys, encodeLink, type LinkTexts } from "../model/url_state.js";
import type { Session } from "../state/session.js";
import { linkOf } from "../state/url_state.js";

/** Where there is no clipboard, or the browser refuses it: the link, to be copied by hand. */
export interface LinkByHand {
  readonly link: string;
  /** What it says. */
  readonly texts: LinkTexts;
}

export async function copyLink(session: Session): Promise<"copied" | LinkByHand> {
  session.addressWanted.notify();
  const texts = encodeLink(linkOf(session));
  const link = pageAddress();
  try {
    await navigator.clipboard.writeText(link);
    return "copied";
  } catch {
    return { link, texts };
  }
}

/** True while the link reopens what is shown. */
export function isCurrent({ texts }: LinkByHand, session: Session): boolean {
  return changedKeys(texts, encodeLink(linkOf(session))).length === 0;
}

// The frame's own address says nothing of the page; of a page from elsewhere it cannot be read.
function pageAddress(): string {
  try {
    return window.parent.location.href;
  } catch {
    return window.location.href;
  }
}
