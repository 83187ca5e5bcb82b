// What Lambda runs beside a function: fetches invocations from the Runtime API, and posts what the handler returns.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const { AWS_LAMBDA_RUNTIME_API, _HANDLER } = process.env;
const runtimeApi = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const { handler } = require(_HANDLER);

void (async () => {
  for (;;) {
    const invocation = await fetch(`${runtimeApi}/next`);
    const awsRequestId = invocation.headers.get('lambda-runtime-aws-request-id');
    const deadline = Number(invocation.headers.get('lambda-runtime-deadline-ms'));
    const context = { awsRequestId, getRemainingTimeInMillis: () => deadline - Date.now() };
    const post = (outcome, body) =>
      fetch(`${runtimeApi}/${awsRequestId}/${outcome}`, { method: 'POST', body: JSON.stringify(body) });
    try {
      await post('response', await handler(await invocation.json(), context));
    } catch (error) {
      await post('error', { errorType: error.name, errorMessage: error.message });
    }
  }
})();
