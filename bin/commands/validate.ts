import { Progress } from '../progress';
import { readScenario } from '../simulation/read-scenario';
import { readArguments, readCount, readNumber, UsageError } from '../usage';
import { compareCopies, compareLatencies, type Side } from '../validation/compare';
import { lookIntervalUs } from '../validation/copy-series';
import { runLive } from '../validation/live-run';
import { measureOrchestration } from '../validation/orchestration';
import { disagreementsOf, formatValidation, type Validation } from '../validation/report';
import { validation as builtIn } from '../validation/scenario';
import { runSimulated } from '../validation/simulated-run';
import { subjectOf } from '../validation/subject';

/** The built-in scenario takes two minutes so, and a call takes as little of it as it should beside seconds of inference. */
const DEFAULT_SPEED = '12';
const DEFAULT_TOLERANCE_PERCENT = '5';
const SEED = 1;

/** A change of copies may come two periods of a 10 s metric earlier or later on one side. */
const SLACK_SECONDS = 20;

/** Compares a live run on the local stack with its simulation. The exit code is 1 if they disagree. */
export async function validate(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      speed: { type: 'string', default: DEFAULT_SPEED },
      requests: { type: 'string' },
      tolerance: { type: 'string', default: DEFAULT_TOLERANCE_PERCENT },
      json: { type: 'boolean', default: false },
    },
  });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError('name one scenario: compound validate scenario.json');
  const speed = readNumber('--speed', values.speed, (n) => n > 0 && n < Infinity, 'a positive number');
  const tolerance =
    readNumber('--tolerance', values.tolerance, (n) => n > 0 && n < Infinity, 'a positive number') / 100;
  const count = values.requests === undefined ? undefined : readCount('--requests', values.requests);
  const scenario = name === undefined ? builtIn : readScenario(name);

  const subject = subjectOf(scenario, SEED, speed, count);
  const { requests } = subject;
  const worldSeconds = requests.durationUs / 1e6;
  const progress = new Progress(process.stderr);
  progress.line(`requests: ${requests.count}, live in about ${Math.ceil(worldSeconds / speed)} s at speed ${speed}`);
  const limitMs = subject.scenario.agent.timeoutMs;
  if (limitMs < scenario.agent.timeoutMs) {
    const limit = `runs may take ${limitMs / 1000} s of the world, not ${scenario.agent.timeoutMs / 1000} s, on both sides`;
    progress.line(`the gateway gives up after 29 s of real time: ${limit}`);
  }
  progress.status('measuring what the orchestrator takes …');
  const orchestration = await measureOrchestration(subject, speed);
  const live = await runLive(subject, {
    speed,
    onProgress: (share) => progress.status(`running live … ${Math.round(share * 100)} %`),
  });
  progress.status('');
  const simulated = runSimulated(subject, orchestration);

  const slackLooks = Math.ceil((SLACK_SECONDS * 1e6) / lookIntervalUs(requests.durationUs));
  const found = {
    scenario: scenario.name,
    speed,
    seed: SEED,
    requests: requests.count,
    worldSeconds,
    orchestration,
    latencies: compareLatencies(live, simulated),
    copies: compareCopies(live, simulated, slackLooks),
    errors: { live: failuresOf(live), simulated: failuresOf(simulated), faults: Object.fromEntries(live.faults) },
    tolerance,
  };
  const validation: Validation = { ...found, disagreements: disagreementsOf(found) };
  process.stdout.write(values.json ? `${JSON.stringify(validation)}\n` : formatValidation(validation));
  if (validation.disagreements.length > 0) process.exitCode = 1;
}

const failuresOf = ({ latencyMs }: Side): number => latencyMs.reduce((sum, ms) => sum + (ms === Infinity ? 1 : 0), 0);
