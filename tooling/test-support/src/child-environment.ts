/**
 * The environment of a process that a test starts: `own`, and from this process only the variables that locate programs
 * and cached compiled sources.
 */
export function childEnvironment(own: object = {}): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...own };
}
