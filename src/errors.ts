/**
 * Everything Backfire refuses or fails at, with a stable code and a message of the form
 * *what happened (with numbers) — why — what to do*.
 */
export type ErrorCode =
  | 'bad-input' // the scenario, a file or an option is wrong: exit code 2
  | 'file' // a file cannot be read or written
  | 'no-adapter' // WebGPU is missing or offers no usable adapter
  | 'bad-adapter' // an adapter fails its known-answer test
  | 'too-large' // the scenario needs more memory than the backend may use
  | 'device-lost'
  | 'shader' // a WGSL compile or validation error
  | 'not-converged'
  | 'internal';

export class BackfireError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'BackfireError';
  }
}

/** Bad input: `where` names the place in the user's file, as a path (`models.theta.mix`) or a file and line. */
export class InputError extends BackfireError {
  constructor(
    readonly where: string,
    message: string,
  ) {
    super('bad-input', where === '' ? message : `${where}: ${message}`);
    this.name = 'InputError';
  }
}
