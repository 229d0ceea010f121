import { redactUrl } from '@slack-mcp/core';
import { type ProxySettings, SIGNATURE_WINDOW_SECONDS, type SlackEgress } from '@slack-mcp/slack';
import type { Finding } from './finding.ts';

/** Maximum milliseconds for Slack's answer. */
const ANSWER_WITHIN_MS = 10_000;
/** The doctor warns if two clocks differ by more than this number of seconds. `Date` headers have whole seconds. */
const NOTICEABLE_SECONDS = 30;

/** Reports the proxies for connections to Slack. */
export function checkProxy(proxy: ProxySettings | undefined): Finding {
  const check = 'proxy';
  if (proxy === undefined) return { check, verdict: 'ok', message: 'none' };
  const { httpsProxy, httpProxy, noProxy } = proxy;
  const named = [
    ...(httpsProxy === undefined ? [] : [`HTTPS_PROXY ${redactUrl(httpsProxy)}`]),
    ...(httpProxy === undefined ? [] : [`HTTP_PROXY ${redactUrl(httpProxy)}`]),
    ...(noProxy === undefined ? [] : [`NO_PROXY ${noProxy}`]),
  ];
  return { check, verdict: 'ok', message: named.join(', ') };
}

/**
 * Checks whether Slack can be reached, and compares this machine's clock with Slack's clock. Sends no token.
 *
 * @param now - the current time in milliseconds since the epoch
 */
export async function checkReachability(egress: SlackEgress, now: () => number): Promise<readonly Finding[]> {
  const check = 'Slack';
  const address = redactUrl(egress.apiUrl);
  const started = performance.now();
  try {
    const answer = await egress.post({
      url: `${egress.apiUrl}api.test`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const took = Math.round(performance.now() - started);
    if (!isSlackAnswer(answer.body)) {
      return [
        {
          check,
          verdict: 'failure',
          message: `the answer of ${address} (status ${answer.status}) is not from Slack`,
          advice: 'Check SLACK_API_URL and the proxy.',
        },
      ];
    }
    return [{ check, verdict: 'ok', message: `${address} answers in ${took} ms` }, clockFinding(answer.headers, now())];
  } catch (error) {
    return [
      {
        check,
        verdict: 'failure',
        message: `${address} cannot be reached: ${reasonOf(error)}`,
        advice: 'Check the network, the firewall and HTTPS_PROXY.',
      },
    ];
  }
}

function isSlackAnswer(body: Buffer): boolean {
  try {
    return typeof (JSON.parse(body.toString()) as { ok?: unknown } | null)?.ok === 'boolean';
  } catch {
    return false;
  }
}

function clockFinding({ date }: Readonly<Record<string, string | string[] | undefined>>, now: number): Finding {
  const check = 'clock';
  const slack = Date.parse(String(date));
  if (Number.isNaN(slack)) return { check, verdict: 'note', message: 'Slack did not send its time' };
  const seconds = Math.round((now - slack) / 1_000);
  const message = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} Slack`;
  const advice = `Synchronize the clock (NTP): the server refuses signed requests at a difference above ${SIGNATURE_WINDOW_SECONDS} s.`;
  if (Math.abs(seconds) >= SIGNATURE_WINDOW_SECONDS) return { check, verdict: 'failure', message, advice };
  if (Math.abs(seconds) >= NOTICEABLE_SECONDS) return { check, verdict: 'warning', message, advice };
  return { check, verdict: 'ok', message };
}

/**
 * Returns the code of an error, or its message if it has no code. The code says more than the messages of HTTP clients.
 */
function reasonOf(error: unknown): string {
  const { code, name, message, cause } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return `no answer within ${ANSWER_WITHIN_MS / 1_000} s`;
  const inner = (cause as NodeJS.ErrnoException | undefined)?.code;
  return inner ?? code ?? message;
}
