export { type CapturedLog, capturedLog } from './captured-log.ts';
export { childEnvironment } from './child-environment.ts';
export { LeakScan, leakScan } from './leak-scan.ts';
export { installPythonPackages, NoPythonError } from './python-packages.ts';
export { killUnderNpx, NPX_ENV, underNpx } from './under-npx.ts';
export {
  type Behaviour,
  breakOffAnswer,
  hang,
  html,
  json,
  type ReceivedCall,
  reset,
  type UnrulySlack,
  unrulySlack,
} from './unruly-slack.ts';
