import { type PropertyResult, runConformance } from '@slack-mcp/conformance';
import { createHarness } from './conformance-harness.ts';
import { PostgresServer } from './postgres-server.ts';

// `pnpm --dir examples/custom-backend conformance [scale] [id…]`: runs the suite and prints what failed.

const [scale = '0.1', ...only] = process.argv.slice(2);
const server = await PostgresServer.start();
const harness = await createHarness(server);
try {
  const onResult = ({ id, status, reason }: PropertyResult): void => {
    if (status === 'failed' || status === 'not-run') console.log(`${status} ${id}: ${reason}`);
  };
  const settings = { scale: Number(scale), deadlineMs: 20_000, concurrency: 8, onResult };
  const { properties } = await runConformance(harness, only.length === 0 ? settings : { ...settings, only });
  const counts = Object.entries(Object.groupBy(properties, ({ status }) => status));
  console.log(counts.map(([status, list]) => `${list?.length} ${status}`).join(', '));
  process.exitCode = properties.some(({ status }) => status === 'failed') ? 1 : 0;
} catch (error) {
  // For example, an unknown id of a property.
  console.error((error as Error).message);
  process.exitCode = 2;
} finally {
  await harness.dispose?.();
}
