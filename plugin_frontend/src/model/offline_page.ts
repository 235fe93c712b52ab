/**
 * The page of a file that opens from disk: contents as JSON, the records as base64 texts, and the screen's own script,
 * under a policy that forbids every request. `tb_nnviz/export/offline_page.py` makes the same page. Pure; must not know what the contents mean.
 */

export const CONTENTS_ID = "nnviz-contents";

/** The element that holds the record of a number. */
export function recordId(index: number): string {
  return `nnviz-record-${index}`;
}

// Nothing is loaded from anywhere: not by this page, and not by what might be smuggled into a log's names.
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

/** The parts of the file before its records, to be followed by `recordPart` of each and `endOfPage`. */
export function startOfPage(title: string, contents: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escapeText(title)}</title>
</head>
<body>
<noscript>The values in this file are drawn by a script, which this browser does not run.</noscript>
<script type="application/json" id="${CONTENTS_ID}">${escapeScript(contents)}</script>
`;
}

export function recordPart(index: number, base64: string): string {
  return `<script type="text/plain" id="${recordId(index)}">${base64}</script>\n`;
}

export function endOfPage(script: string): string {
  return `<script>${escapeScript(script)}</script>\n</body>\n</html>\n`;
}

// Neither may end the element it stands in, nor begin what the browser reads otherwise. In JSON and in a script's texts
// the escape is the same character.
function escapeScript(text: string): string {
  return text.replace(/<(?=\/script|script|!--)/gi, "\\u003c");
}

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Bytes of a piece: a multiple of three, so that pieces join without padding. */
const PIECE = 3 * 2 ** 13;

/** `base64` of bytes, a piece at a time: a call with millions of arguments is none. */
export function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += PIECE) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE))));
  }
  return pieces.join("");
}

/** Throws a `DOMException` for what is no base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
