import { integer, list, type ObjectSchema, object, text } from './json-schema.ts';
import { PROCESS } from './schemas.ts';

const CALLS: ObjectSchema = object({
  name: text('The name of a tool or of a Slack method.'),
  outcome: text('`ok` or why the call failed.'),
  calls: integer('Number of calls since the process started.'),
  meanMs: integer('Mean duration in milliseconds.'),
});

export const STATE: ObjectSchema = object(
  {
    process: PROCESS,
    tools: list(CALLS, 'Calls of tools.'),
    slackCalls: list(CALLS, 'Calls to the Web API of Slack, including waits and retries.'),
    rateLimited: list(
      object({ method: text('A Slack method.'), count: integer('Number of answers.') }),
      'Answers of Slack with status 429, by method.',
    ),
    openCircuits: list(text('A family of methods.'), 'Families of Slack methods whose calls are refused now.'),
  },
  { sessions: integer('Number of MCP sessions.') },
);
