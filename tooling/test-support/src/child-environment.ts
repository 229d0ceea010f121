/**
 * The environment of a process that a test starts: `own`, and of ours only where programs are found and where compiled
 * sources are kept between starts.
 */
export function childEnvironment(own: object = {}): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...own };
}
