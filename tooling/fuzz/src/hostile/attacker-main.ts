import { ATTACKS } from './attacks.ts';

/** All attacks at once, in a process of its own: what they cost does not slow down who measures. */
const target = { port: Number(process.argv[2]) };
const stops = Object.values(ATTACKS).map((attack) => attack(target));
process.send?.('attacking');
process.once('disconnect', () => process.exit());
process.once('message', () => {
  for (const stop of stops) stop();
  process.exit();
});
