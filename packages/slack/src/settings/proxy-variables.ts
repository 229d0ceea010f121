import type { EnvVar } from '@slack-mcp/core';

/** The proxy variables, which other programs read too. Each variable is also read in lower case. */
export const PROXY_VARS: readonly EnvVar[] = [
  {
    name: 'HTTPS_PROXY',
    description:
      'Proxy for every connection to Slack. The lower-case name also works, here and for the next two variables.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'HTTP_PROXY',
    description: 'Proxy for the Web API if its URL uses `http`.',
    example: 'http://proxy.example.com:3128',
    secret: true,
  },
  {
    name: 'NO_PROXY',
    description: 'Hosts to connect to without a proxy, separated by commas. Loopback addresses never use a proxy.',
    example: 'localhost,.example.com',
  },
];
