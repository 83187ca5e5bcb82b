import { networkErrorKind, networkFault } from '../../../lambda/backends/network-errors';

const withCode = (name: string, code: string) => Object.assign(new Error('oops'), { name, code });

test.each([
  ['the SDK met a kept connection that the service had closed', withCode('TimeoutError', 'ECONNRESET'), 'retryable'],
  ['the SDK heard nothing in time', Object.assign(new Error('silence'), { name: 'TimeoutError' }), 'timed-out'],
  [
    'fetch lost its connection',
    new TypeError('terminated', { cause: withCode('SocketError', 'UND_ERR_SOCKET') }),
    'retryable',
  ],
  [
    'fetch heard nothing in time',
    new TypeError('fetch failed', { cause: withCode('E', 'UND_ERR_HEADERS_TIMEOUT') }),
    'timed-out',
  ],
  ['the SDK got what is no HTTP', withCode('Error', 'HPE_INVALID_CONSTANT'), 'retryable'],
  [
    'fetch got what is no HTTP',
    new TypeError('fetch failed', { cause: Object.assign(new Error('oops'), { name: 'HTTPParserError' }) }),
    'retryable',
  ],
  ['the name service is busy', withCode('Error', 'EAI_AGAIN'), 'retryable'],
  ['no such host', withCode('Error', 'ENOTFOUND'), 'failed'],
  ['a certificate that nobody knows', withCode('Error', 'SELF_SIGNED_CERT_IN_CHAIN'), 'failed'],
  ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'failed'],
  ['something that is no error', 'oops', 'failed'],
])('%s: %p is %s', (_, thrown, kind) => {
  expect(networkErrorKind(networkFault(thrown))).toBe(kind);
});
