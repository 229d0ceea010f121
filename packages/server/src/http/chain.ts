/** What can stand in one {@link Chain} at a time. */
export class Link {
  /** Kept by the chain. */
  before: Link | undefined = undefined;
  /** Kept by the chain. */
  after: Link | undefined = undefined;
}

/**
 * Links in an order, each of which leaves in constant time. A `Set` would do, but for what becomes of its old tables:
 * through them what was in a busy set for a moment outlives it until the next full collection of garbage.
 */
export class Chain<T extends Link> {
  /** Before the first and behind the last. */
  readonly #end = new Link();

  constructor() {
    this.#end.before = this.#end;
    this.#end.after = this.#end;
  }

  get first(): T | undefined {
    return this.#member(this.#end.after);
  }

  get last(): T | undefined {
    return this.#member(this.#end.before);
  }

  /** The one before it. */
  before(link: T): T | undefined {
    return this.#member(link.before);
  }

  /**
   * Puts it into the chain, unless it is there already.
   *
   * @param next - the one that it stands before; default: none, it becomes the last
   */
  add(link: T, next?: T): void {
    if (link.after !== undefined) return;
    const after: Link = next ?? this.#end;
    const before = after.before as Link;
    link.before = before;
    link.after = after;
    before.after = link;
    after.before = link;
  }

  /** Takes it out. Whether it was in the chain. */
  delete(link: T): boolean {
    const { before, after } = link;
    if (before === undefined || after === undefined) return false;
    before.after = after;
    after.before = before;
    link.before = undefined;
    link.after = undefined;
    return true;
  }

  #member(link: Link | undefined): T | undefined {
    return link === this.#end ? undefined : (link as T | undefined);
  }
}
