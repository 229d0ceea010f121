import { ATTACKS } from './attacks.ts';

/** All attacks at once, or those whose name holds a text, in a process of its own: what they cost does not slow down who measures. */
const [port, only = ''] = process.argv.slice(2);
const target = { port: Number(port) };
const stops = Object.entries(ATTACKS)
  .filter(([name]) => name.includes(only))
  .map(([, attack]) => attack(target));
process.send?.('attacking');
process.once('disconnect', () => process.exit());
process.once('message', () => {
  for (const stop of stops) stop();
  process.exit();
});
