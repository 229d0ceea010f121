import { randomBytes } from 'node:crypto';
import { type PostOutcome, post } from './delivery/post.ts';
import type { RetryReason } from './delivery/retry-policy.ts';
import { signRequest } from './events/sign-request.ts';
import { SIMULATOR_IDS } from './events/simulator-ids.ts';
import type { BlockActionOptions, SlashCommandOptions } from './interaction-options.ts';
import { compact, isJsonObject, type JsonObject } from './json.ts';
import { grantsOf, type ResponseUrlRequest } from './response-url-grants.ts';
import type { ResolvedSimulatorOptions } from './simulator-options.ts';
import { SlackApiError } from './slack-api-error.ts';
import type { Channel, User } from './workspace/model.ts';
import { renderMessage } from './workspace/render-message.ts';
import type { Workspace } from './workspace/workspace.ts';

/** How the app responded to an interaction. */
export interface InteractionOutcome {
  /** HTTP status; undefined when the app did not respond in time. */
  status: number | undefined;
  /** Why Slack would show the user an error; undefined when the app accepted the interaction. */
  failure: RetryReason | undefined;
  /** The response body, parsed if it is JSON, otherwise as text. */
  answer: unknown;
  latencyMs: number;
  /** The trigger id; undefined for interactions without a trigger id, such as `block_suggestion`. */
  triggerId: string | undefined;
  /**
   * The response URL; for a submitted view, its first response URL. The response URL is undefined for interactions
   * without one, such as a global shortcut.
   */
  responseUrl: string | undefined;
}

/** A request that the app posted to a response URL. */
export interface ResponseUrlPost {
  triggerId: string;
  channel: string;
  user: string;
  body: JsonObject;
}

/** Sends a command or interaction over another transport instead of HTTP. Never rejects. */
export type SendEnvelope = (type: 'slash_commands' | 'interactive', payload: JsonObject) => Promise<PostOutcome>;

/** Maximum number of posts that Slack accepts per response URL. */
const RESPONSE_URL_USES = 5;

interface ResponseUrl {
  triggerId: string;
  channel: string;
  user: string;
  uses: number;
}

/** Posts slash commands and interactions to the app, and accepts the posts of the app to response URLs. */
export class Interactions {
  readonly responses: ResponseUrlPost[] = [];
  readonly #workspace: Workspace;
  readonly #options: ResolvedSimulatorOptions;
  /** The address of the simulator, with which all response URLs begin. */
  origin = '';
  readonly #signal: AbortSignal;
  readonly #sendEnvelope: SendEnvelope | undefined;
  readonly #responseUrls = new Map<string, ResponseUrl>();

  constructor(
    workspace: Workspace,
    options: ResolvedSimulatorOptions,
    signal: AbortSignal,
    sendEnvelope?: SendEnvelope | undefined,
  ) {
    this.#sendEnvelope = sendEnvelope;
    this.#workspace = workspace;
    this.#options = options;
    this.#signal = signal;
  }

  async slashCommand({ command, text = '', ...where }: SlashCommandOptions): Promise<InteractionOutcome> {
    const { user, channel } = this.#place(where);
    const { triggerId, responseUrl } = this.#trigger(user, channel);
    const { team, bot } = this.#workspace;
    const form = new URLSearchParams({
      token: SIMULATOR_IDS.verificationToken,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channel.type === 'im' ? 'directmessage' : channel.type === 'group' ? 'privategroup' : channel.name,
      user_id: user.id,
      user_name: user.name,
      command,
      text,
      api_app_id: bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: triggerId,
    });
    return this.send('commandsUrl', form, { triggerId, responseUrl });
  }

