import type { FindOptions, FoundNames } from './find-names.ts';
import type { Named } from './names.ts';
import type { NameSuggestions } from './suggest-names.ts';

/** Resolves names to IDs. */
export interface NameResolver {
  /**
   * Resolves a name to an ID. An ID costs no call. Names match exactly.
   *
   * @throws NameError - no entry or several entries have the name
   * @throws NamesLoadingError - a long list is still being read
   * @throws SlackError - the names cannot be read
   */
  resolve(reference: string, options?: ResolveOptions): Promise<string>;
}

/** Options for resolving a name. */
export interface ResolveOptions {
  signal?: AbortSignal | undefined;
  /** Set it for calls that must not use an outdated name. Default: the cached name is enough. */
  confirm?: NameConfirmation | undefined;
}

/** Confirms that an entry still has the name by which it was found. */
export interface NameConfirmation {
  /** Milliseconds for which a list of names needs no confirmation. */
  readonly maxAgeMs: number;
  /**
   * The current names of a channel or user, in lower case. Undefined if it does not exist.
   *
   * @throws SlackError
   */
  namesOf(id: string): Promise<readonly string[] | undefined>;
}

/** Resolves, finds and suggests names. */
export interface NameSource extends NameResolver {
  /**
   * Finds entries by a part of their name, label or description, the best first.
   *
   * @throws NamesLoadingError - a long list is still being read
   * @throws SlackError - the names cannot be read
   */
  find(query: string, options: FindOptions): Promise<FoundNames>;
  /**
   * Suggests unambiguous names that are cached. Loads missing names in the background. Never rejects.
   *
   * @param accepts - selects the entries to suggest; default: all
   */
  suggest(typed: string, accepts?: (entry: Named) => boolean): Promise<NameSuggestions>;
}

/** Finds users by name, and names by user ID. */
export interface UserSource extends NameSource {
  /** The readable names that can be found within a short time. Never rejects. */
  namesOf(ids: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** The ID for a name, from the cache only. */
  knownId(name: string): string | undefined;
}
