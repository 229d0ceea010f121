import { parentPort, workerData } from 'node:worker_threads';
import { createSimulator } from '../../../packages/simulator/src/index.ts';

// A simulated workspace that takes no time of those who call it.
const simulator = await createSimulator({ signingSecret: 'benchmark', botToken: 'xoxb-benchmark', seed: workerData });
parentPort?.postMessage(simulator.url);