  async blockAction(options: BlockActionOptions): Promise<InteractionOutcome> {
    const { actionId, blockId = 'block', value = '', type = 'button', messageTs, ...where } = options;
    const { user, channel } = this.#place(where);
    const message = messageTs === undefined ? undefined : this.#workspace.message(channel.id, messageTs);
    return this.interact(
      compact({
        type: 'block_actions',
        user: this.#userReference(user),
        channel: { id: channel.id, name: channel.name || 'directmessage' },
        container: compact({ type: 'message', message_ts: messageTs, channel_id: channel.id, is_ephemeral: false }),
        message: message && renderMessage(this.#workspace, channel, message),
        state: { values: {} },
        actions: [
          {
            type,
            action_id: actionId,
            block_id: blockId,
            text: { type: 'plain_text', text: actionId, emoji: true },
            value,
            action_ts: this.#workspace.clock.nextTs(),
          },
        ],
      }),
    );
  }

  async interact(payload: JsonObject): Promise<InteractionOutcome> {
    const { team, bot } = this.#workspace;
    const { user, channel } = this.#place({ user: idOf(payload.user), channel: idOf(payload.channel) });
    const { trigger, responseUrl, responseUrls } = grantsOf(payload);
    const triggered = trigger || responseUrl ? this.#trigger(user, channel) : undefined;
    const granted = responseUrls?.map((request) => this.#grant(user, request));
    const complete: JsonObject = compact({
      team: { id: team.id, domain: team.domain },
      user: this.#userReference(user),
      api_app_id: bot.appId,
      token: SIMULATOR_IDS.verificationToken,
      enterprise: null,
      is_enterprise_install: false,
      trigger_id: trigger ? triggered?.triggerId : undefined,
      response_url: responseUrl ? triggered?.responseUrl : undefined,
      response_urls: granted,
      ...payload,
    });
    const form = new URLSearchParams({ payload: JSON.stringify(complete) });
    return this.send('interactivityUrl', form, {
      triggerId: trigger ? triggered?.triggerId : undefined,
      responseUrl: responseUrl ? triggered?.responseUrl : granted?.[0]?.response_url,
    });
  }

  /** Accepts a post to a response URL. @throws SlackApiError `no_such_url` or `used_url` */
  respond(id: string, body: JsonObject): void {
    const known = this.#responseUrls.get(id);
    if (!known) throw new SlackApiError('no_such_url');
    if (known.uses >= RESPONSE_URL_USES) throw new SlackApiError('used_url');
    known.uses += 1;
    const { triggerId, channel, user } = known;
    this.responses.push({ triggerId, channel, user, body });
    if (body.response_type !== 'in_channel' || typeof body.text !== 'string') return;
    this.#workspace.postMessage(channel, this.#workspace.bot.userId, { text: body.text });
  }

  /** Posts a form to one of the app's URLs, signed by default. The request is never retried. */
  async send(
    to: 'commandsUrl' | 'interactivityUrl' | { url: string; signed: boolean },
    form: URLSearchParams,
    context: { triggerId?: string | undefined; responseUrl?: string | undefined } = {},
  ): Promise<InteractionOutcome> {
    const startedAt = performance.now();
    const outcome = await (typeof to === 'string' && this.#sendEnvelope
      ? this.#sendEnvelope(...envelopeOf(to, form))
      : this.#post(to, form.toString()));
    return {
      status: outcome.status,
      failure: outcome.failure,
      answer: parse(outcome.body),
      latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
      triggerId: context.triggerId,
      responseUrl: context.responseUrl,
    };
  }

  async #post(
    to: 'commandsUrl' | 'interactivityUrl' | { url: string; signed: boolean },
    body: string,
  ): Promise<PostOutcome> {
    const { url, signed } = typeof to === 'string' ? { url: this.#options[to], signed: true } : to;
    if (url === undefined)
      throw new TypeError(
        `${String(to)} is not set: set it to a URL of your app, such as http://127.0.0.1:3000/slack/events`,
      );
    return post({
      url,
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        ...(signed ? signRequest({ signingSecret: this.#options.signingSecret, body }) : {}),
      },
      timeoutMs: this.#options.answerTimeoutMs,
      signal: this.#signal,
    });
  }

  #place(where: { user?: string | undefined; channel?: string | undefined }): { user: User; channel: Channel } {
    const { users, channels } = this.#workspace;
    const user = where.user === undefined ? users.find(({ isBot }) => !isBot) : this.#workspace.user(where.user);
    const general = channels.find(({ isGeneral }) => isGeneral) ?? channels[0];
    const channel = where.channel === undefined ? general : this.#workspace.channel(where.channel);
    if (!user || !channel) throw new SlackApiError(user ? 'channel_not_found' : 'user_not_found');
    return { user, channel };
  }

  #trigger(user: User, channel: Channel): { triggerId: string; responseUrl: string } {
    const id = randomBytes(16).toString('hex');
    const triggerId = `${this.#workspace.clock.seconds()}.${this.#responseUrls.size + 1}.${id}`;
    this.#responseUrls.set(id, { triggerId, channel: channel.id, user: user.id, uses: 0 });
    return { triggerId, responseUrl: `${this.origin}/response/${id}` };
  }

  /** Creates an entry of `response_urls`, with a response URL for the conversation that the user selected. */
  #grant(user: User, request: ResponseUrlRequest): ResponseUrlRequest & { response_url: string } {
    const channel = this.#workspace.channel(request.channel_id);
    return { ...request, response_url: this.#trigger(user, channel).responseUrl };
  }

  #userReference(user: User): JsonObject {
    return { id: user.id, username: user.name, name: user.name, team_id: this.#workspace.team.id };
  }
}

/** Converts the form of a command or interaction to the type and payload of a Socket Mode envelope. */
function envelopeOf(to: 'commandsUrl' | 'interactivityUrl', form: URLSearchParams): Parameters<SendEnvelope> {
  if (to === 'commandsUrl') return ['slash_commands', Object.fromEntries(form)];
  return ['interactive', JSON.parse(form.get('payload') ?? '{}') as JsonObject];
}

function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value.id === 'string' ? value.id : undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
