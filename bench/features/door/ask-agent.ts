import { serverSentEvents } from './server-sent-events.ts';

/** The text of an agent's answer as it comes. @throws Error unless the answer ends well and is what was read of it */
export async function* askAgent(gateway: string, agent: string, question: string): AsyncGenerator<string> {
  const response = await fetch(`${gateway}/agents/${agent}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ question }),
  });
  if (!response.ok) throw new Error(`${agent} answered ${response.status}: ${await response.text()}`);
  let read = '';
  let answer: string | undefined;
  for await (const { event, data } of serverSentEvents(response.body!)) {
    if (event === 'error') throw new Error(`${agent} failed: ${data}`);
    if (event === 'output') answer = JSON.parse(data).output.answer;
    if (event !== 'text') continue;
    const { text } = JSON.parse(data);
    read += text;
    yield text;
  }
  if (answer !== read)
    throw new Error(`${agent} answered ${answer?.length} characters, ${read.length} of them were read`);
}
