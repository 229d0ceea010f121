import { fileURLToPath } from 'node:url';
import { type RunningCommand, startCommand } from './commands.ts';
import { type RoundRobinProxy, startRoundRobinProxy } from './round-robin-proxy.ts';
import { SECRET } from './signed.ts';

/** A package that depends on the backends, as an application does. */
export const WITH_BACKENDS: string = fileURLToPath(new URL('../../../../tooling/deploy', import.meta.url));

/** Three servers without sessions that share a Redis, each in its own process, behind a load balancer. */
export async function startReplicas(
  env: Readonly<Record<string, string>>,
): Promise<{ replicas: readonly RunningCommand[]; proxy: RoundRobinProxy }> {
  const replicas = Array.from({ length: 3 }, () =>
    startCommand('slack-integrated-server', {
      cwd: WITH_BACKENDS,
      env: { QUEUE_BACKEND: 'redis', PORT: '0', MCP_SESSIONS: 'stateless', SLACK_SIGNING_SECRET: SECRET, ...env },
    }),
  );
  const listening = await Promise.all(replicas.map(({ logged }) => logged('server_listening')));
  return { replicas, proxy: await startRoundRobinProxy(listening.map(({ address }) => String(address))) };
}
