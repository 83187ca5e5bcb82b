import { known, type Report, show } from '../../private/checks';

/** Headers that say who calls, whatever they hold. */
const CREDENTIAL = /^(proxy-)?authorization$|^cookie$|api-?key$|(auth|access)-?token$/i;

/** Within the function, where an extension may serve. */
const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])$/;

export function checkUrl(url: string, allowPlainHttp: boolean, report: Report): void {
  const parsed = parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    report('binding/url', 'url', `must be a URL as in https://llm.example.com/v1, got: ${show(url)}`);
  } else if (parsed.username !== '' || parsed.password !== '') {
    report('binding/literal-credential', 'url', 'must not hold a user or a password: put them in "secret"');
  } else if (parsed.protocol === 'http:' && !allowPlainHttp && !OWN_HOST.test(parsed.hostname)) {
    const remedy = 'set allowPlainHttp for a service that only your VPC can reach';
    report('binding/plain-http', 'url', `must begin with https://, or anybody on the way reads prompts; ${remedy}`);
  }
}

/** Of a URL that is known only at deployment, what can be told now: often it begins with its scheme. */
function parse(url: string): URL | undefined {
  const text = known(url) ?? (url.startsWith('http://') ? 'http://late' : 'https://late');
  return URL.canParse(text) ? new URL(text) : undefined;
}

export function checkHeaders(headers: Readonly<Record<string, string>>, report: Report): void {
  for (const name of Object.keys(headers)) {
    if (CREDENTIAL.test(name)) {
      const remedy = `keep it in Secrets Manager and give it as "secret", with secretHeader: ${show(name)}`;
      report('binding/literal-credential', `headers.${name}`, `would be readable in the template: ${remedy}`);
    }
  }
}
