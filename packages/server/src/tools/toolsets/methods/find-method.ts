import { z } from 'zod';
import { defineTool, type Tool } from '../../define-tool.ts';

/** Maximum number of methods to describe with their arguments. */
const MOST_DESCRIBED = 3;
const MOST_LISTED = 15;

/** The tool `slack_find_method`, which finds methods for `slack_call_method`. */
export const findMethodTool: Tool = defineTool({
  name: 'slack_find_method',
  title: 'Find a Slack method',
  description: 'Find Slack Web API methods, with their arguments, for tasks that no other tool can do.',
  input: () => z.strictObject({ query: z.string().min(1).max(200).describe('Words, or a name like pins.add') }),
  output: () => z.looseObject({}),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: [],
  async run({ query }) {
    // Most servers never need the table of methods.
    const { searchMethods } = await import('./search-methods.ts');
    const found = searchMethods(query);
    return {
      methods: found
        .slice(0, MOST_LISTED)
        .map(({ name, summary, effect, scopes, tokens, arguments: schema }, index) => ({
          ...{ method: name, summary, effect },
          ...(index < MOST_DESCRIBED && { scopes, tokens, arguments: schema }),
        })),
      ...(found.length === 0 && { note: 'No method matches. Use words like pin, topic, bookmark or reminder.' }),
      ...(found.length > MOST_LISTED && { more: `${found.length - MOST_LISTED} more match: use other words.` }),
    };
  },
});
