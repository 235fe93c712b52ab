/** Copies the address of the page that the tab is in. Must not know what the address says. */

/** The link itself where there is no clipboard, or the browser refuses it. */
export async function copyLink(): Promise<"copied" | { readonly link: string }> {
  const link = pageAddress();
  try {
    await navigator.clipboard.writeText(link);
    return "copied";
  } catch {
    return { link };
  }
}

// The frame's own address says nothing of the page; of a page from elsewhere it cannot be read.
function pageAddress(): string {
  try {
    return window.parent.location.href;
  } catch {
    return window.location.href;
  }
}
