// Loaded into every function of the emulator, where state machines wait a fraction of the time they say: to the functions
// that measure such waits it seems as long as they asked for.
const { AWS_LAMBDA_FUNCTION_NAME = '', E2E_CLOCK_START, E2E_CLOCK_SPEED } = process.env;

// Not those of the CDK around them: the emulator refuses requests that are signed at another time than its own.
if (/BedrockModelImporter(Accept)?[0-9A-F]{8}-/.test(AWS_LAMBDA_FUNCTION_NAME)) {
  const real = Date.now;
  const start = Number(E2E_CLOCK_START);
  Date.now = () => start + (real() - start) * Number(E2E_CLOCK_SPEED);
}
