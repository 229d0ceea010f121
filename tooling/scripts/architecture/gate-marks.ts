import { withoutComments } from './source-file.ts';
import type { FileRule } from './violation.ts';

const GATE = 'packages/server/src/tools/gates/channel-gate.ts';
const MARKS = /\bas\s+ChannelId\b|\bSealedAnswer\.open\b/;

/** Only the channel gate may create the id of an allowed channel, and open an answer that names channels. */
export const gateMarks: FileRule = (file) => {
  if (file.path === GATE) return [];
  return withoutComments(file.text)
    .split('\n')
    .flatMap((text, index) =>
      MARKS.test(text)
        ? [{ path: file.path, line: index + 1, rule: 'gate-marks', message: `only ${GATE} may do this` }]
        : [],
    );
};
