import { describeJudgement } from '../src/describe-judgement.ts';

describeJudgement(0, 4);
