import type { JsonObject } from '@slack-mcp/core';
import type { TokenKind } from '@slack-mcp/slack';
import type { MethodReach } from '../../gates/method-gate.ts';
import table from './method-table.json' with { type: 'json' };

/** A method of Slack that `slack_call_method` can call. */
export interface ListedMethod extends MethodReach {
  /** What the method does, in a few words. */
  readonly summary: string;
  /** Alternative scopes. A token needs only one of them. */
  readonly scopes: readonly string[];
  /** The kinds of token that can call the method, the preferred kind first. */
  readonly tokens: readonly TokenKind[];
  /** The names of the arguments that take a user id or a list of user ids. */
  readonly users: readonly string[];
  /** The JSON schema of the arguments. */
  readonly arguments: JsonObject & {
    readonly properties: Readonly<Record<string, MethodArgument>>;
    readonly required?: readonly string[];
  };
}

/** The JSON schema of one argument. */
export interface MethodArgument extends JsonObject {
  readonly type: string | string[];
}

/**
 * The methods that can be called, by name. `node tooling/scripts/method-table.ts` generates the table from the types of
 * `@slack/web-api`. The table contains no methods that administer an organization.
 */
export const LISTED_METHODS: ReadonlyMap<string, ListedMethod> = new Map(
  (table as unknown as readonly (ListedMethod & { readonly name: string })[]).map((method) => [method.name, method]),
);
