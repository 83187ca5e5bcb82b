/**
 * Most bytes that the body of a request may have. As base64 this is just within the 6 MB that Lambda accepts
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
