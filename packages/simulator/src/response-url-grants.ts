import { isJsonObject, type JsonObject } from './json.ts';

/** An input of a view that requests a response URL, and the conversation that the user selected in the input. */
export interface ResponseUrlRequest {
  readonly block_id: string;
  readonly action_id: string;
  readonly channel_id: string;
}

/** The fields that Slack adds to an interaction so that the app can respond later. */
export interface Grants {
  readonly trigger: boolean;
  readonly responseUrl: boolean;
  /**
   * The inputs that request a response URL. Set only for a submitted view; empty unless an input has
   * `response_url_enabled`.
   */
  readonly responseUrls?: readonly ResponseUrlRequest[];
}

/**
 * Returns the trigger id and response URLs that Slack adds to an interaction, depending on its type. The rules come
 * from docs.slack.dev, "Handling user interaction" and the payload pages; slackapi/bolt-js#889 reports that
 * `view_submission` has only `response_urls`.
 */
export function grantsOf(payload: JsonObject): Grants {
  switch (payload.type) {
    case 'block_suggestion':
    case 'dialog_suggestion':
    case 'view_closed':
      return { trigger: false, responseUrl: false };
    case 'view_submission':
      return { trigger: true, responseUrl: false, responseUrls: requestsOf(payload.view) };
    case 'shortcut':
      return { trigger: true, responseUrl: false };
    case 'block_actions':
      // In a modal or on the home tab there is no message to respond to.
      return { trigger: true, responseUrl: !isInView(payload) };
    default:
      return { trigger: true, responseUrl: true };
  }
}

function isInView({ container, view }: JsonObject): boolean {
  return isJsonObject(view) || (isJsonObject(container) && container.type === 'view');
}

function requestsOf(view: unknown): ResponseUrlRequest[] {
  const { blocks, state } = isJsonObject(view) ? view : {};
  const values = isJsonObject(state) && isJsonObject(state.values) ? state.values : {};
  return (Array.isArray(blocks) ? blocks : []).filter(isJsonObject).flatMap((block) => {
    const element = isJsonObject(block.element) ? block.element : {};
    const block_id = String(block.block_id);
    const action_id = String(element.action_id);
    const inputs = isJsonObject(values[block_id]) ? values[block_id] : {};
    const input = isJsonObject(inputs[action_id]) ? inputs[action_id] : {};
    const chosen = input.selected_conversation ?? input.selected_channel;
    if (element.response_url_enabled !== true || typeof chosen !== 'string') return [];
    return [{ block_id, action_id, channel_id: chosen }];
  });
}
