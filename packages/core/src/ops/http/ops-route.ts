import type { OpsCaller, OpsRole } from '../access/ops-keys.ts';
import type { OpsContext } from '../ops-context.ts';
import type { OpsErrorCode } from '../ops-error.ts';
import type { JsonSchema, ObjectSchema } from './json-schema.ts';

/** A validated request. */
export interface OpsCall {
  readonly caller: OpsCaller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A route of the operations API. Its validation and its part of the OpenAPI document come from this data. */
export interface OpsRoute {
  readonly method: 'GET' | 'POST';
  /** The path in the format of OpenAPI, such as `/ops/events/{id}`. */
  readonly path: string;
  readonly role: OpsRole;
  readonly summary: string;
  readonly params?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: ObjectSchema;
  /** The HTTP status of a successful answer. Default 200. */
  readonly status?: number;
  readonly answer: JsonSchema;
  /** Whether the answer is a stream of server-sent events, with `answer` as the data of each event. */
  readonly isStream?: boolean;
  /** The error codes of this route, in addition to the error codes that all routes share. */
  readonly errors: readonly OpsErrorCode[];
  /** Returns the answer. */
  handle(ops: OpsContext, call: OpsCall): unknown;
}
