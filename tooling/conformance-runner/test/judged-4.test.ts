import { describeJudgement } from '../src/describe-judgement.ts';

describeJudgement(3, 4);
