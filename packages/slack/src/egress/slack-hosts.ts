import { ConfigurationError } from '@slack-mcp/core';

/** The base URL of Slack's Web API. */
export const SLACK_API_URL = 'https://slack.com/api/';

/**
 * Validates the base URL of a Web API and adds a trailing slash.
 *
 * @throws ConfigurationError - the URL is neither `https` nor `http` on a loopback address, or contains credentials, a
 *   query or a fragment
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
      `SLACK_API_URL must not contain credentials, a query or a fragment; use a URL such as ${SLACK_API_URL}`,
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** Whether the host of a URL is a loopback address. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

/**
 * Whether a message may be posted to a URL. The URL must use `https` and one of Slack's hosts, or a loopback address if
 * the Web API also has a loopback address, as with a simulator.
 *
 * @param url - the URL, from a payload
 * @param apiUrl - the base URL of the Web API
 */
export function isSlackUrl(url: string, apiUrl: string): boolean {
  const { protocol, hostname, port, username, password } = URL.parse(url) ?? {};
  if (hostname === undefined || username || password) return false;
  if (protocol === 'https:' && port === '' && SLACK_HOST.test(hostname)) return true;
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && isLoopbackHost(hostname) && isLoopbackHost(new URL(apiUrl).hostname);
}

const FILE_HOST = /^(files\.)?slack(-gov)?\.com$|(^|\.)slack-files\.com$/;

/**
 * Whether a token may be sent to the URL of a file. The URL must use `https` and one of the hosts of Slack's files, or
 * must have the same origin as the Web API, as with a simulator.
 *
 * @param url - the URL, from a file in an answer
 * @param apiUrl - the base URL of the Web API
 */
export function isFileUrl(url: string, apiUrl: string): boolean {
  const { protocol, hostname, port, username, password, origin } = URL.parse(url) ?? {};
  if (hostname === undefined || username || password) return false;
  if (protocol === 'https:' && port === '' && FILE_HOST.test(hostname)) return true;
  return origin === new URL(apiUrl).origin;
}
