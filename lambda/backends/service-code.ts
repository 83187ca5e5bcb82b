const CODE = /^[\w.:-]{1,64}$/;

/** An error code as a service gave it. One that is a sentence may quote the request, which must not reach logs. */
export function serviceCode(code: string): string {
  return CODE.test(code) ? code : 'unknown';
}
