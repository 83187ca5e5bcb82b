// CloudFormation's own validation takes a second in every file that synthesizes, more than all the rest. The templates of the
// examples are validated (test/proofs/compliance.test.ts), and so are those whose files switch it on again.
process.env.CDK_VALIDATION ??= 'false';
