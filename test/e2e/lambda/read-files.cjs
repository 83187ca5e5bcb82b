// Loads a bundle, serves one request, and sends which files were read until then. Arguments: the bundle, the event.
const path = require('node:path');
const [bundle, event] = process.argv.slice(2);
const read = () => Object.keys(require.cache).map((file) => path.basename(file));

const { handler } = require(bundle);
const atStart = read();
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 20_000 };
void handler(JSON.parse(event), context).then(() => process.send({ atStart, afterRun: read() }, () => process.exit()));
