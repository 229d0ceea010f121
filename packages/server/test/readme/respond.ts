import type { Responders } from '@slack-mcp/server';

const STAGES = ['staging', 'production'];

export const respond: Responders = {
  onViewSubmission: () => ({ response_action: 'errors', errors: { date: 'Choose a later date.' } }),
  onOptions: ({ value }) => ({
    options: STAGES.filter((stage) => stage.startsWith(String(value))).map((stage) => ({
      text: { type: 'plain_text', text: stage },
      value: stage,
    })),
  }),
  onCommand: ({ text }) => ({ response_type: 'ephemeral', text: `Deploying ${String(text)} …` }),
};
