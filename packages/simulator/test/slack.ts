import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from '../src/index.ts';

/** These tests cause many refusals, so the warnings of the client are noise. */
const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};

/** A simulator that closes with the test, and Slack's own client for it. */
export async function startSlack(
  options: Partial<SimulatorOptions> = {},
): Promise<{ slack: Simulator; web: WebClient }> {
  const slack = await createSimulator({ signingSecret: 'a signing secret', ...options });
  onTestFinished(() => slack.close());
  const web = new WebClient(options.botToken ?? 'xoxb-simulator', {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
  return { slack, web };
}

/** Calls a method without Slack's client, to check the raw HTTP exchange. */
export async function callDirectly(
  url: string,
  method: string,
  init: { token?: string; form?: Record<string, string>; json?: unknown; contentType?: string } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const headers: Record<string, string> = init.token === undefined ? {} : { authorization: `Bearer ${init.token}` };
  if (init.json !== undefined) headers['content-type'] = init.contentType ?? 'application/json; charset=utf-8';
  const body = init.json === undefined ? new URLSearchParams(init.form) : JSON.stringify(init.json);
  const response = await fetch(`${url}${method}`, { method: 'POST', headers, body });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
