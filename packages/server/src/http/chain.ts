/** An item that can be in one {@link Chain} at a time. */
export class Link {
  /** The previous item, set by the chain. */
  before: Link | undefined = undefined;
  /** The next item, set by the chain. */
  after: Link | undefined = undefined;
}

/**
 * A linked list that removes items in constant time. A `Set` would also work, but the old hash tables of a `Set` keep
 * short-lived items alive until the next full garbage collection.
 */
export class Chain<T extends Link> {
  /** The sentinel before the first and after the last item. */
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

  /** Returns the item before `link`. */
  before(link: T): T | undefined {
    return this.#member(link.before);
  }

  /**
   * Adds `link`, unless it is already in the chain.
   *
   * @param next - the item before which to insert `link`; by default, `link` is added at the end
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

  /** Removes `link`. Returns whether `link` was in the chain. */
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
