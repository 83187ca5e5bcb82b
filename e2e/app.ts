import { App } from 'aws-cdk-lib';
import { ACCOUNT, REGION } from './account';
import { SupportStack } from './stack';

const app = new App();
const weights: string = app.node.tryGetContext('weights') ?? 'first/';
const issuer: string = app.node.tryGetContext('issuer') ?? 'https://issuer.example.com';
new SupportStack(app, 'E2e', { env: { account: ACCOUNT, region: REGION }, weights, issuer });
