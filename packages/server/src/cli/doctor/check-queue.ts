import { isQueueError, loadBackend, type QueueBackend, silentLogger, withinTime } from '@slack-mcp/core';
import type { SettingsReader } from '../../config/settings-reader.ts';
import { probeBackend } from '../../servers/open-backend.ts';
import type { Finding } from './finding.ts';

const check = 'queue';

/** Maximum milliseconds for the broker's answer. */
const ANSWER_WITHIN_MS = 5_000;

/** Connects to the queue backend that the settings select, and disconnects again. Stores nothing at the broker. */
export async function checkQueue({ env, sources }: SettingsReader): Promise<Finding> {
  let backend: QueueBackend | undefined;
  try {
    ({ backend } = await loadBackend({ env: env.source, logger: silentLogger, ...sources.plugins }));
    const name = backend.endpoint === undefined ? backend.name : `${backend.name} at ${backend.endpoint}`;
    if (backend.capabilities.scope === 'process') {
      return {
        check,
        verdict: 'warning',
        message: `${name}: events are lost when the process ends`,
        advice: 'In production, install a backend with a broker and select it with QUEUE_BACKEND.',
      };
    }
    if ((await probeBackend(backend, ANSWER_WITHIN_MS)) === 'late') {
      return {
        check,
        verdict: 'failure',
        message: `${name} does not answer`,
        advice: 'Check that the broker runs, and its address and port in the variables of the backend.',
      };
    }
    return { check, verdict: 'ok', message: `${name} answers` };
  } catch (error) {
    if (!isQueueError(error)) throw error;
    return { check, verdict: 'failure', message: error.message };
  } finally {
    if (backend !== undefined) await withinTime(backend.close({ drainTimeoutMs: 0 }), ANSWER_WITHIN_MS);
  }
}
