import { Fn } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { HttpService, type HttpServiceProps } from '../../../lib/bindings/http-service';
import { Binder, chat, openAiChat, search } from './binder';

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
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Resource: secretArn,
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
    { url: 'https://x', secretHeader: 'x-api-key' },
    ['[binding/secret-missing] secretHeader: says how a secret is sent, and there is none: give "secret" too'],
  ],
])('%j has the faults %j', (props, faults) => {
  expect(new Binder().faults(new HttpService(props), openAiChat)).toEqual(faults);
});

test.each(['Authorization', 'proxy-authorization', 'x-api-key', 'API-Key', 'x-goog-api-key', 'Cookie', 'X-Auth-Token'])(
  'the header %s is no place for a credential, and its value is not shown',
  (header) => {
    expect(
      new Binder().faults(new HttpService({ url: 'https://x', headers: { [header]: 'SECRET' } }), openAiChat),
    ).toEqual([
      `[binding/literal-credential] headers.${header}: would be readable in the template: keep it in Secrets Manager and give it as "secret", with secretHeader: "${header}"`,
    ]);
  },
);

test('Converse is refused', () => {
  expect(new Binder().faults(new HttpService({ url: 'https://x' }), chat)).toEqual([
    '[binding/format] format: has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the http backend speaks',
  ]);
});
