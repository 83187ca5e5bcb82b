// CloudFormation's own validation takes a second in every file that synthesizes, more than all the rest. The templates of the
// examples are validated (test/proofs/compliance.test.ts), and so are those whose files switch it on again.
process.env.CDK_VALIDATION ??= 'false';

// Nobody reads where in a test a construct was made, and stack traces take a quarter of the time of a synthesis.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({ 'aws:cdk:disable-stack-trace': true });
