import type { EnvVar } from '@slack-mcp/core';

/** The proxy variables, which other programs read too. Each is also read in lower case. */
export const PROXY_VARS: readonly EnvVar[] = [
  {
    name: 'HTTPS_PROXY',
    description: 'Proxy for every connection to Slack. Also read in lower case, as are the next two variables.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'HTTP_PROXY',
    description: 'Proxy for a Web API without TLS.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'NO_PROXY',
    description: 'Hosts that are reached directly, separated by commas. Loopback addresses always are.',
    example: 'localhost,.example.com',
  },
];
