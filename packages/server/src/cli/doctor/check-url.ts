import { createProxyFetch, type ProxySettings, parseSigningSecret, signRequest } from '@slack-mcp/slack';
import type { Finding } from './finding.ts';

/** Maximum milliseconds for the server's answer. Slack waits three seconds. */
const ANSWER_WITHIN_MS = 3_000;
const CHALLENGE = 'slack-mcp-doctor';

/** Options of {@link checkUrl}. */
export interface CheckUrlOptions {
  /** The signing secrets of the app. */
  readonly secrets: readonly string[];
  readonly proxy: ProxySettings | undefined;
}

/**
 * Sends the running server what Slack sends to verify a request URL: a signed challenge, which the server must return.
 *
 * @param url - the public URL of the server, without `/slack/events`
 */
export async function checkUrl(url: URL, { secrets, proxy }: CheckUrlOptions): Promise<Finding> {
  const check = 'request URL';
  const address = `${url.origin}${url.pathname.replace(/\/+$/, '')}/slack/events`;
  const [first] = secrets;
  if (first === undefined) {
    return { check, verdict: 'note', message: `${address} was not checked, because SLACK_SIGNING_SECRET is not set` };
  }
  const body = JSON.stringify({ type: 'url_verification', challenge: CHALLENGE });
  const send = proxy === undefined ? fetch : createProxyFetch(proxy);
  try {
    const answer = await send(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signRequest(body, parseSigningSecret(first).secret) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const isAnswered = answer.status === 200 && (await answer.text()).includes(CHALLENGE);
    if (isAnswered) return { check, verdict: 'ok', message: `${address} returns Slack's challenge` };
    const advice =
      answer.status === 401
        ? 'Give the server and the doctor the same SLACK_SIGNING_SECRET, and synchronize their clocks.'
        : 'Check that slack-webhook-server or slack-integrated-server runs behind this URL.';
    return { check, verdict: 'failure', message: `${address} answers with status ${answer.status}`, advice };
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
    return {
      check,
      verdict: 'failure',
      message: `${address} cannot be reached: ${reason}`,
      advice: 'Start the server, and check the tunnel or the reverse proxy in front of it.',
    };
  }
}
