import { spawn } from 'node:child_process';

/** Gives a prompt to a model and resolves to its answer. */
export type Ask = (prompt: string) => Promise<string>;

/** The longest time for one answer. */
const ANSWER_MS = 120_000;

/**
 * Returns a function that asks a command: the command reads the prompt on stdin and writes the answer to stdout. The
 * command runs in a shell, once for each prompt.
 *
 * @throws Error - the command fails, with the end of its stderr
 */
export function askCommand(command: string): Ask {
  return (prompt) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'pipe'], timeout: ANSWER_MS });
      let [answer, problem] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        problem = `${problem}${text}`.slice(-2_000);
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code === 0) resolve(answer);
        else reject(new Error(`The command ended with ${signal ?? code}: ${problem.trim()}`));
      });
      // A command may end without reading its input.
      child.stdin.on('error', () => {});
      child.stdin.end(prompt);
    });
}
