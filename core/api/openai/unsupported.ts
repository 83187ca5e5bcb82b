import { RequestFault } from './request-fault';

/** Whether a field asks for something, and why no agent can give it. */
interface Unsupported {
  readonly asks: (value: unknown) => boolean;
  readonly why: string;
}

const isFilled = (value: unknown) => (Array.isArray(value) ? value.length > 0 : isFilledObject(value));
const isFilledObject = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const isChoice = (value: unknown) => value !== 'none' && value !== 'auto';
const OWN_TOOLS = 'is nothing that agents take: they call their tools themselves';
const NO_LOGPROBS = 'is nothing that agents have: an answer may be of several models';

/** Fields that would change what is answered: to leave them unheeded would be a wrong answer. */
const UNSUPPORTED: Readonly<Record<string, Unsupported>> = {
  tools: { asks: isFilled, why: OWN_TOOLS },
  functions: { asks: isFilled, why: OWN_TOOLS },
  tool_choice: { asks: isChoice, why: OWN_TOOLS },
  function_call: { asks: isChoice, why: OWN_TOOLS },
  n: { asks: (value) => value !== 1, why: 'must be 1: a run has one answer' },
  logprobs: { asks: (value) => value !== false, why: NO_LOGPROBS },
  top_logprobs: { asks: (value) => value !== 0, why: NO_LOGPROBS },
  logit_bias: { asks: isFilled, why: 'is nothing that agents take: an answer may be of several models' },
  response_format: {
    asks: (value) => (value as { readonly type?: unknown }).type !== 'text',
    why: 'must be of the type "text": what an agent answers is its own to say',
  },
  modalities: {
    asks: (value) => !(Array.isArray(value) && value.every((kind) => kind === 'text')),
    why: 'must be ["text"]: agents answer nothing else',
  },
  audio: { asks: () => true, why: 'is nothing that agents give: they answer texts' },
  web_search_options: { asks: () => true, why: OWN_TOOLS },
};

/** @throws RequestFault at the first field that asks for what no agent can give */
export function refuseUnsupported(fields: Readonly<Record<string, unknown>>): void {
  for (const [param, { asks, why }] of Object.entries(UNSUPPORTED)) {
    const value = fields[param];
    if (value !== undefined && value !== null && asks(value)) {
      throw new RequestFault(why, param, 'unsupported_parameter');
    }
  }
}
