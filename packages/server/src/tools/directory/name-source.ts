import type { Named } from './names.ts';
import type { NameSuggestions } from './suggest-names.ts';

/** Turns what people call something into its id. */
export interface NameResolver {
  /**
   * The id of a name; what is an id already costs no call. A name is never taken for more than it says.
   *
   * @throws NameError for a name that nothing or more than one thing has
   * @throws NamesLoadingError while a long list is being read
   * @throws SlackError when the names cannot be read
   */
  resolve(reference: string, options?: ResolveOptions): Promise<string>;
}

/** How a name becomes an id. */
export interface ResolveOptions {
  signal?: AbortSignal | undefined;
  /** For what must not go by a name that another one may have by now. Default: a name that was read once is enough. */
  confirm?: NameConfirmation | undefined;
}

/** Makes sure that something still has the name that it was found by. */
export interface NameConfirmation {
  /** Milliseconds for which a list of names needs no confirmation. */
  readonly maxAgeMs: number;
  /**
   * What a channel is called now, in lower case; undefined where there is none.
   *
   * @throws SlackError
   */
  namesOf(id: string): Promise<readonly string[] | undefined>;
}

/** Turns names into ids, and suggests names. */
export interface NameSource extends NameResolver {
  /**
   * Names that mean one thing, out of those that are known: others are read in the background. Never rejects.
   *
   * @param accepts - which of them may be suggested; default all
   */
  suggest(typed: string, accepts?: (entry: Named) => boolean): Promise<NameSuggestions>;
}

/** Users by their names, and their names by their ids. */
export interface UserSource extends NameSource {
  /** Readable names, as far as they can be had within a moment. Never rejects. */
  namesOf(ids: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** The id of a name among those that are known by now: nothing is read for it. */
  knownId(name: string): string | undefined;
}
