import type { HttpError } from '../http/http-errors.ts';

/** The codes of failed tool calls, with their HTTP statuses. Over MCP, the same codes are in `_meta`. */
export const TOOL_FAILURES: Readonly<Record<string, HttpError>> = {
  declined: { status: 422, components: ['tools'], meaning: 'The person who uses the client declined the call.' },
  idempotency_full: {
    status: 422,
    components: ['tools'],
    meaning: 'The limit of stored idempotency keys is reached. Nothing was posted.',
  },
  idempotency_key_reused: {
    status: 422,
    components: ['tools'],
    meaning: 'The idempotency key was used for another message.',
  },
  idempotency_unavailable: {
    status: 422,
    components: ['tools'],
    meaning: 'The idempotency key could not be recorded. Nothing was posted.',
  },
  idempotency_uncertain: {
    status: 422,
    components: ['tools'],
    meaning: 'An earlier call with the idempotency key ended without a result, and may have succeeded.',
  },
  incomplete: {
    status: 422,
    components: ['tools'],
    meaning: 'The call did only part of its work. `details.output` shows which part.',
  },
  insufficient_rights: {
    status: 403,
    components: ['tools'],
    meaning: 'The tool writes, and the caller may only read.',
  },
  internal_error: {
    status: 500,
    components: ['tools'],
    meaning: 'The tool failed unexpectedly. The log contains the reason.',
  },
  invalid_arguments: {
    status: 400,
    components: ['tools'],
    meaning: 'The arguments are not valid. The message names the argument.',
  },
  invalid_selection: {
    status: 400,
    components: ['tools'],
    meaning: 'The request selects a tool or toolset that is not served.',
  },
  invalid_value: {
    status: 422,
    components: ['tools'],
    meaning: 'A value does not fit the column of the list.',
  },
  missing_scope: { status: 422, components: ['tools'], meaning: 'The Slack token lacks a scope. `details` names it.' },
  names_loading: {
    status: 422,
    components: ['tools'],
    meaning: 'The list of channels or users is not complete yet. Try again.',
  },
  not_a_list: { status: 422, components: ['tools'], meaning: 'The file is not a list.' },
  not_allowed: {
    status: 422,
    components: ['tools'],
    meaning: 'The settings of the server do not allow the channel or method.',
  },
  ops_refused: {
    status: 422,
    components: ['tools'],
    meaning: 'The operations API refused the request. `details.reason` contains its error code.',
  },
  rate_limited: {
    status: 429,
    components: ['tools'],
    meaning: 'Slack limits the method. `details.retry_after_s` states when to try again.',
  },
  response_refused: {
    status: 422,
    components: ['tools'],
    meaning: 'Slack did not accept a message to a `response_url`.',
  },
  slack_error: {
    status: 422,
    components: ['tools'],
    meaning: 'Slack refused the call. `details.slack_error` contains the error of Slack.',
  },
  slack_unavailable: {
    status: 503,
    components: ['tools'],
    meaning: 'Calls to Slack fail, so the server pauses them. `details.retry_after_s` states when to try again.',
  },
  slack_unreachable: {
    status: 422,
    components: ['tools'],
    meaning: 'Slack did not answer, or its answer could not be read.',
  },
  task_ended: { status: 422, components: ['tools'], meaning: 'The task of the call ended before its result was read.' },
  token_missing: { status: 503, components: ['tools'], meaning: 'The server has no Slack token for the call.' },
  unanswered: {
    status: 422,
    components: ['tools'],
    meaning: 'The person who uses the client did not answer the question of the tool.',
  },
  unknown_channel: {
    status: 404,
    components: ['tools'],
    meaning: 'No channel or several channels match the name or id.',
  },
  unknown_column: { status: 422, components: ['tools'], meaning: 'The list has no such column.' },
  unknown_method: { status: 422, components: ['tools'], meaning: 'There is no such method of the Web API.' },
  unknown_section: { status: 422, components: ['tools'], meaning: 'The canvas has no such section.' },
  unknown_team: { status: 422, components: ['tools'], meaning: 'There is no such workspace.' },
  unknown_tool: { status: 404, components: ['tools'], meaning: 'The server serves no such tool.' },
  unknown_user: { status: 422, components: ['tools'], meaning: 'No user or several users match the name or id.' },
};

/** Returns the HTTP status of a failure. Unlisted codes come from Slack. */
export function statusOfFailure(code: string): number {
  return TOOL_FAILURES[code]?.status ?? 422;
}
