import { describeJudgement } from '../src/describe-judgement.ts';

describeJudgement(1, 4);
