import { ATTACKS } from './attacks.ts';

/**
 * Runs all attacks, or those whose names contain a text, in a separate process, so that they do not slow down the
 * measurement.
 */
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
