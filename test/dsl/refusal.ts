/** Code and sentence of what a call throws. */
export function refusal(call: () => unknown): string {
  try {
    call();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof RangeError && 'code' in error ? `${String(error.code)} ${error.message}` : String(error);
  }
}
