import type { FindOptions, FoundNames } from './find-names.ts';
import type { Named } from './names.ts';
import type { NameSuggestions } from './suggest-names.ts';

/** Resolves names to IDs. */
export interface NameResolver {
  /**
   * Resolves a name to an ID. An ID is returned without a call to Slack. A name must match exactly.
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
  /**
   * How to confirm that the entry found still has the name, for calls that must not use an outdated name. By default, a
   * cached name is not confirmed.
   */
  confirm?: NameConfirmation | undefined;
}

/** Confirms that an entry still has the name by which it was found. */
export interface NameConfirmation {
  /** Maximum age, in milliseconds, of a list whose names need no confirmation. */
  readonly maxAgeMs: number;
  /**
   * Returns the current names of a channel or user, in lower case, or undefined if the channel or user does not exist.
   *
   * @throws SlackError
   */
  namesOf(id: string): Promise<readonly string[] | undefined>;
}

/** Resolves, finds and suggests names. */
export interface NameSource extends NameResolver {
  /**
   * Finds entries by a part of their name, label or description, and returns the best match first.
   *
   * @throws NamesLoadingError - a long list is still being read
   * @throws SlackError - the names cannot be read
   */
  find(query: string, options: FindOptions): Promise<FoundNames>;
  /**
   * Suggests cached names that are unambiguous. If names are missing, loads them in the background. Never rejects.
   *
   * @param accepts - selects the entries to suggest; by default, all entries are suggested
   */
  suggest(typed: string, accepts?: (entry: Named) => boolean): Promise<NameSuggestions>;
}

/** Finds user groups by name, and names by ID. */
export interface UserGroupSource extends NameSource {
  /** Returns the handles of user groups, with `@`, that can be found within a short time. Never rejects. */
  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Finds users by name, and names by user ID. */
export interface UserSource extends NameSource {
  /** Returns the readable names of users that can be found within a short time. Never rejects. */
  namesOf(ids: Iterable<string>, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Returns the ID for a name from the cache, without a call to Slack. */
  knownId(name: string): string | undefined;
}
