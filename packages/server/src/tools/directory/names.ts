/** A Slack object that can be found by name, such as a channel or user. */
export interface Named {
  readonly id: string;
  /** The names of the object, in lower case, without `#`, `@` or colons. */
  readonly names: readonly string[];
  /** Whether people from other organizations are members of the channel, or are invited to it. */
  readonly external?: boolean;
  /**
   * Further names that a rule can use to deny the channel, but that do not resolve to it: its previous names, and
   * Slack's normalized form of its name.
   */
  readonly otherNames?: readonly string[];
  /** The name in the form in which people write it, if this form is not in `names`. */
  readonly label?: string;
  /** A short description of the object, from its topic, purpose, job title or description in Slack. */
  readonly about?: string;
}

/** A collection of entries, indexed by name and by ID, with a maximum size. */
export class Names {
  readonly #ids = new Map<string, string | string[]>();
  readonly #entries = new Map<string, Named>();
  readonly #max: number;
  #cut = false;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether entries were left out because the maximum size was reached. */
  get cut(): boolean {
    return this.#cut;
  }

  add(entry: Named): void {
    if (this.#entries.has(entry.id)) return;
    if (this.#entries.size >= this.#max) {
      this.#cut = true;
      return;
    }
    this.#entries.set(entry.id, entry);
    for (const name of new Set(entry.names)) {
      const ids = this.#ids.get(name);
      if (ids === undefined) this.#ids.set(name, entry.id);
      else if (typeof ids === 'string') this.#ids.set(name, [ids, entry.id]);
      else ids.push(entry.id);
    }
  }

  /** Returns the IDs of the entries with this name. */
  ids(name: string): readonly string[] {
    const ids = this.#ids.get(name) ?? [];
    return typeof ids === 'string' ? [ids] : ids;
  }

  entry(id: string): Named | undefined {
    return this.#entries.get(id);
  }

  all(): Iterable<string> {
    return this.#ids.keys();
  }

  entries(): Iterable<Named> {
    return this.#entries.values();
  }
}
