import { formatProfile, type MeasuredProfile, parseProfile } from '../../../sim/profiles/profile-file';

const ERRORS = { mape: 0.01, p50: -0.01, p95: 0.02, p99: 0 };
const PROFILE: MeasuredProfile = {
  schemaVersion: 1,
  name: 'my-model',
  copy: {
    stepSeconds: { base: 0.01, perPromptToken: 1e-5, perSequence: 0, perContextToken: 1e-8 },
    maxSequences: 64,
    maxStepTokens: 2048,
    kvCacheTokens: 100_000,
  },
  provenance: {
    source: 'requests.csv, 40 requests',
    fittedOn: 'the 20 requests that arrived first',
    training: { requests: 20, endToEnd: ERRORS, firstToken: ERRORS },
    warnings: ['the batch hardly varied'],
  },
};

const faultsOf = (value: unknown) => () => parseProfile(JSON.stringify(value), 'my.json');

test('a profile comes back from its file', () => {
  expect(parseProfile(formatProfile(PROFILE), 'my.json')).toEqual(PROFILE);
});

test('a cache of unknown size is null in the file', () => {
  const unknown = { ...PROFILE, copy: { ...PROFILE.copy, kvCacheTokens: Infinity } };
  expect(JSON.parse(formatProfile(unknown)).copy.kvCacheTokens).toBeNull();
  expect(parseProfile(formatProfile(unknown), 'my.json')).toEqual(unknown);
});

test('a file that is not JSON is refused', () => {
  expect(() => parseProfile('{', 'my.json')).toThrow(/^my\.json is no copy profile:\n {2}is not JSON \(/);
});

test('every fault is listed with its field and value', () => {
  const { stepSeconds } = PROFILE.copy;
  const broken = {
    ...PROFILE,
    schemaVersion: 2,
    copy: { stepSeconds: { ...stepSeconds, base: 0, perSequence: '1' }, maxSequences: 1.5, maxStepTokens: 0 },
    provenance: { source: '', fittedOn: 'all', training: { requests: 1, endToEnd: ERRORS }, warnings: [3] },
    speed: 1,
  };
  expect(faultsOf(broken)).toThrow(
    [
      'my.json is no copy profile:',
      '  profile.schemaVersion must be 1, got: 2; fit the profile again with this version',
      '  profile.copy.stepSeconds.base must be a number above 0, got: 0',
      '  profile.copy.stepSeconds.perSequence must be a number from 0, got: "1"',
      '  profile.copy.maxSequences must be a whole number from 1, got: 1.5',
      '  profile.copy.maxStepTokens must be a whole number from 1, got: 0',
      '  profile.copy.kvCacheTokens must be a whole number from 1, got: undefined',
      '  profile.provenance.source must be a text, got: ""',
      '  profile.provenance.training.firstToken must be an object, got: undefined',
      '  profile.provenance.warnings[0] must be a text, got: 3',
      '  profile.speed is none of schemaVersion, name, copy, measuredOn, provenance',
    ].join('\n'),
  );
});

test('a step must have room for a token of every sequence', () => {
  expect(faultsOf({ ...PROFILE, copy: { ...PROFILE.copy, maxStepTokens: 32 } })).toThrow(
    'profile.copy.maxStepTokens must be at least maxSequences 64, for each sequence decodes a token per step, got: 32',
  );
});
