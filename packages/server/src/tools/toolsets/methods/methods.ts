import type { Toolset } from '../../toolset.ts';
import { callMethodTool } from './call-method.ts';
import { findMethodTool } from './find-method.ts';

/** The toolset for Slack methods that have no tool of their own. */
export const methods: Toolset = {
  id: 'methods',
  description: 'Find and call methods of the Slack Web API that have no tool of their own.',
  default: false,
  instructions: ['Call slack_find_method and slack_call_method only if no other tool can do it.'],
  tools: [findMethodTool, callMethodTool],
};
