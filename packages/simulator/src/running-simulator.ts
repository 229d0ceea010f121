import { randomBytes } from 'node:crypto';
import type { CutOffPredicate } from './delivery/cut-offs.ts';
import { Deliverer } from './delivery/deliverer.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { CutOffPoint } from './delivery/post.ts';
import { verifyUrl } from './delivery/verify-url.ts';
import { buildEnvelope } from './events/build-envelope.ts';
import { SIMULATOR_IDS } from './events/simulator-ids.ts';
import type { BlockActionOptions, SlashCommandOptions } from './interaction-options.ts';
import { type InteractionOutcome, Interactions, type ResponseUrlPost } from './interactions.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { Simulator } from './simulator.ts';
import type * as control from './simulator-control.ts';
import { httpUrl, type ResolvedSimulatorOptions } from './simulator-options.ts';
import { type ConnectionTrouble, type DisconnectReason, SocketModeServer } from './socket-mode/socket-mode-server.ts';
import { WebApi, type WebApiCall } from './web-api/web-api.ts';
import { Clock } from './workspace/clock.ts';
import { createWorkspace } from './workspace/create-workspace.ts';
import type { Channel, Message } from './workspace/model.ts';
import { typedText } from './workspace/typed-text.ts';
import type { Workspace } from './workspace/workspace.ts';

const OUTER_TYPES: ReadonlySet<unknown> = new Set(['event_callback', 'app_rate_limited', 'url_verification']);

/** The implementation of `createSimulator`, which combines the workspace, the Web API, deliveries and interactions. */
export class RunningSimulator implements Simulator {
  readonly workspace: Workspace;
  readonly webApi: WebApi;
  readonly interactions: Interactions;
  /** The Socket Mode server; undefined when the simulator delivers over HTTP. */
  readonly socketMode: SocketModeServer | undefined;
  readonly #options: ResolvedSimulatorOptions;
  readonly #deliverer: Deliverer;
  readonly #closing = new AbortController();
  /**
   * The prefix of event ids. The prefix differs between runs, so that an app does not drop new events as duplicates.
   */
  readonly #eventIdPrefix: string = `Ev${randomBytes(3).toString('hex').toUpperCase()}`;
  #eventCount = 0;
  #caused: string[] | undefined;
  #origin = '';
  #closeServer: () => Promise<void> = async () => {};

  constructor(options: ResolvedSimulatorOptions) {
    this.#options = options;
    this.workspace = createWorkspace(options.seed, new Clock(options.timeScale), options.behavior);
    const socketMode = options.socketMode
      ? new SocketModeServer({ appId: this.workspace.bot.appId, answerTimeoutMs: options.answerTimeoutMs })
      : undefined;
    this.socketMode = socketMode;
    this.webApi = new WebApi({
      ...options,
      workspace: this.workspace,
      openConnection: socketMode && (() => this.#origin.replace(/^http/, 'ws') + socketMode.open()),
    });
    this.interactions = new Interactions(
      this.workspace,
      options,
      this.#closing.signal,
      socketMode && ((type, payload) => socketMode.send({ type, payload })),
    );
    this.#deliverer = new Deliverer({
      ...options,
      send: socketMode && (({ body, ...rest }) => socketMode.send({ type: 'events_api', payload: body, ...rest })),
    });
    this.#deliverer.url = options.eventsUrl;
    this.workspace.onEvent((event, channel) => {
      if (this.#deliverer.url === undefined && !this.socketMode) return;
      const { eventId } = this.#deliverer.enqueue(this.#envelope(event, channel));
      if (eventId !== undefined) this.#caused?.push(eventId);
    });
  }

  /** Sets the address of the HTTP server and the function that stops it. */
  attach(origin: string, closeServer: () => Promise<void>): void {
    this.#origin = origin;
    this.interactions.origin = origin;
    this.#closeServer = closeServer;
  }

  get url(): string {
    return `${this.#origin}/api/`;
  }

