// In a process of its own: a SageMaker endpoint that answers any invocation after so many milliseconds. Argument: these. Sends its URL.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  choices: [{ message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 1 },
});

const latencyMs = Number(process.argv[2]);

const server = createServer((request, response) => {
  const reply = () =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length }).end(ANSWER);
  request.resume().once('end', () => (latencyMs > 0 ? setTimeout(reply, latencyMs) : reply()));
});
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('disconnect', () => process.exit());
