import type { SlackArguments } from '@slack-mcp/consumer';

/** A message that asks for confirmation of a deployment. */
export function confirmation(service: string) {
  const text = `Deploy *${service}* to production?`;
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text } },
      {
        type: 'actions',
        elements: [button('deploy:yes', 'Deploy', service), button('deploy:no', 'Cancel', service)],
      },
    ],
  };
}

/** A form for release notes that are posted to a channel. */
export function notesForm(channel: string): SlackArguments<'views.open'>['view'] {
  return {
    type: 'modal',
    callback_id: 'release_notes',
    private_metadata: channel,
    notify_on_close: true,
    title: { type: 'plain_text', text: 'Release notes' },
    submit: { type: 'plain_text', text: 'Post' },
    blocks: [
      {
        type: 'input',
        block_id: 'notes',
        label: { type: 'plain_text', text: "What's new?" },
        element: { type: 'plain_text_input', action_id: 'text', multiline: true },
      },
    ],
  };
}

function button(actionId: string, text: string, value: string) {
  return { type: 'button', action_id: actionId, text: { type: 'plain_text', text }, value };
}