  async postMessage(
    user: string,
    channel: string,
    text: string,
    options: { threadTs?: string | undefined; broadcast?: boolean | undefined } = {},
  ): Promise<control.PostedMessage> {
    const author = this.workspace.user(user).id;
    const other = this.workspace.findChannel(channel) ? undefined : this.workspace.findUser(channel);
    const place = other ? this.workspace.openConversation([author, other.id]) : this.workspace.channel(channel);
    const { result, eventIds } = this.#causing(() =>
      this.workspace.postMessage(place.id, author, { ...options, text: typedText(text) }),
    );
    return { channel: place.id, ts: result.ts, text: result.text, threadTs: result.thread_ts, eventIds };
  }

  async unfurl(channel: string, ts: string): Promise<control.Caused> {
    return { eventIds: this.#causing(() => this.workspace.unfurl(channel, ts)).eventIds };
  }

  async editMessage(channel: string, ts: string, text: string): Promise<control.Caused> {
    const { user = '' } = this.workspace.message(channel, ts);
    const changes = { text: typedText(text) };
    return { eventIds: this.#causing(() => this.workspace.updateMessage(channel, ts, user, changes)).eventIds };
  }

  async deleteMessage(channel: string, ts: string): Promise<control.Caused> {
    return { eventIds: this.#causing(() => this.workspace.deleteMessage(channel, ts)).eventIds };
  }

  async react(user: string, channel: string, ts: string, emoji: string): Promise<control.Caused> {
    const { id } = this.workspace.user(user);
    return { eventIds: this.#causing(() => this.workspace.addReaction(channel, ts, id, emoji)).eventIds };
  }

  async unreact(user: string, channel: string, ts: string, emoji: string): Promise<control.Caused> {
    const { id } = this.workspace.user(user);
    return { eventIds: this.#causing(() => this.workspace.removeReaction(channel, ts, id, emoji)).eventIds };
  }

  async joinChannel(user: string, channel: string): Promise<control.Caused> {
    return { eventIds: this.#causing(() => this.workspace.addMember(channel, user)).eventIds };
  }

  async createChannel(
    user: string,
    name: string,
    options: { isPrivate?: boolean | undefined } = {},
  ): Promise<control.Caused & { channel: string }> {
    const { result, eventIds } = this.#causing(() => this.workspace.createChannel(name, user, options));
    return { channel: result.id, eventIds };
  }

  async deliver(event: object): Promise<Delivery> {
    if (!this.socketMode) this.#requireEventsUrl();
    if (!isJsonObject(event) || typeof event.type !== 'string')
      throw new TypeError("An event must be an object with a type, such as { type: 'reaction_added' }");
    const id = isJsonObject(event.item) ? event.item.channel : event.channel;
    const channel = typeof id === 'string' ? this.workspace.findChannel(id) : undefined;
    return this.#deliverer.enqueue(OUTER_TYPES.has(event.type) ? event : this.#envelope(event, channel));
  }

  settled(deliveryId: string): Promise<Delivery> {
    return this.#deliverer.settled(deliveryId);
  }

  idle(): Promise<void> {
    return this.#deliverer.idle();
  }

  async deliveries(): Promise<Delivery[]> {
    return this.#deliverer.deliveries;
  }

  slashCommand(options: SlashCommandOptions): Promise<InteractionOutcome> {
    return this.interactions.slashCommand(options);
  }

  blockAction(options: BlockActionOptions): Promise<InteractionOutcome> {
    return this.interactions.blockAction(options);
  }

  interact(payload: JsonObject): Promise<InteractionOutcome> {
    return this.interactions.interact(payload);
  }

  async responses(): Promise<ResponseUrlPost[]> {
    return [...this.interactions.responses];
  }

  async setEventsUrl(url: string, options: { verify?: boolean | undefined } = {}): Promise<void> {
    httpUrl('url', url);
    if (options.verify) await this.#verify(url);
    this.#deliverer.url = url;
  }

  verifyUrl(): Promise<void> {
    return this.#verify(this.#requireEventsUrl());
  }

  sslCheck(): Promise<InteractionOutcome> {
    const form = new URLSearchParams({ ssl_check: '1', token: SIMULATOR_IDS.verificationToken });
    return this.interactions.send({ url: this.#requireEventsUrl(), signed: false }, form);
  }

  async cutOff(next: number | CutOffPredicate, options: { at?: CutOffPoint | undefined } = {}): Promise<void> {
    if (typeof next === 'number' && !(Number.isInteger(next) && next >= 0)) {
      throw new TypeError(`cutOff needs a whole number of deliveries, 0 or more (for example 3), not ${next}`);
    }
    this.#deliverer.cutOffs.set(next, options.at ?? 'after-answer');
  }

  async connections(): Promise<number> {
    return this.socketMode?.connections ?? 0;
  }

  async refreshConnections(reason: DisconnectReason = 'refresh_requested'): Promise<void> {
    this.socketMode?.refresh(reason);
  }

  async troubleConnections(trouble: ConnectionTrouble, options: { times?: number | undefined } = {}): Promise<void> {
    this.socketMode?.trouble(trouble, options.times ?? 1);
  }

  async connectionAttempts(): Promise<number> {
    return this.socketMode?.attempts ?? 0;
  }

  async limit(
    method: string,
    options: { retryAfterS?: number | undefined; times?: number | undefined } = {},
  ): Promise<void> {
    const { retryAfterS = 1, times = 1 } = options;
    this.webApi.order(method, { kind: 'rate-limit', retryAfterS }, times);
  }

  async fail(method: string, failure: string | number, options: { times?: number | undefined } = {}): Promise<void> {
    const answer =
      typeof failure === 'number'
        ? ({ kind: 'status', status: failure } as const)
        : ({ kind: 'error', error: failure } as const);
    this.webApi.order(method, answer, options.times ?? 1);
  }

  async calls(method?: string | undefined): Promise<WebApiCall[]> {
    return this.webApi.calls.filter((call) => method === undefined || call.method === method);
  }

  async messages(channel: string): Promise<Message[]> {
    return structuredClone([...this.workspace.messages(channel)]);
  }

  async state(): Promise<control.WorkspaceState> {
    const { team, bot, users, channels, ephemeralMessages, emoji } = this.workspace;
    return structuredClone({
      team,
      bot,
      users: [...users],
      channels: channels.map((channel) => ({
        ...channel,
        members: [...channel.members],
        messages: [...this.workspace.messages(channel.id)],
      })),
      ephemeralMessages,
      emoji: Object.fromEntries(emoji),
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.workspace.scheduled.close();
    this.#deliverer.close();
    this.socketMode?.close();
    await this.#closeServer();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #verify(url: string): Promise<void> {
    const { signingSecret, answerTimeoutMs } = this.#options;
    return verifyUrl({ url, signingSecret, timeoutMs: answerTimeoutMs, signal: this.#closing.signal });
  }

  #requireEventsUrl(): string {
    const { url } = this.#deliverer;
    if (url === undefined) throw new TypeError('There is no events URL: pass eventsUrl or call setEventsUrl');
    return url;
  }

  /** Makes a synchronous change to the workspace, and returns the ids of the events that the change caused. */
  #causing<T>(change: () => T): { result: T; eventIds: string[] } {
    const eventIds: string[] = [];
    this.#caused = eventIds;
    try {
      return { result: change(), eventIds };
    } finally {
      this.#caused = undefined;
    }
  }

  #envelope(event: object, channel: Channel | undefined): JsonObject {
    const { team, bot, clock } = this.workspace;
    this.#eventCount += 1;
    return {
      ...buildEnvelope(event, {
        eventId: `${this.#eventIdPrefix}${String(this.#eventCount).padStart(5, '0')}`,
        eventTime: clock.seconds(),
        teamId: team.id,
        appId: bot.appId,
        botUserId: bot.userId,
        isExtSharedChannel: channel?.isExtShared ?? false,
      }),
    };
  }
}
