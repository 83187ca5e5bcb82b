import { Fn, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpService, type HttpServiceProps } from '../../../lib/bindings/http-service';
import { arn, Binder, chat, openAiChat, PARTITION, search } from './binder';

test('a service needs no permission', () => {
  const binder = new Binder();
  expect(binder.bind(new HttpService({ url: 'https://search.example.com/query' }), search)).toEqual({
    type: 'http',
    url: 'https://search.example.com/query',
  });
  binder.template().resourceCountIs('AWS::IAM::Policy', 0);
});

test('a service with a secret may read exactly that', () => {
  const binder = new Binder();
  const secret = new Secret(binder.stack, 'Key') as ISecret;
  const service = new HttpService({
    url: 'https://llm.example.com/v1',
    model: 'qwen3-8b',
    headers: { 'x-team': 'search' },
    secret,
    secretField: 'apiKey',
    secretHeader: 'x-api-key',
    secretScheme: '',
    price: { perMillionOutputTokensUsd: 0.4 },
  });
  const secretArn = { Ref: expect.stringMatching(/^Key/) };
  expect(binder.bind(service, openAiChat)).toEqual({
    type: 'http',
    url: 'https://llm.example.com/v1',
    model: 'qwen3-8b',
    headers: { 'x-team': 'search' },
    secret: { secretId: secretArn, field: 'apiKey', header: 'x-api-key', scheme: '' },
    price: { perMillionOutputTokensUsd: 0.4 },
  });
  expect(binder.statements()).toEqual([
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn },
  ]);
});

test('a secret under a key of another stack may be decrypted, by what the function is permitted alone', () => {
  const binder = new Binder();
  const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';
  const secretCompleteArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:llm-AbCdEf';
  const secret = Secret.fromSecretAttributes(binder.stack, 'Key', {
    secretCompleteArn,
    encryptionKey: Key.fromKeyArn(binder.stack, 'KmsKey', keyArn),
  });
  binder.bind(new HttpService({ url: 'https://llm.example.com/v1', secret }), openAiChat);
  expect(binder.statements()).toEqual([
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretCompleteArn },
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keyArn,
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } },
    },
  ]);
});

test('of a secret that is known by its name the end of the ARN is open', () => {
  const binder = new Binder();
  const secret = Secret.fromSecretNameV2(binder.stack, 'Key', 'llm');
  binder.bind(new HttpService({ url: 'https://llm.example.com/v1', secret }), openAiChat);
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: arn('arn:', PARTITION, ':secretsmanager:us-east-1:111122223333:secret:llm-??????'),
    },
  ]);
});

test('of a secret that another account of the app makes the end of the ARN is open too', () => {
  const binder = new Binder();
  const env = { account: '444455556666', region: 'us-east-1' };
  const secret: ISecret = new Secret(new Stack(binder.stack.node.root, 'Owner', { env }), 'Key', {
    secretName: 'llm',
  });
  binder.bind(new HttpService({ url: 'https://llm.example.com/v1', secret }), openAiChat);
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: arn('arn:', PARTITION, ':secretsmanager:us-east-1:444455556666:secret:llm-??????'),
    },
  ]);
});

const PLAIN =
  '[binding/plain-http] url: must begin with https://, or anybody on the way reads prompts; set allowPlainHttp for a service that only your VPC can reach';

test.each<[HttpServiceProps, string[]]>([
  [{ url: 'http://10.0.0.7:8000/v1' }, [PLAIN]],
  [{ url: `http://${Fn.importValue('Host')}/v1` }, [PLAIN]],
  [{ url: 'http://10.0.0.7:8000/v1', allowPlainHttp: true }, []],
  [{ url: `http://${Fn.importValue('Host')}/v1`, allowPlainHttp: true }, []],
  [{ url: `https://${Fn.importValue('Host')}/v1` }, []],
  [{ url: Fn.importValue('Url') }, []],
  [{ url: 'http://localhost:8080' }, []],
  [{ url: 'http://[::1]:8080' }, []],
  [
    { url: 'llm.example.com' },
    ['[binding/url] url: must be a URL as in https://llm.example.com/v1, got: "llm.example.com"'],
  ],
  [{ url: 'ftp://x' }, ['[binding/url] url: must be a URL as in https://llm.example.com/v1, got: "ftp://x"']],
  [
    { url: 'https://ada:SECRET@llm.example.com' },
    ['[binding/literal-credential] url: must not hold a user or a password: put them in "secret"'],
  ],
  [
    { url: 'https://llm.example.com/v1?version=2&key=AKIA' },
    ['[binding/literal-credential] url: must not hold a credential in "key": put it in "secret"'],
  ],
  [
    { url: `https://${Fn.importValue('Host')}/v1?code=AKIA&sig=1` },
    [
      '[binding/literal-credential] url: must not hold a credential in "code": put it in "secret"',
      '[binding/literal-credential] url: must not hold a credential in "sig": put it in "secret"',
    ],
  ],
  [
    { url: 'https://x', headers: { 'my header': 'x' } },
    ['[binding/header-name] headers.my header: must be the name of a header as in x-team, got: "my header"'],
  ],
  [{ url: 'https://x?max_tokens=5&keyboard=qwerty', headers: { 'x-max-tokens': '5', 'x-keyboard': 'qwerty' } }, []],
  [
    { url: 'https://x', secretHeader: 'x-api-key' },
    ['[binding/secret-missing] secretHeader: says how a secret is sent, and there is none: give "secret" too'],
  ],
])('%j has the faults %j', (props, faults) => {
  expect(new Binder().faults(new HttpService(props), openAiChat)).toEqual(faults);
});

test('how a secret is sent is checked', () => {
  const binder = new Binder();
  const secret = new Secret(binder.stack, 'Key') as ISecret;
  const service = new HttpService({ url: 'https://x', secret, secretHeader: 'my header', secretField: '' });
  expect(binder.faults(service, openAiChat)).toEqual([
    '[binding/header-name] secretHeader: must be the name of a header as in x-team, got: "my header"',
    '[binding/secret-field] secretField: must name a field of the secret; leave it out for the whole secret',
  ]);
});

test.each([
  'Authorization',
  'proxy-authorization',
  'x-api-key',
  'API-Key',
  'apikey',
  'x-goog-api-key',
  'x-functions-key',
  'Ocp-Apim-Subscription-Key',
  'Cookie',
  'X-Auth-Token',
  'private-token',
  'secret',
  'x-client-secret-id',
])('the header %s is no place for a credential, and its value is not shown', (header) => {
  expect(
    new Binder().faults(new HttpService({ url: 'https://x', headers: { [header]: 'SECRET' } }), openAiChat),
  ).toEqual([
    `[binding/literal-credential] headers.${header}: would be readable in the template: keep it in Secrets Manager and give it as "secret", with secretHeader: "${header}"`,
  ]);
});

test('Converse is refused', () => {
  expect(new Binder().faults(new HttpService({ url: 'https://x' }), chat)).toEqual([
    '[binding/format] format: has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the http backend speaks',
  ]);
});
