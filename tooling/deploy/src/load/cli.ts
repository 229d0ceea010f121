import { runCommand } from '../run-command.ts';
import { parseLoadArguments, usage } from './load-arguments.ts';
import { tableOf } from './load-report.ts';
import { runLoad } from './run-load.ts';

// The processes of the run end with this one.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
const exitCode = await runCommand({
  usage,
  parse: parseLoadArguments,
  async run({ options, json }) {
    const report = await runLoad(options);
    return { output: json ? JSON.stringify(report) : tableOf(report), complaints: report.complaints };
  },
});
process.exit(exitCode);
