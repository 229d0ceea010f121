import type { EnvVar } from '@slack-mcp/core';

/** The usual proxy variables, which other programs also read. The lower-case names of the variables also work. */
export const PROXY_VARS: readonly EnvVar[] = [
  {
    name: 'HTTPS_PROXY',
    description: 'Proxy for every connection to Slack. The lower-case name `https_proxy` also works.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'HTTP_PROXY',
    description: 'Proxy for the Web API if `SLACK_API_URL` uses `http`. The lower-case name `http_proxy` also works.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'NO_PROXY',
    description:
      'Comma-separated hosts to connect to without a proxy. Loopback addresses never use a proxy. The lower-case name `no_proxy` also works.',
    example: 'localhost,.example.com',
  },
];
