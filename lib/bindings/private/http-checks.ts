import { known, type Report, show } from '../../private/checks';

/** Headers and parameters of URLs that say who calls, whatever they hold. */
const CREDENTIAL = /authorization$|^cookie$|(^|[-_]|api)key$|secret|token$|password|signature$|^(code|sig)$/i;

/** A token of RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

const PARAMETERS = /[?&]([^=&#]+)/g;

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
  for (const [, parameter = ''] of url.matchAll(PARAMETERS)) {
    if (CREDENTIAL.test(parameter)) {
      const remedy = 'put it in "secret"';
      report('binding/literal-credential', 'url', `must not hold a credential in ${show(parameter)}: ${remedy}`);
    }
  }
}

/** Of a URL that is known only at deployment, what can be told now: often it begins with its scheme. */
function parse(url: string): URL | undefined {
  const text = known(url) ?? (url.startsWith('http://') ? 'http://late' : 'https://late');
  return URL.canParse(text) ? new URL(text) : undefined;
}

export function checkHeaders(headers: Readonly<Record<string, string>>, report: Report): void {
  for (const name of Object.keys(headers)) {
    checkHeaderName(`headers.${name}`, name, report);
    if (CREDENTIAL.test(name)) {
      const remedy = `keep it in Secrets Manager and give it as "secret", with secretHeader: ${show(name)}`;
      report('binding/literal-credential', `headers.${name}`, `would be readable in the template: ${remedy}`);
    }
  }
}

export function checkHeaderName(field: string, name: string, report: Report): void {
  if (!HEADER_NAME.test(known(name) ?? 'late')) {
    report('binding/header-name', field, `must be the name of a header as in x-team, got: ${show(name)}`);
  }
}
