import type { ServerVar } from './server-var.ts';

/** Variables for authentication over HTTP. */
export const AUTH_VARS: readonly ServerVar[] = [
  {
    name: 'MCP_AUTH_TOKEN',
    description:
      'Bearer token that MCP clients must send over HTTP. On any address other than loopback, a bearer token needs at least 16 characters. Separate several bearer tokens with commas. A token in the form `name:read=token` may only read; `name:write=token` may also write.',
    example: 'ci:read=3f9c…',
    secret: true,
  },
  {
    name: 'MCP_AUTH_TOKEN_FILE',
    description: 'File with more bearer tokens, one per line, in the format of `MCP_AUTH_TOKEN`.',
    example: '/run/secrets/mcp-tokens',
  },
  {
    name: 'MCP_JWT_ISSUER',
    description:
      'Issuer of the access tokens (JWT) to accept. The issuer must match the `iss` claim of the tokens exactly.',
    example: 'https://auth.example.com',
  },
  {
    name: 'MCP_JWT_AUDIENCE',
    description:
      'Accepted audiences, separated by commas. An access token must name one of the accepted audiences. Default: `MCP_PUBLIC_URL`.',
    example: 'https://mcp.example.com/mcp',
  },
  {
    name: 'MCP_JWT_JWKS_URL',
    description: "URL of the issuer's key set (JWKS). By default, the server uses the URL in the issuer's metadata.",
    example: 'https://auth.example.com/jwks.json',
  },
  {
    name: 'MCP_JWT_TYPE',
    description:
      'Type (`typ`) that the header of an access token must contain. Use `at+jwt` (RFC 9068), or `any` for issuers that do not set the type. With either value, the server rejects a token that it recognizes as an ID token.',
    example: 'any',
    default: 'at+jwt',
  },
  {
    name: 'MCP_JWT_READ_SCOPE',
    description: 'Scope that grants read access.',
    example: 'slack:read',
    default: 'slack:read',
  },
  {
    name: 'MCP_JWT_WRITE_SCOPE',
    description: 'Scope that grants read and write access.',
    example: 'slack:write',
    default: 'slack:write',
  },
  {
    name: 'MCP_JWT_REQUIRED_SCOPES',
    description:
      'Scopes that every access token must have in addition to the read or write scope, separated by commas.',
    example: 'mcp',
  },
  {
    name: 'MCP_PUBLIC_URL',
    description: 'URL of the MCP endpoint that clients use, if the server is behind a proxy.',
    example: 'https://mcp.example.com/mcp',
  },
  {
    name: 'MCP_SLACK_SIGNED',
    description:
      'Rights of MCP requests that Slack signs for Slackbot, either `read` or `write`. With `off`, the server rejects MCP requests from Slackbot. The signature is checked with the secret in `SLACK_SIGNING_SECRET`.',
    example: 'read',
    default: 'off',
  },
  {
    name: 'MCP_SLACK_APP',
    description:
      'ID of the app whose users may call tools through Slackbot. Set it if `SLACK_SIGNING_SECRET` contains the secrets of several apps. Otherwise, each request must name its app.',
    example: 'A0123456789',
  },
  {
    name: 'MCP_SLACK_TEAMS',
    description:
      'IDs of the workspaces or organizations whose users may call tools through Slackbot, separated by commas. By default, users of all workspaces and organizations that installed the app may call tools.',
    example: 'T0123456789',
  },
];
