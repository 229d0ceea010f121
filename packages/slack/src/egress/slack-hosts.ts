import { ConfigurationError } from '@slack-mcp/core';

/** The base of Slack's Web API. */
export const SLACK_API_URL = 'https://slack.com/api/';

/**
 * Reads the base of a Web API, and gives it a slash at its end.
 *
 * @throws ConfigurationError - not an `https` URL, nor an `http` one on a loopback address; or more than a base
 */
export function readApiUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    throw new ConfigurationError(
      `SLACK_API_URL must be an https URL, or an http URL on a loopback address (for example ${SLACK_API_URL})`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(
      `SLACK_API_URL must hold no credentials, query or fragment (for example ${SLACK_API_URL})`,
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** Whether only this machine can reach the host of a URL. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

/**
 * Whether a message may be posted to this URL: `https` on one of Slack's hosts. A loopback address is accepted only
 * where the Web API itself is on one, as with a simulator.
 *
 * @param url - as a payload names it
 * @param apiUrl - base of the Web API
 */
export function isSlackUrl(url: string, apiUrl: string): boolean {
  const { protocol, hostname, port, username, password } = URL.parse(url) ?? {};
  if (hostname === undefined || username || password) return false;
  if (protocol === 'https:' && port === '' && SLACK_HOST.test(hostname)) return true;
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && isLoopbackHost(hostname) && isLoopbackHost(new URL(apiUrl).hostname);
}
