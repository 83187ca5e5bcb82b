// CloudFormation's own validation takes a second in every file that synthesizes, more than all the rest: it is
// switched on again where templates are proven as a whole (test/proofs/compliance.test.ts, test/proofs/every-prop.test.ts).
process.env.CDK_VALIDATION ??= 'false';

// Nobody reads where in a test a construct was made, and stack traces take a quarter of the time of a synthesis.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
});
