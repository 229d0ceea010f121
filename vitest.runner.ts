import { pathToFileURL } from 'node:url';
import { TestRunner } from 'vitest';

/**
 * Imports test files by their own URL, so that Node finds them in its compile cache. Vitest adds the time to the URL,
 * which would compile each file again in each run and add it to the cache. A process runs a test file only once.
 * Setup files run before each test file, so they keep vitest's URL.
 */
// biome-ignore lint/style/noDefaultExport: the shape of a runner of vitest
export default class NativeRunner extends TestRunner {
  override importFile(filepath: string, source: 'collect' | 'setup'): unknown {
    return source === 'setup' ? super.importFile(filepath, source) : import(pathToFileURL(filepath).href);
  }
}
