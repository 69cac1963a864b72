import type { Scenario } from '../scenario.ts';
import { answersLost } from './answers-lost.ts';
import { blackHole } from './black-hole.ts';
import { brokerAlarm } from './broker-alarm.ts';
import { brokerBlackHole } from './broker-black-hole.ts';
import { brokerKilled } from './broker-killed.ts';
import { everything } from './everything.ts';
import { frozen } from './frozen.ts';
import { jiraAway } from './jira-away.ts';
import { killed } from './killed.ts';
import { otrsAway } from './otrs-away.ts';
import { rollingUpgrade } from './rolling-upgrade.ts';
import { slowAnswers } from './slow-answers.ts';
import { storeBlackHole } from './store-black-hole.ts';
import { storeRestarted } from './store-restarted.ts';

export const scenarios: readonly Scenario[] = [
  killed,
  frozen,
  answersLost,
  jiraAway,
  otrsAway,
  slowAnswers,
  blackHole,
  brokerKilled,
  brokerAlarm,
  brokerBlackHole,
  storeRestarted,
  storeBlackHole,
  rollingUpgrade,
  everything,
];
