/** Keeps what was made for as long as it would be made of the same things. Must not know what is made. */
export class Kept {
  readonly #kept = new Map<string, { readonly of: readonly unknown[]; readonly value: unknown }>();

  /** What is kept under a name, made anew where it is of other things. */
  keep<T>(name: string, of: readonly unknown[], make: () => T): T {
    const kept = this.#kept.get(name);
    const isSame =
      kept?.of.length === of.length && of.every((each, at) => Object.is(each, kept.of[at]));
    if (kept !== undefined && isSame) return kept.value as T;
    const value = make();
    this.#kept.set(name, { of, value });
    return value;
  }
}
