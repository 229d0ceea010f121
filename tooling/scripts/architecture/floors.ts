import { importTargets } from './import-targets.ts';
import type { FileRule } from './violation.ts';

/**
 * The floors of the server, from the top down. A folder never imports from a higher floor or from its neighbors on the
 * same floor. This includes type imports.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['bin', 'index.ts'],
  ['cli'],
  ['servers'],
  ['config'],
  ['mcp', 'rest', 'ingress', 'ops'],
  ['access'],
  ['tools'],
  ['http', 'logging', 'version.ts'],
];

const SERVER = 'packages/server/src/';

/** Imports inside the server point down its floors. */
export const floors: FileRule = (file) => {
  const from = roomOf(file.path);
  if (from === undefined) return [];
  const floor = floorOf(from);
  if (floor === -1) {
    return [{ path: file.path, line: 1, rule: 'floors', message: `${from} has no floor: add it to floors.ts` }];
  }
  return importTargets(file).flatMap(({ target, line }) => {
    const to = roomOf(target);
    if (to === undefined || to === from) return [];
    const found = floorOf(to);
    if (found > floor) return [];
    const message =
      found === floor
        ? `${from} and ${to} must not import each other`
        : `${from} is below ${to} and must not import it`;
    return [{ path: file.path, line, rule: 'floors', message }];
  });
};

/** The folder or file directly in the server's `src`. */
function roomOf(path: string): string | undefined {
  return path.startsWith(SERVER) ? path.slice(SERVER.length).split('/')[0] : undefined;
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}
