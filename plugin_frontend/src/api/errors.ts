/** Failures of the server as typed errors. Knows the error JSON of `http_api.md`; must not know what was asked for. */

/** `status` is the HTTP status, 0 where no answer came at all. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** True for the rejection of a request that was called off. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * Fetches a relative URL; anything but success is an `ApiError` with the server's own words where it sent some. It can
 * be called off until the answer begins; what has been sent already would else be asked for a second time.
 */
export async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const waiting = new AbortController();
  const callOff = (): void => waiting.abort();
  signal.addEventListener("abort", callOff);
  if (signal.aborted) callOff();
  let response: Response;
  try {
    response = await fetch(url, { signal: waiting.signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError(0, "TensorBoard does not answer. Is it still running?");
  } finally {
    signal.removeEventListener("abort", callOff);
  }
  if (!response.ok) throw new ApiError(response.status, await messageOf(response));
  return response;
}

async function messageOf(response: Response): Promise<string> {
  const fallback = `TensorBoard answered ${response.status} ${response.statusText}`.trim();
  try {
    const body: unknown = await response.json();
    const error = (body as { error?: { message?: unknown } } | null)?.error;
    return typeof error?.message === "string" ? error.message : fallback;
  } catch {
    return fallback;
  }
}
