import type { ServerVar } from './server-var.ts';

/** Who may use the tools over HTTP. */
export const AUTH_VARS: readonly ServerVar[] = [
  {
    name: 'MCP_AUTH_TOKEN',
    description:
      'Bearer token that MCP clients must send over HTTP, with at least 16 characters off loopback. Several, separated by commas, of which `name:read=token` may only read, and `name:write=token` write.',
    example: 'ci:read=3f9c…',
    secret: true,
  },
  {
    name: 'MCP_AUTH_TOKEN_FILE',
    description: 'File with further such tokens, one a line.',
    example: '/run/secrets/mcp-tokens',
  },
  {
    name: 'MCP_JWT_ISSUER',
    description: 'Issuer whose access tokens (JWT) are taken: exactly their `iss`.',
    example: 'https://auth.example.com',
  },
  {
    name: 'MCP_JWT_AUDIENCE',
    description: 'Audiences, separated by commas, one of which a token must be for. Unset: `MCP_PUBLIC_URL`.',
    example: 'https://mcp.example.com/mcp',
  },
  {
    name: 'MCP_JWT_JWKS_URL',
    description: "Where the issuer's keys are. Unset: what its metadata names.",
    example: 'https://auth.example.com/jwks.json',
  },
  {
    name: 'MCP_JWT_TYPE',
    description:
      'Type of the tokens that are taken: `at+jwt`, as RFC 9068 has access tokens, or `any` for issuers that do not say so. ID tokens are refused either way, where they show themselves.',
    example: 'any',
    default: 'at+jwt',
  },
  {
    name: 'MCP_JWT_READ_SCOPE',
    description: 'Scope that lets a token read.',
    example: 'slack:read',
    default: 'slack:read',
  },
  {
    name: 'MCP_JWT_WRITE_SCOPE',
    description: 'Scope that lets a token read and write.',
    example: 'slack:write',
    default: 'slack:write',
  },
  {
    name: 'MCP_JWT_REQUIRED_SCOPES',
    description: 'Scopes, separated by commas, all of which a token needs besides.',
    example: 'mcp',
  },
  {
    name: 'MCP_PUBLIC_URL',
    description: 'URL of the MCP endpoint as clients know it, where a proxy stands before the server.',
    example: 'https://mcp.example.com/mcp',
  },
  {
    name: 'MCP_SLACK_SIGNED',
    description:
      'Takes MCP requests that Slack signs for its Slackbot, with `SLACK_SIGNING_SECRET`: `off`, `read` or `write`.',
    example: 'read',
    default: 'off',
  },
  {
    name: 'MCP_SLACK_APP',
    description:
      'Id of the app whose Slackbot calls MCP, where `SLACK_SIGNING_SECRET` has several apps. Unset: each request must name its app.',
    example: 'A0123456789',
  },
  {
    name: 'MCP_SLACK_TEAMS',
    description:
      'Ids of workspaces or organizations, separated by commas, whose users Slack may call for. Unset: all that have the app.',
    example: 'T0123456789',
  },
];
