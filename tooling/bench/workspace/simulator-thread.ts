import { parentPort, workerData } from 'node:worker_threads';
import { createSimulator } from '../../../packages/simulator/src/index.ts';

// A simulated workspace in its own thread, so that it takes no CPU time from its callers.
const simulator = await createSimulator({ signingSecret: 'benchmark', botToken: 'xoxb-benchmark', seed: workerData });
parentPort?.postMessage(simulator.url);
